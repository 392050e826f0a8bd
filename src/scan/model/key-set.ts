/** A fixed set of 64-bit keys in shared memory, for all threads: sorted, eight bytes each. */
import { hash } from 'node:crypto';

/** Hexadecimal digits of a key. */
const KEY_DIGITS = 16;

export class KeySet {
  readonly shared: SharedArrayBuffer;
  readonly #keys: BigUint64Array;

  /** This thread's view of a set. */
  constructor(shared: SharedArrayBuffer) {
    this.shared = shared;
    this.#keys = new BigUint64Array(shared);
  }

  static of(keys: readonly bigint[]): KeySet {
    const set = new KeySet(new SharedArrayBuffer(keys.length * BigUint64Array.BYTES_PER_ELEMENT));
    set.#keys.set(keys);
    set.#keys.sort();
    return set;
  }

  get size(): number {
    return this.#keys.length;
  }

  has(key: bigint): boolean {
    let from = 0;
    let to = this.#keys.length;
    while (from < to) {
      const middle = (from + to) >>> 1;
      if ((this.#keys[middle] ?? 0n) < key) from = middle + 1;
      else to = middle;
    }
    return this.#keys[from] === key;
  }
}

/** The key of a hexadecimal hash of at least 16 digits: its beginning. */
export function keyOfHash(hexadecimal: string): bigint {
  return BigInt(`0x${hexadecimal.slice(0, KEY_DIGITS)}`);
}

/** The key of any text. */
export function keyOfText(text: string): bigint {
  return keyOfHash(hash('sha256', text, 'hex'));
}
