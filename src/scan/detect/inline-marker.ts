/**
 * Comments by which people tell other scanners to pass over a line. A scan of a machine does not obey whoever wrote the file,
 * unless it is told to; it says that the comment is there.
 */

/** As their vendors document them: gitleaks, TruffleHog, detect-secrets, secretlint, ggshield, Semgrep, Kingfisher, Bandit. */
const marker =
  /gitleaks:allow|betterleaks:allow|trufflehog:ignore|pragma: ?(?:allow|white)list secret|secretlint-disable(?:-line)?|ggignore|nosemgrep|kingfisher:ignore|#\s?nosec\b/i;

/** Bytes of the line that are looked at on either side. */
const MAX_LINE_BYTES_BESIDE = 512;

/** The marker on the line of what stands from `start` to before `end`; undefined for none. */
export function inlineMarker(bytes: Buffer, start: number, end: number): string | undefined {
  const before = bytes.toString('latin1', Math.max(0, start - MAX_LINE_BYTES_BESIDE), start);
  const after = bytes.toString('latin1', end, end + MAX_LINE_BYTES_BESIDE);
  const line = `${before.slice(before.lastIndexOf('\n') + 1)} ${after.split('\n', 1).join('')}`;
  return marker.exec(line)?.[0].toLowerCase();
}
