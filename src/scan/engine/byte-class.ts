/** Classes of bytes for the statistics: each printable one alone, line ends, other control characters, high bytes. */

const PRINTABLE = 0x7f - 0x20;
const LINE_END = PRINTABLE;
const CONTROL = PRINTABLE + 1;
const HIGH = PRINTABLE + 2;

/** The classes' sizes, in bytes. */
export const byteClasses: readonly number[] = [...Array.from({ length: PRINTABLE }, () => 1), 2, 31, 128];

export function byteClass(byte: number): number {
  if (byte >= 0x80) return HIGH;
  if (byte === 0x0a || byte === 0x0d) return LINE_END;
  return byte < 0x20 || byte === 0x7f ? CONTROL : byte - 0x20;
}
