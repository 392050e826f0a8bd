/** A literal that the prefilter searches for: bytes, and whether case matters. */

export interface Word {
  /** At least one. The letters of a caseless word are in lower case. */
  readonly bytes: Uint8Array;
  /** ASCII letters match in both cases. All other bytes are compared as they are. */
  readonly caseless: boolean;
}

/** The bit that distinguishes a lower-case ASCII letter from its capital. */
export const CASE = 0x20;

export function isLetter(byte: number): boolean {
  return (byte | CASE) >= 0x61 && (byte | CASE) <= 0x7a;
}

/**
 * The word of a string with one character per byte.
 * @throws RangeError when it is empty or longer than 64 KiB, or has a character that is not a byte.
 */
export function toWord(text: string, caseless: boolean): Word {
  if (text === '') throw new RangeError('a keyword is empty');
  if (text.length > 0xffff) throw new RangeError('a keyword is longer than 64 KiB');
  const bytes = Uint8Array.from(text, (character) => {
    const byte = character.charCodeAt(0);
    if (byte > 0xff)
      throw new RangeError(`a keyword has a character that is not a byte: ${JSON.stringify(character)}`);
    return caseless && isLetter(byte) ? byte | CASE : byte;
  });
  return { bytes, caseless };
}

/** Bits to set in a byte of a text before it is compared with byte `index` of the word. */
export function foldOf({ bytes, caseless }: Word, index: number): number {
  return caseless && isLetter(bytes[index] ?? 0) ? CASE : 0;
}

export function wordAt(words: readonly Word[], index: number): Word {
  const word = words[index];
  if (word === undefined) throw new RangeError(`there is no word ${index}`);
  return word;
}
