/** Character classes for the statistics of words: 26 letters regardless of case, digits, everything else. */

export const LETTERS = 28;
const DIGIT = 26;
const OTHER = 27;

/** @param code of the character; non-ASCII characters do not count as letters */
export function letterClass(code: number): number {
  if (code >= 0x61 && code <= 0x7a) return code - 0x61;
  if (code >= 0x41 && code <= 0x5a) return code - 0x41;
  return code >= 0x30 && code <= 0x39 ? DIGIT : OTHER;
}
