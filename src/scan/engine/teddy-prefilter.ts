/** The kernel and its memory behind the prefilter's interface. */
import { type Countable, countBytes, counterKernel } from './byte-counter.ts';
import type { OnWord, Prefilter } from './word-search.ts';
import { teddyKernel } from './teddy-kernel.ts';
import { HIT_ENTRY, fillTables, layOut, letsHighBytesPass } from './teddy-layout.ts';
import type { Plan } from './plan.ts';
import type { Word } from './word.ts';

type RangeFunction = (start: number, end: number) => number;

export class TeddyPrefilter implements Prefilter {
  readonly kernel: 'relaxed' | 'plain';
  readonly memory: Buffer;
  readonly #run: RangeFunction;
  /** Created on first use: most files come in one piece. */
  readonly #counters = new Map<Countable, RangeFunction>();
  readonly #instantiate: (code: Uint8Array) => RangeFunction;
  /** The whole memory, as the hits are read. */
  readonly #numbers: Int32Array;
  readonly #hits: number;
  readonly #data: number;
  #onWord: OnWord = () => undefined;

  constructor(words: readonly Word[], plan: Plan, capacity: number, kernel: 'relaxed' | 'plain') {
    // Records are numbered with two bytes.
    if (words.length >= 0xffff) throw new RangeError(`too many keywords: ${words.length}`);
    const layout = layOut(words, plan, capacity);
    const memory = new WebAssembly.Memory({ initial: layout.pages, maximum: layout.pages });
    fillTables(new Uint8Array(memory.buffer), words, plan, layout);
    const code = teddyKernel({
      layout,
      width: plan.width,
      groups: plan.groups,
      relaxed: kernel === 'relaxed',
      letsHighBytesPass: (group, position) => letsHighBytesPass(words, plan, group, position),
    });
    this.#instantiate = (bytes) => {
      const { run } = new WebAssembly.Instance(new WebAssembly.Module(bytes), {
        host: { memory, drain: (end: number) => this.#drain(end) },
      }).exports;
      if (typeof run !== 'function') throw new TypeError('the kernel has no function');
      return (start, end) => Number(run(start, end));
    };
    this.#run = this.#instantiate(code);
    this.kernel = kernel;
    this.memory = Buffer.from(memory.buffer, layout.data, capacity);
    this.#numbers = new Int32Array(memory.buffer);
    this.#hits = layout.hits;
    this.#data = layout.data;
  }

  search(start: number, end: number, onWord: OnWord): void {
    if (start < 0 || end > this.memory.length) throw new RangeError('the range is not in the memory');
    this.#onWord = onWord;
    this.#drain(this.#run(this.#data + start, this.#data + end));
  }

  count(what: Countable, start: number, end: number): number {
    const counter = this.#counters.get(what) ?? this.#instantiate(counterKernel(what));
    this.#counters.set(what, counter);
    const whole = end - ((end - start) % 16);
    return counter(this.#data + start, this.#data + whole) + countBytes(what, this.memory, whole, end);
  }

  /** Passes on the hits that lie before this address. */
  #drain(end: number): void {
    const numbers = this.#numbers;
    for (let hit = this.#hits; hit < end; hit += HIT_ENTRY) {
      this.#onWord(numbers[(hit >> 2) + 1] ?? 0, (numbers[hit >> 2] ?? 0) - this.#data);
    }
  }
}
