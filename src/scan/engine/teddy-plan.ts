/**
 * The plan for a set of words: which window of each word the kernel searches for, and which words share a bucket.
 * It determines how many places of a text are checked again, never what is found.
 */
import { ByteModel } from './byte-model.ts';
import { type Halves, halvesOf } from './halves.ts';
import { WIDE_HASH_BYTES, hasWideHash } from './teddy-layout.ts';
import type { KeptPlan, Plan, Shape, Window } from './plan.ts';
import { type Word, wordAt } from './word.ts';

/**
 * The shapes that are tried, with the cost of their look-ups per byte of text: nanoseconds, the mean of two
 * machines (Zen 5, Zen 4). From four tables of two vectors on, they no longer all fit into registers.
 */
export const shapes: readonly (Shape & { readonly cost: number })[] = [
  { width: 3, groups: 1, cost: 0.087 },
  { width: 4, groups: 1, cost: 0.116 },
  { width: 3, groups: 2, cost: 0.147 },
  { width: 4, groups: 2, cost: 0.23 },
  { width: 3, groups: 3, cost: 0.243 },
  { width: 3, groups: 4, cost: 0.309 },
];

/** Windows that begin later in a long word are not considered. */
const MAX_WINDOW_START = 64;
/** For more words, only the shape with this many groups is tried, to keep the choice fast. */
const MIN_WORDS_FOR_MORE_GROUPS = 200;
const GROUPS_FOR_MANY_WORDS = 2;

/** The key of a word in a stored plan. */
export function wordKey({ bytes, caseless }: Word): string {
  return `${caseless ? 'i' : 's'}:${Buffer.from(bytes).toString('latin1')}`;
}

/** The stored plan, with missing words placed where they add the least; a new plan when most words are missing. */
export function planOf(words: readonly Word[], kept: KeptPlan | undefined): Plan {
  const windows = words.map((word) => {
    const window = kept?.windows[wordKey(word)];
    return window === undefined ? undefined : { bucket: window[0], start: window[1] };
  });
  const lacking = windows.filter((window) => window === undefined).length;
  if (kept === undefined || 2 * lacking > words.length) return quickPlan(words);
  const { width, groups } = kept;
  if (lacking === 0) return { width, groups, windows: windows.filter((window) => window !== undefined) };
  const buckets = new Buckets(new ByteModel(), words, kept);
  for (const [index, window] of windows.entries()) buckets.place(index, window);
  return greedyPlan(words, { width, groups }, buckets, windows);
}

/** The cheapest of the shapes, each with a quick choice of windows: 10 ms for 60 words, 300 ms for 1,000. */
function quickPlan(words: readonly Word[]): Plan {
  const model = new ByteModel();
  let best: Plan | undefined;
  let least = Infinity;
  for (const shape of shapes.filter(
    ({ groups }) => words.length <= MIN_WORDS_FOR_MORE_GROUPS || groups === GROUPS_FOR_MANY_WORDS,
  )) {
    // More look-ups pay off only if they save more candidates than there are.
    if (best !== undefined && shape.cost >= least) continue;
    const buckets = new Buckets(model, words, shape);
    const plan = greedyPlan(words, shape, buckets);
    const cost = shape.cost + buckets.cost;
    if (cost < least) [best, least] = [plan, cost];
  }
  return best ?? { width: 3, groups: 1, windows: [] };
}

/**
 * Nanoseconds on that machine. A candidate takes two look-ups in tables; one with a word's hash is compared with
 * each word of that hash. Counts of byte pairs make a frequent word look rarer than it is, so a comparison counts
 * double.
 */
const COST_PER_CANDIDATE = 2;
const COST_PER_COMPARISON = 12;

/**
 * Places word by word, starting with the one that lets most places pass, where it adds the least. Words in
 * `windows` keep their place.
 */
export function greedyPlan(
  words: readonly Word[],
  shape: Shape,
  buckets: Buckets,
  windows: readonly (Window | undefined)[] = [],
): Plan {
  const least = words.map((word, index) =>
    Math.min(...startsOf(word, shape).map((start) => buckets.alone(index, start))),
  );
  const order = [...words.keys()].sort((a, b) => (least[b] ?? 0) - (least[a] ?? 0));
  const placed = words.map((_, index) => windows[index] ?? { bucket: 0, start: 0 });
  for (const index of order) {
    if (windows[index] !== undefined) continue;
    const window = buckets.bestWindow(index);
    buckets.place(index, window);
    placed[index] = window;
  }
  return { width: shape.width, groups: shape.groups, windows: placed };
}

/** Where a word's window may start. */
function startsOf({ bytes }: Word, { width }: Pick<Shape, 'width'>): number[] {
  const last = bytes.length - width;
  return last <= 0
    ? [last]
    : Array.from({ length: Math.min(last, MAX_WINDOW_START) + 1 }, (_, start) => start);
}

/** Which words are in which bucket, and what that costs. */
export class Buckets {
  readonly #model: ByteModel;
  readonly #words: readonly Word[];
  readonly #width: number;
  /** By bucket: what it lets pass at each position, and the share of places that pass. */
  readonly #halves: (readonly Readonly<Halves>[])[];
  readonly #shares: number[];
  readonly #windows: (Window | undefined)[];
  /** By word and start: the share of places where it is compared. */
  readonly #alone: Map<number, number>[];

  constructor(model: ByteModel, words: readonly Word[], { width, groups }: Shape) {
    this.#model = model;
    this.#words = words;
    this.#width = width;
    this.#halves = Array.from({ length: 8 * groups }, () => this.#none());
    this.#shares = Array.from({ length: 8 * groups }, () => 0);
    this.#windows = words.map(() => undefined);
    this.#alone = words.map(() => new Map());
  }

  /** The share of a text's places that are candidates, estimated. */
  get share(): number {
    return this.#shares.reduce((sum, share) => sum + share, 0);
  }

  /** The cost of candidates and comparisons, in nanoseconds per byte of text, estimated. */
  get cost(): number {
    const compared = this.#windows.map((window, index) =>
      window === undefined ? 0 : this.alone(index, window.start),
    );
    return (
      COST_PER_CANDIDATE * this.share + COST_PER_COMPARISON * compared.reduce((sum, share) => sum + share, 0)
    );
  }

  /** The share of places where a word is compared: those that have the bytes which are hashed. */
  alone(index: number, start: number): number {
    const known = this.#alone[index];
    const end = start + this.#width;
    const hashed = hasWideHash(end - 1) ? Math.max(this.#width, WIDE_HASH_BYTES) : this.#width;
    const none = Array.from({ length: hashed }, () => ({ low: 0, high: 0 }));
    const share = known?.get(start) ?? this.#model.passing(this.#with(none, index, end - hashed));
    known?.set(start, share);
    return share;
  }

  /**
   * Where a word that is in no bucket adds the least cost. A window that others share adds no candidate, but one
   * more comparison: where `key` is frequent, thirty words must not share it.
   */
  bestWindow(index: number): Window {
    let best: Window = { bucket: 0, start: 0 };
    let least = Infinity;
    for (const start of startsOf(wordAt(this.#words, index), { width: this.#width })) {
      const comparison = COST_PER_COMPARISON * this.alone(index, start);
      for (const [bucket, halves] of this.#halves.entries()) {
        if (comparison >= least) break;
        const share = this.#model.passing(this.#with(halves, index, start)) - (this.#shares[bucket] ?? 0);
        const cost = comparison + COST_PER_CANDIDATE * share;
        if (cost < least) [least, best] = [cost, { bucket, start }];
      }
    }
    return best;
  }

  /** Places a word, moves it, or (without a window) removes it. */
  place(index: number, window: Window | undefined): void {
    const before = this.#windows[index];
    this.#windows[index] = window;
    if (before !== undefined) {
      let halves = this.#none();
      for (const [other, at] of this.#windows.entries()) {
        if (at?.bucket === before.bucket) halves = this.#with(halves, other, at.start);
      }
      this.#set(before.bucket, halves);
    }
    if (window === undefined) return;
    const halves = this.#halves[window.bucket] ?? this.#none();
    this.#set(window.bucket, this.#with(halves, index, window.start));
  }

  #set(bucket: number, halves: readonly Readonly<Halves>[]): void {
    this.#halves[bucket] = halves;
    this.#shares[bucket] = this.#model.passing(halves);
  }

  #with(halves: readonly Readonly<Halves>[], index: number, start: number): readonly Readonly<Halves>[] {
    const word = wordAt(this.#words, index);
    return halves.map(({ low, high }, position) => {
      const own = halvesOf(word, start + position);
      return { low: low | own.low, high: high | own.high };
    });
  }

  #none(): readonly Readonly<Halves>[] {
    return Array.from({ length: this.#width }, () => ({ low: 0, high: 0 }));
  }
}
