/**
 * Pseudo-random numbers that are the same on every machine for the same seed. For the contents of files, of which
 * there are hundreds of megabytes; not suitable for cryptography.
 */
import { createHash } from 'node:crypto';

/** Mulberry32: one multiplication and three shifts per number. */
export class Random {
  #state: number;

  constructor(seed: string) {
    this.#state = createHash('sha256').update(seed).digest().readUInt32LE(0);
  }

  /** A whole number from 0 to below 2 ** 32. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let bits = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return (bits ^ (bits >>> 14)) >>> 0;
  }

  /** A whole number from 0 to below `limit`. */
  below(limit: number): number {
    return this.next() % limit;
  }

  /** A whole number between two, small ones more often: each power of two between them is equally likely. */
  size(least: number, most: number): number {
    const power = Math.log2(most / least) * (this.next() / 2 ** 32);
    return Math.round(least * 2 ** power);
  }

  /** @throws RangeError when there is nothing to pick from. */
  pick<T>(choices: readonly T[]): T {
    const choice = choices[this.below(choices.length)];
    if (choice === undefined) throw new RangeError('nothing to pick from');
    return choice;
  }

  hex(digits: number): string {
    let text = '';
    while (text.length < digits) text += this.next().toString(16).padStart(8, '0');
    return text.slice(0, digits);
  }

  /** Fills `bytes` with noise, except up to three bytes at its end. */
  fill(bytes: Buffer): Buffer {
    for (let offset = 0; offset + 4 <= bytes.length; offset += 4) bytes.writeUInt32LE(this.next(), offset);
    return bytes;
  }

  /** The same choices in another order. */
  shuffled<T>(choices: readonly T[]): T[] {
    return choices
      .map((choice) => ({ choice, rank: this.next() }))
      .toSorted((a, b) => a.rank - b.rank)
      .map(({ choice }) => choice);
  }
}
