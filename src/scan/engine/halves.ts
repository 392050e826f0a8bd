/** Bytes as the kernel distinguishes them: by their low and their high half. */
import { type Word, foldOf } from './word.ts';

/** Which bytes a bucket lets pass at one position: those with such a low half and such a high half. */
export interface Halves {
  low: number;
  high: number;
}

const ANY: Readonly<Halves> = { low: 0xffff, high: 0xffff };

/** The halves of the bytes that match byte `index` of the word; of any byte before the word. */
export function halvesOf(word: Word, index: number): Readonly<Halves> {
  const byte = word.bytes[index];
  if (byte === undefined) return ANY;
  const high = (1 << (byte >> 4)) | (1 << ((byte & ~foldOf(word, index)) >> 4));
  return { low: 1 << (byte & 15), high };
}
