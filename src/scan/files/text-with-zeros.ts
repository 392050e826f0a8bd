/** Text that a NUL makes look like a binary: UTF-16 in scripts other than Latin, and text with NULs in between. */
import { isUtf8 } from 'node:buffer';

/** Bytes of text for each NUL: fewer are data with texts in it. */
const MIN_TEXT_BYTES_PER_ZERO = 8;
/** At most one character in so many may be an unusual one. */
const USUAL_PER_UNUSUAL = 50;
/** White space counts more than any number of other characters in a block. */
const WEIGHT_OF_SPACE = 8192;
/** In text in Han, a quarter of the characters consists of two bytes that are characters of ASCII; in ASCII, all of them do. */
const MAX_SHARE_OF_PAIRS = 0.6;
/** Code units of scripts and signs in which people write: letters, punctuation, symbols, kana, Han, Hangul, full-width forms. */
const SCRIPTS: readonly (readonly [from: number, to: number])[] = [
  [0xa0, 0x17ff],
  [0x1e00, 0x27bf],
  [0x3000, 0x30ff],
  [0x3100, 0x9fff],
  [0xac00, 0xd7a3],
  [0xff01, 0xffef],
];
/** Archives whose headers are text with NULs in between: their format has to be recognised. */
const ARCHIVES: readonly (readonly [signature: string, at: number])[] = [
  ['ustar', 257],
  ['07070', 0],
];

/**
 * The byte order of text in UTF-16 without a mark; undefined if it is none. Both orders can look like text, because most numbers are
 * characters in some script: it is the one in which there is more white space, or else more Latin text.
 */
export function wideTextOf(block: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  const [little, big] = [latinWeight(block, 0), latinWeight(block, 1)];
  if (little <= 0 && big <= 0) return undefined;
  return little >= big ? 'utf-16le' : 'utf-16be';
}

/** How much white space and Latin text there is if the block is UTF-16; -1 if it cannot be. @param low index of a unit's low byte */
function latinWeight(block: Uint8Array, low: 0 | 1): number {
  let [latin, others, unusual, pairs] = [0, 0, 0, 0];
  const mostUnusual = block.length / 2 / USUAL_PER_UNUSUAL;
  for (let index = 0; index + 2 <= block.length; index += 2) {
    const [first, second] = [block[index + low] ?? 0, block[index + 1 - low] ?? 0];
    const unit = first | (second << 8);
    if (unit < 0x80) {
      latin += unit <= 0x20 ? WEIGHT_OF_SPACE : 1;
      if (isControl(unit)) return -1;
      continue;
    }
    others += 1;
    if (isPrintable(first) && isPrintable(second)) pairs += 1;
    if (SCRIPTS.some(([from, to]) => unit >= from && unit <= to)) continue;
    unusual += 1;
    if (unusual > mostUnusual) return -1;
  }
  return pairs > MAX_SHARE_OF_PAIRS * others ? -1 : latin;
}

/** True for text in UTF-8 that has few NULs. */
export function isTextWithZeros(block: Uint8Array): boolean {
  let zeros = 0;
  for (const byte of block) {
    if (byte === 0) zeros += 1;
    else if (isControl(byte)) return false;
  }
  const isMostlyText = block.length > 0 && zeros * (MIN_TEXT_BYTES_PER_ZERO + 1) <= block.length;
  return isMostlyText && !isArchive(block) && isUtf8(wholeCharacters(block));
}

function isArchive(block: Uint8Array): boolean {
  return ARCHIVES.some(([signature, at]) =>
    Array.from(signature).every((character, index) => block[at + index] === character.charCodeAt(0)),
  );
}

/** Without a last character that the block may cut in two. */
function wholeCharacters(block: Uint8Array): Uint8Array {
  let end = block.length;
  while (end > block.length - 4 && ((block[end - 1] ?? 0) & 0xc0) === 0x80) end -= 1;
  const isCut = (block[end - 1] ?? 0) >= 0xc0;
  return isCut ? block.subarray(0, end - 1) : block;
}

/** Neither white space nor what terminals use: backspace, form feed, escape. */
function isControl(byte: number): boolean {
  return byte === 0x7f || (byte < 0x20 && byte !== 0x1b && (byte < 0x08 || byte > 0x0d));
}

function isPrintable(byte: number): boolean {
  return byte >= 0x20 && byte < 0x7f;
}
