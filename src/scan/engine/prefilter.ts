/**
 * The prefilter: where do these words occur? Chooses the fastest kernel that this machine runs; what they find is the
 * same. `README.md` beside this file explains how they work.
 */
import { Automaton } from './automaton.ts';
import { type Countable, countBytes } from './byte-counter.ts';
import { type Kernel, kernelOfMachine } from './simd-support.ts';
import { TeddyPrefilter } from './teddy-prefilter.ts';
import { type KeptPlan, planOf } from './teddy-plan.ts';
import type { Word } from './word.ts';

/** Told of each occurrence: the word's index, and the offset in `memory` of its first byte. */
export type OnWord = (word: number, start: number) => void;

export interface Prefilter {
  readonly kernel: Kernel;
  /** Where texts are read to, so that nothing is copied. */
  readonly memory: Buffer;
  /**
   * Reports each occurrence of each word that lies within `memory` from `start` to before `end`, once. An occurrence may
   * come before another one that ends up to `longest word - 1` bytes earlier. `onWord` must not search.
   */
  search(start: number, end: number, onWord: OnWord): void;
  /** How many such bytes there are in `memory` from `start` to before `end`. */
  count(what: Countable, start: number, end: number): number;
}

export interface PrefilterOptions {
  /** Bytes of `memory`. */
  readonly capacity: number;
  /** Default: the fastest one here. */
  readonly kernel?: Kernel | undefined;
  /** Windows and buckets that were chosen before, with more time. */
  readonly plan?: KeptPlan | undefined;
}

/** @throws RangeError when there are too many words. */
export function createPrefilter(words: readonly Word[], options: PrefilterOptions): Prefilter {
  const { capacity, kernel = kernelOfMachine(), plan } = options;
  return kernel === 'scalar'
    ? new AutomatonPrefilter(words, capacity)
    : new TeddyPrefilter(words, planOf(words, plan), capacity, kernel);
}

class AutomatonPrefilter implements Prefilter {
  readonly kernel = 'scalar';
  readonly memory: Buffer;
  readonly #automaton: Automaton;

  constructor(words: readonly Word[], capacity: number) {
    this.memory = Buffer.alloc(capacity);
    this.#automaton = new Automaton(words);
  }

  search(start: number, end: number, onWord: OnWord): void {
    this.#automaton.search(this.memory, start, end, onWord);
  }

  count(what: Countable, start: number, end: number): number {
    return countBytes(what, this.memory, start, end);
  }
}
