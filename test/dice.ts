/** Characters that look random and are the same each time. */
import { createHash } from 'node:crypto';

export const SMALL = 'abcdefghijklmnopqrstuvwxyz';
export const CAPITALS = SMALL.toUpperCase();
export const DIGITS = '0123456789';
export const ALPHANUMERIC = SMALL + CAPITALS + DIGITS;
export const BASE64URL = `${ALPHANUMERIC}-_`;
export const BASE64 = `${ALPHANUMERIC}+/`;
export const BASE32 = `${CAPITALS}234567`;
export const HEX = '0123456789abcdef';

/** Draws characters; the same seed draws the same ones. */
export class Dice {
  readonly #seed: string;
  #count = 0;

  constructor(seed: string) {
    this.#seed = seed;
  }

  bytes(length: number): Buffer {
    const parts: Buffer[] = [];
    for (let have = 0; have < length; have += 32) {
      this.#count += 1;
      parts.push(createHash('sha256').update(`${this.#seed}/${this.#count}`).digest());
    }
    return Buffer.concat(parts).subarray(0, length);
  }

  /** At most 64 different characters: 256 is no multiple of every alphabet's length, which does not matter here. */
  draw(alphabet: string, length: number): string {
    return Array.from(this.bytes(length), (byte) => alphabet.charAt(byte % alphabet.length)).join('');
  }

  /** As `draw`, with a small letter, a capital and a digit for certain. */
  mixed(alphabet: string, length: number): string {
    return `${this.draw(alphabet, length - 3)}${this.draw(SMALL, 1)}${this.draw(SMALL, 1).toUpperCase()}${this.draw(DIGITS, 1)}`;
  }
}
