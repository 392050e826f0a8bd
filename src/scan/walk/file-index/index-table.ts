/**
 * Where each folder's record is: a hash table in shared memory, for all threads. It takes 24 bytes or somewhat more
 * for each folder, whatever the length of its path; the path itself is compared in the record.
 */
import { hashPath } from './index-format.ts';

/** What another thread needs. */
export interface SharedTable {
  readonly hashes: SharedArrayBuffer;
  readonly offsets: SharedArrayBuffer;
  readonly met: SharedArrayBuffer;
}

export class IndexTable {
  readonly shared: SharedTable;
  readonly #hashes: Uint32Array;
  /** Offset of the record in the file; 0 for none. */
  readonly #offsets: Float64Array;
  /** 1 for each folder that was looked up. */
  readonly #met: Uint8Array;
  readonly #mask: number;

  constructor(shared: SharedTable) {
    this.shared = shared;
    this.#hashes = new Uint32Array(shared.hashes);
    this.#offsets = new Float64Array(shared.offsets);
    this.#met = new Uint8Array(shared.met);
    this.#mask = this.#offsets.length - 1;
  }

  /** An empty table for this many folders. */
  static for(folders: number): IndexTable {
    let capacity = 16;
    while (capacity < folders * 1.5) capacity *= 2;
    return new IndexTable({
      hashes: new SharedArrayBuffer(capacity * 8),
      offsets: new SharedArrayBuffer(capacity * 8),
      met: new SharedArrayBuffer(capacity),
    });
  }

  /** @returns the previous offset; 0 for none */
  set([a, b]: readonly [number, number], offset: number): number {
    const slot = this.#slot(a, b);
    const before = this.#offsets[slot] ?? 0;
    this.#hashes[2 * slot] = a;
    this.#hashes[2 * slot + 1] = b;
    this.#offsets[slot] = offset;
    return before;
  }

  /** The offset of a path's record; 0 for none. */
  find(path: string): number {
    const [a, b] = hashPath(path);
    const slot = this.#slot(a, b);
    this.#met[slot] = 1;
    return this.#offsets[slot] ?? 0;
  }

  /** True when the record at this offset is the one that counts. */
  isCurrent([a, b]: readonly [number, number], offset: number): boolean {
    return this.#offsets[this.#slot(a, b)] === offset;
  }

  /** How many folders are known, and how many of them have not been looked up. */
  count(): { readonly all: number; readonly unmet: number } {
    let all = 0;
    let unmet = 0;
    for (let slot = 0; slot <= this.#mask; slot += 1) {
      if (this.#offsets[slot] === 0) continue;
      all += 1;
      if (this.#met[slot] === 0) unmet += 1;
    }
    return { all, unmet };
  }

  #slot(a: number, b: number): number {
    let slot = a & this.#mask;
    while (this.#offsets[slot] !== 0 && (this.#hashes[2 * slot] !== a || this.#hashes[2 * slot + 1] !== b)) {
      slot = (slot + 1) & this.#mask;
    }
    return slot;
  }
}
