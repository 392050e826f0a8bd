/**
 * Folders that are visited separately, in a form shared by all threads: not their paths, which may be long, but 64
 * bits of a hash of each in shared memory. The hash has a random key, so no user can create a folder that is
 * mistaken for one of them; the probability that it happens by chance is one in 10^15.
 */
import { hash, randomBytes } from 'node:crypto';

/** What another thread needs. */
export interface SharedSeparateFolders {
  readonly key: string;
  readonly table: SharedArrayBuffer;
}

export class SeparateFolders {
  readonly shared: SharedSeparateFolders;
  readonly #table: BigUint64Array;

  /** This thread's view of an existing set. */
  constructor(shared: SharedSeparateFolders) {
    this.shared = shared;
    this.#table = new BigUint64Array(shared.table);
  }

  static of(paths: readonly string[]): SeparateFolders {
    // At most half full, so that a missing place is detected quickly.
    const slots = paths.length === 0 ? 0 : 2 ** Math.ceil(Math.log2(2 * paths.length));
    const shared = { key: randomBytes(16).toString('hex'), table: new SharedArrayBuffer(8 * slots) };
    const folders = new SeparateFolders(shared);
    for (const path of paths) {
      const value = folders.#hash(path);
      folders.#table[folders.#slotOf(value)] = value;
    }
    return folders;
  }

  has(path: string): boolean {
    if (this.#table.length === 0) return false;
    const value = this.#hash(path);
    return this.#table[this.#slotOf(value)] === value;
  }

  /** Where a hash is, or would be. */
  #slotOf(value: bigint): number {
    const mask = this.#table.length - 1;
    let slot = Number(value & 0xff_ff_ff_ffn) & mask;
    while (this.#table[slot] !== 0n && this.#table[slot] !== value) slot = (slot + 1) & mask;
    return slot;
  }

  /** Never 0, which marks an empty slot. */
  #hash(path: string): bigint {
    const digest = hash('sha256', this.shared.key + path, 'buffer');
    return digest.readBigUInt64LE(0) || 1n;
  }
}
