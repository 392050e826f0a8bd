/** The lines around a match, within limits. */

/** How far before and after a match its lines are inspected. */
const MAX_LINE_BYTES = 8 * 1024;

/** Offsets of bytes. */
interface Range {
  readonly start: number;
  readonly end: number;
}

/** From the beginning of the line in which a range begins to the end of the one in which it ends. */
export function lineAround(bytes: Uint8Array, { start, end }: Range): Range {
  const before = Math.max(0, start - MAX_LINE_BYTES);
  const after = bytes.subarray(end, end + MAX_LINE_BYTES);
  const length = after.indexOf(0x0a);
  return {
    start: before + bytes.subarray(before, start).lastIndexOf(0x0a) + 1,
    end: end + (length < 0 ? after.length : length),
  };
}

export function textOf(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString();
}
