/** What a file contains, judged by its first block. Decides what is text; opens and counts nothing. */
import { isTextWithZeros, wideTextOf } from './text-with-zeros.ts';

export type ContentKind = 'utf-8' | 'utf-16le' | 'utf-16be' | 'utf-32le' | 'utf-32be' | 'binary';

/** Number of bytes on which the decision is based, behind zeros at the beginning. */
const FIRST_BLOCK_BYTES = 8192;

const ZEROS = Buffer.alloc(FIRST_BLOCK_BYTES);

/** With fewer bytes than this, zeros are no evidence of UTF-16. */
const MIN_UTF16_BYTES = 16;

/**
 * The kind of a file whose first `length` bytes are at `start`. A byte order mark decides. Otherwise a NUL makes a
 * file binary, unless the NULs belong to text in UTF-16, or are few between lines of text, or at its beginning. `utf-8`
 * stands for every encoding that includes ASCII unchanged.
 */
export function contentKind(bytes: Uint8Array, start: number, length: number): ContentKind {
  const block = bytes.subarray(start, start + Math.min(length, FIRST_BLOCK_BYTES));
  if (block[0] === 0xff && block[1] === 0xfe) return isUtf32(block, 0) ? 'utf-32le' : utf16OrBinary(block);
  if (block[0] === 0xfe && block[1] === 0xff) return 'utf-16be';
  if (!block.includes(0)) return 'utf-8';
  if (block[2] === 0xfe && block[3] === 0xff && isUtf32(block, 3)) return 'utf-32be';
  if (block.length >= MIN_UTF16_BYTES) {
    const kind = latinKind(block);
    if (kind !== undefined) return kind;
  }
  if (isTextBehindZeros(bytes, start, length)) return 'utf-8';
  return (block.length < MIN_UTF16_BYTES ? undefined : wideTextOf(block)) ?? 'binary';
}

/** FF FE 00 00 can only be UTF-32: text in UTF-16 does not begin with a NUL. */
function utf16OrBinary(block: Uint8Array): ContentKind {
  return block[2] === 0 && block[3] === 0 ? 'binary' : 'utf-16le';
}

/** @param last index of a character's lowest byte @returns whether all characters exist, and none is a NUL */
function isUtf32(block: Uint8Array, last: 0 | 3): boolean {
  const highest = 3 - last;
  const plane = last === 0 ? 2 : 1;
  for (let index = 0; index + 4 <= block.length; index += 4) {
    if (block[index + highest] !== 0 || (block[index + plane] ?? 0) > 0x10) return false;
    const isNul =
      block[index] === 0 && block[index + 1] === 0 && block[index + 2] === 0 && block[index + 3] === 0;
    if (isNul) return false;
  }
  return block.length >= 4;
}

/** Mostly Latin text in UTF-16: it has zeros on one side only, and many of them. */
function latinKind(block: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  let even = 0;
  let odd = 0;
  for (let index = 0; index < block.length; index += 2) {
    if (block[index] === 0) even += 1;
    if (block[index + 1] === 0) odd += 1;
    if (even > 0 && odd > 0) return undefined;
  }
  const most = block.length * 0.35;
  if (odd > most) return 'utf-16le';
  return even > most ? 'utf-16be' : undefined;
}

/** A file whose first page was never written, or text with few NULs. */
function isTextBehindZeros(bytes: Uint8Array, start: number, length: number): boolean {
  let first = start;
  const end = start + length;
  for (let next = first + ZEROS.length; next <= end; next += ZEROS.length) {
    if (Buffer.compare(bytes.subarray(first, next), ZEROS) !== 0) break;
    first = next;
  }
  while (first < end && bytes[first] === 0) first += 1;
  return isTextWithZeros(bytes.subarray(first, Math.min(end, first + FIRST_BLOCK_BYTES)));
}
