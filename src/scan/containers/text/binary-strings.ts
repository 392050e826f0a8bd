/** Readable text within bytes of unknown structure, like the command `strings`: ASCII, and the same in UTF-16. */

/** Shorter runs of printable characters are chance. */
const MIN_CHARS = 6;
const ASCII = new RegExp(`[\\t\\x20-\\x7e]{${MIN_CHARS},}`, 'g');
const UTF_16 = new RegExp(`(?:[\\t\\x20-\\x7e]\\0){${MIN_CHARS},}`, 'g');
/** A run that reaches the end of a piece is continued in the next one, up to this many bytes. */
const MAX_CARRIED_BYTES = 16 * 1024;

/** The strings of a few bytes: at most some 64 KiB. */
export function stringsIn(bytes: Uint8Array): string[] {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
  return [
    ...(text.match(ASCII) ?? []),
    ...(text.match(UTF_16) ?? []).map((wide) => wide.replaceAll('\0', '')),
  ];
}

/** The strings of pieces that follow each other. */
export function* stringsOf(pieces: Iterable<Uint8Array>): Generator<string> {
  let carried = Buffer.alloc(0);
  for (const piece of pieces) {
    const bytes = Buffer.concat([carried, piece]);
    const end = startOfOpenRun(bytes);
    yield* stringsIn(bytes.subarray(0, end));
    carried = bytes.subarray(end);
  }
  yield* stringsIn(carried);
}

/** Where the run begins that reaches the end, and may go on in the next piece. */
function startOfOpenRun(bytes: Buffer): number {
  const least = Math.max(0, bytes.length - MAX_CARRIED_BYTES);
  let start = bytes.length;
  while (start > least && isOfText(bytes[start - 1] ?? 1)) start -= 1;
  return start;
}

function isOfText(byte: number): boolean {
  return byte === 0 || byte === 0x09 || (byte >= 0x20 && byte < 0x7f);
}
