/** What a file contains, judged by its first block. Decides what is text; opens and counts nothing. */

export type ContentKind = 'utf-8' | 'utf-16le' | 'utf-16be' | 'binary';

/** Number of bytes on which the decision is based. */
const FIRST_BLOCK_BYTES = 8192;

/** With fewer bytes than this, zeros are no evidence of UTF-16. */
const MIN_UTF16_BYTES = 16;

/**
 * The kind of a file whose first `length` bytes are at `start`. A byte order mark decides. Otherwise a NUL makes a
 * file binary, unless all NULs are the high bytes of mostly Latin text in UTF-16. `utf-8` stands for every encoding
 * that includes ASCII unchanged.
 */
export function contentKind(bytes: Uint8Array, start: number, length: number): ContentKind {
  const block = bytes.subarray(start, start + Math.min(length, FIRST_BLOCK_BYTES));
  // FF FE 00 00 begins UTF-32, which no editor writes today.
  if (block[0] === 0xff && block[1] === 0xfe) return block[2] === 0 && block[3] === 0 ? 'binary' : 'utf-16le';
  if (block[0] === 0xfe && block[1] === 0xff) return 'utf-16be';
  if (!block.includes(0)) return 'utf-8';
  return block.length < MIN_UTF16_BYTES ? 'binary' : unmarked(block);
}

function unmarked(block: Uint8Array): ContentKind {
  let even = 0;
  let odd = 0;
  for (let index = 0; index < block.length; index += 2) {
    if (block[index] === 0) even += 1;
    if (block[index + 1] === 0) odd += 1;
    // Text in UTF-16 has zeros on one side only.
    if (even > 0 && odd > 0) return 'binary';
  }
  const most = block.length * 0.35;
  if (even === 0 && odd > most) return 'utf-16le';
  return odd === 0 && even > most ? 'utf-16be' : 'binary';
}
