/** Characters as the statistics of words count them: 26 letters whatever their case, digits, everything else. */

export const LETTERS = 28;
const DIGIT = 26;
const OTHER = 27;

/** @param code of the character; other than ASCII counts as no letter. */
export function letterClass(code: number): number {
  if (code >= 0x61 && code <= 0x7a) return code - 0x61;
  if (code >= 0x41 && code <= 0x5a) return code - 0x41;
  return code >= 0x30 && code <= 0x39 ? DIGIT : OTHER;
}
