/**
 * A set of places in fixed shared memory, for all threads (a Bloom filter with one hash). It never misses a place;
 * about one in a hundred other places also counts as included, which costs only a second check.
 */
import { crc32 } from 'node:zlib';

const FILTER_BITS = 2 ** 23;

export class PlaceFilter {
  readonly shared: SharedArrayBuffer;
  readonly #bits: Uint8Array;

  /** A new filter, or this thread's view of an existing one. */
  constructor(shared: SharedArrayBuffer = new SharedArrayBuffer(FILTER_BITS / 8)) {
    this.shared = shared;
    this.#bits = new Uint8Array(shared);
  }

  add(place: string): void {
    const bit = crc32(place) % FILTER_BITS;
    this.#bits[bit >> 3] = (this.#bits[bit >> 3] ?? 0) | (1 << (bit & 7));
  }

  has(place: string): boolean {
    const bit = crc32(place) % FILTER_BITS;
    return ((this.#bits[bit >> 3] ?? 0) & (1 << (bit & 7))) !== 0;
  }
}
