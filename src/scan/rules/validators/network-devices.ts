/**
 * Reversible encodings of passwords in router and switch configurations: if decoding gives text, the match is
 * proven.
 */
import { decoded, isTyped } from './password.ts';
import { type Verdict, doubtful } from '../model/verdict.ts';

/** The row of bytes that type 7 is XORed with, as Cisco's customers have known it since 1995. */
const TYPE_7 = 'dsfd;kfoA,.iyewrkldJKDHSUBsgvca69834ncxv9873254k;fg87';

/** Cisco type 7: an offset in two digits, then each byte XORed with the row from there. */
export function ciscoType7(secret: string): Verdict {
  const offset = Number(secret.slice(0, 2));
  const bytes = Buffer.from(secret.slice(2), 'hex');
  const text = String.fromCharCode(
    ...bytes.map((byte, index) => byte ^ TYPE_7.charCodeAt((offset + index) % TYPE_7.length)),
  );
  return isTyped(text) ? decoded(text, 'decoded') : doubtful('cannot be decoded');
}

/**
 * Juniper's alphabet in its four families, by the number of characters that are skipped at the beginning: 3, 2,
 * 1, 0.
 */
const FAMILIES = ['QzF3n6/9CAtpu0O', 'B1IREhcSyrleKvMW8LXx', '7N-dVbwsY2g4oaJZGUDj', 'iHkq.mPf5T'];
const ALPHABET = FAMILIES.join('');
/** The weight of each character in a group, by the position of the group. */
const WEIGHTS = [
  [1, 4, 32],
  [1, 16, 32],
  [1, 8, 32],
  [1, 64],
  [1, 32],
  [1, 4, 16, 128],
  [1, 32, 64],
];

/** Juniper `$9$`: the distances between characters in an alphabet, weighted. */
export function juniperType9(secret: string): Verdict {
  const letters = secret.slice(3);
  const skipped = 3 - FAMILIES.findIndex((family) => family.includes(letters.charAt(0)));
  let previous = ALPHABET.indexOf(letters.charAt(0));
  let at = 1 + skipped;
  let text = '';
  while (at < letters.length) {
    const weights = WEIGHTS[text.length % WEIGHTS.length] ?? [];
    if (at + weights.length > letters.length) return doubtful('cannot be decoded');
    let code = 0;
    for (const weight of weights) {
      const next = ALPHABET.indexOf(letters.charAt(at));
      code += weight * (((next - previous + ALPHABET.length) % ALPHABET.length) - 1);
      previous = next;
      at += 1;
    }
    text += String.fromCharCode(((code % 256) + 256) % 256);
  }
  return isTyped(text) ? decoded(text, 'decoded') : doubtful('cannot be decoded');
}
