/**
 * The prefilter: where do these words occur? Chooses the fastest kernel that this machine supports; all kernels
 * find the same. `docs/engine.md` explains how they work.
 */
import { Automaton } from './automaton.ts';
import { type Countable, countBytes } from './byte-counter.ts';
import { type Kernel, kernelOfMachine } from './simd-support.ts';
import type { OnWord, Prefilter } from './word-search.ts';
import { TeddyPrefilter } from './teddy-prefilter.ts';
import type { KeptPlan } from './plan.ts';
import { planOf } from './teddy-plan.ts';
import type { Word } from './word.ts';

export interface PrefilterOptions {
  /** Size of `memory`, in bytes. */
  readonly capacity: number;
  /** Default: the fastest one on this machine. */
  readonly kernel?: Kernel | undefined;
  /** Windows and buckets that were chosen in advance, with more time. */
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
