/** Can an expression for paths match an absolute one at all? Gitleaks' own are relative to a repository. */

/** Flags, and the beginning of the text. */
const ANCHOR = /^(?:\(\?[a-z]+\))?(?:\^|\\A)/;
/** A character that stands for itself, once at least: a letter, a digit, or an escaped sign. */
const LITERAL = String.raw`(?:[A-Za-z0-9_@~-]|\\[^A-Za-z0-9/])(?![?*{])`;
/** A sign or a digit: no absolute path begins so. */
const NO_BEGINNING = new RegExp(`^(?![A-Za-z])${LITERAL}`);
/** A letter, which would have to be a drive, and no colon after it. */
const NO_DRIVE = new RegExp(`^[A-Za-z](?![?*{+])(?:${LITERAL}|/)`);

/**
 * True when it is certain that an expression matches no absolute path: it is anchored to the beginning, and continues with
 * something other than `/` or a drive.
 */
export function isForRelativePaths(regex: string): boolean {
  const anchor = ANCHOR.exec(regex)?.[0];
  if (anchor === undefined || regex.includes('|')) return false;
  const rest = regex.slice(anchor.length);
  return NO_BEGINNING.test(rest) || NO_DRIVE.test(rest);
}
