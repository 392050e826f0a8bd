/**
 * Is a text random, or did a person write it? Words and names consist of pairs of letters that often follow each
 * other; random characters do not.
 */
import { LETTERS, letterClass } from './letter-class.ts';
import { letterPairs } from './letter-pairs.ts';
import { isDegenerate } from './opaque.ts';
import { withoutAccents } from './other-value.ts';

const tenths: Uint8Array = Uint8Array.from(letterPairs.flatMap((row) => [...Buffer.from(row, 'hex')]));

/**
 * Bits per character by which a text surprises a reader of words. Of 2,670 names of 14 and more characters in source code,
 * 99 in 100 stay below 4.9; of random letters and digits, 99 in 100 reach 5.0 at 12 characters, 5.3 at 16, 5.9 at 32.
 */
export function surprisal(text: string): number {
  if (text.length < 2) return 0;
  let sum = 0;
  let previous = letterClass(text.charCodeAt(0));
  for (let index = 1; index < text.length; index += 1) {
    const next = letterClass(text.charCodeAt(index));
    sum += tenths[LETTERS * previous + next] ?? 0;
    previous = next;
  }
  return sum / 10 / (text.length - 1);
}

const RANDOM = 5;

/** True for a text that is probably random: at least 8 characters, hexadecimal ones at least 16. */
export function looksRandom(characters: string): boolean {
  const text = withoutAccents(characters);
  if (text.length < 8) return false;
  const isHex = /^(?:[0-9a-f]+|[0-9A-F]+)$/.test(text);
  // Most texts are words, which their letters tell.
  if (isHex ? text.length < 16 || !isMixedHex(text) : surprisal(text) < RANDOM) return false;
  return !isDegenerate(text);
}

/** Digits and letters in the proportions of random text: of 16 digits, 10 are numerals on average. */
function isMixedHex(text: string): boolean {
  const numerals = text.replaceAll(/[^0-9]/g, '').length / text.length;
  return numerals > 0.3 && numerals < 0.9;
}

/**
 * A dash or a dot separates words in names, and halves in tokens. Without a digit it must be long and look very
 * random.
 */
export function isRandomValue(value: string): boolean {
  const body = value.replaceAll(/[=.~-]/g, '');
  return looksRandom(body) && (/[0-9]/.test(body) || (body.length >= 16 && surprisal(body) >= 5.5));
}
