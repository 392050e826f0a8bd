/**
 * Comments that make other scanners ignore a line. The author of a file cannot suppress findings unless the
 * administrator allows it; by default the finding only mentions the comment.
 */

/** As their vendors document them: gitleaks, TruffleHog, detect-secrets, secretlint, ggshield, Semgrep, Kingfisher, Bandit. */
const marker =
  /gitleaks:allow|betterleaks:allow|trufflehog:ignore|pragma: ?(?:allow|white)list secret|secretlint-disable(?:-line)?|ggignore|nosemgrep|kingfisher:ignore|#\s?nosec\b/i;

/** Bytes of the line that are searched on either side. */
const MAX_LINE_BYTES_BESIDE = 512;
/** Of which `#nosec` is the shortest. The space that stands for the secret may be one of its bytes. */
const MIN_MARKER_BYTES = 6;
const LINE_END = 0x0a;

/** The marker on the line that contains the bytes from `start` to before `end`; undefined for none. */
export function inlineMarker(bytes: Buffer, start: number, end: number): string | undefined {
  let from = start;
  const first = Math.max(0, start - MAX_LINE_BYTES_BESIDE);
  while (from > first && bytes[from - 1] !== LINE_END) from -= 1;
  let to = end;
  const last = Math.min(bytes.length, end + MAX_LINE_BYTES_BESIDE);
  while (to < last && bytes[to] !== LINE_END) to += 1;
  if (start - from + to - end < MIN_MARKER_BYTES) return undefined;
  const line = `${bytes.toString('latin1', from, start)} ${bytes.toString('latin1', end, to)}`;
  return marker.exec(line)?.[0].toLowerCase();
}
