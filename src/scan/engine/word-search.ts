/** Interface of a search for words, implemented by each kernel. */
import type { Countable } from './byte-counter.ts';
import type { Kernel } from './simd-support.ts';

/** Called for each occurrence: the word's index, and the offset in `memory` of its first byte. */
export type OnWord = (word: number, start: number) => void;

export interface Prefilter {
  readonly kernel: Kernel;
  /** The memory that texts are read into, so that nothing is copied. */
  readonly memory: Buffer;
  /**
   * Reports each occurrence of each word that lies within `memory` from `start` to before `end`, once. An
   * occurrence may be reported before another one that ends up to `longest word - 1` bytes earlier. `onWord` must
   * not search.
   */
  search(start: number, end: number, onWord: OnWord): void;
  /** How many such bytes there are in `memory` from `start` to before `end`. */
  count(what: Countable, start: number, end: number): number;
}
