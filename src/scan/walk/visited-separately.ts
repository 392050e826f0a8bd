/**
 * Folders that have a turn of their own, as all threads know them: not their paths, which may be long, but 64 bits of a hash
 * of each in shared memory. The hash has a random key, so no user can make up a folder that is taken for one of them, and that
 * it happens by chance is as likely as one in 10^15.
 */
import { hash, randomBytes } from 'node:crypto';

/** What another thread is given. */
export interface SharedSeparateFolders {
  readonly key: string;
  readonly table: SharedArrayBuffer;
}

export class SeparateFolders {
  readonly shared: SharedSeparateFolders;
  readonly #table: BigUint64Array;

  /** This thread's view of what exists. */
  constructor(shared: SharedSeparateFolders) {
    this.shared = shared;
    this.#table = new BigUint64Array(shared.table);
  }

  static of(paths: readonly string[]): SeparateFolders {
    // At most half full, so that a place that is not there is found out at once.
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

  /** Never 0, which is an empty slot. */
  #hash(path: string): bigint {
    const digest = hash('sha256', this.shared.key + path, 'buffer');
    return digest.readBigUInt64LE(0) || 1n;
  }
}
