/**
 * Comments that make other scanners ignore a line. The author of a file cannot suppress findings unless the
 * administrator allows it; by default the finding only mentions the comment.
 */

/** As their vendors document them: gitleaks, TruffleHog, detect-secrets, secretlint, ggshield, Semgrep, Kingfisher, Bandit. */
const marker =
  /gitleaks:allow|betterleaks:allow|trufflehog:ignore|pragma: ?(?:allow|white)list secret|secretlint-disable(?:-line)?|ggignore|nosemgrep|kingfisher:ignore|#\s?nosec\b/i;

/** Bytes of the line that are searched on either side. */
const MAX_LINE_BYTES_BESIDE = 512;

/** The marker on the line that contains the bytes from `start` to before `end`; undefined for none. */
export function inlineMarker(bytes: Buffer, start: number, end: number): string | undefined {
  const before = bytes.toString('latin1', Math.max(0, start - MAX_LINE_BYTES_BESIDE), start);
  const after = bytes.toString('latin1', end, end + MAX_LINE_BYTES_BESIDE);
  const line = `${before.slice(before.lastIndexOf('\n') + 1)} ${after.split('\n', 1).join('')}`;
  return marker.exec(line)?.[0].toLowerCase();
}
