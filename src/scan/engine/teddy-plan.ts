/**
 * The plan of a set of words: which window of each word the kernel looks for, and which words share a bucket. It decides
 * how many places of a text are looked at twice, never what is found.
 */
import { ByteModel } from './byte-model.ts';
import { type Halves, halvesOf, wordAt } from './teddy-layout.ts';
import type { Word } from './word.ts';

export interface Window {
  /** 0 to 7 are those of the first group. */
  readonly bucket: number;
  /** Of the window's first byte in the word. Negative when the word is shorter: the bytes before it may be any. */
  readonly start: number;
}

/** How many look-ups a kernel makes for each byte. */
export interface Shape {
  /** Bytes of a window, 2 to 4. */
  readonly width: number;
  /** Groups of eight buckets. */
  readonly groups: number;
}

export interface Plan extends Shape {
  /** By word. */
  readonly windows: readonly Window[];
}

/** A plan that is kept: windows as `[bucket, start]`, by `wordKey`. */
export interface KeptPlan extends Shape {
  readonly windows: Readonly<Record<string, readonly [bucket: number, start: number]>>;
}

export const shapes: readonly Shape[] = [
  { width: 3, groups: 1 },
  { width: 4, groups: 1 },
  { width: 3, groups: 2 },
  { width: 4, groups: 2 },
];

/** Windows that begin later in a long word are not considered. */
const LAST_START = 64;
/** How many of a word's windows, the rarest first, a quick choice looks at. */
const TRIED = 3;
/** Of more words, only the rarest window is tried, and only the shape that suits many: the choice must not take long. */
const MANY = 200;
const SHAPE_OF_MANY: Shape = { width: 3, groups: 2 };

/** What names a word in a kept plan. */
export function wordKey({ bytes, caseless }: Word): string {
  return `${caseless ? 'i' : 's'}:${Buffer.from(bytes).toString('latin1')}`;
}

/** The kept plan for these words; a new one when it lacks a word. */
export function planOf(words: readonly Word[], kept: KeptPlan | undefined): Plan {
  const windows = words.map((word) => kept?.windows[wordKey(word)]);
  if (kept === undefined || windows.includes(undefined)) return quickPlan(words);
  const { width, groups } = kept;
  return {
    width,
    groups,
    windows: windows.map((window) => ({ bucket: window?.[0] ?? 0, start: window?.[1] ?? 0 })),
  };
}

/** The cheapest of the shapes, each with a quick choice of windows: 5 ms for 60 words, 200 ms for 1,000. */
function quickPlan(words: readonly Word[]): Plan {
  const model = new ByteModel();
  let best: Plan | undefined;
  let least = Infinity;
  for (const shape of words.length > MANY ? [SHAPE_OF_MANY] : shapes) {
    // More look-ups pay only if they save more candidates than there are.
    if (best !== undefined && kernelCost(shape, 0) >= least) continue;
    const buckets = new Buckets(model, words, shape);
    const plan = greedyPlan(words, shape, buckets);
    const cost = kernelCost(shape, buckets.share);
    if (cost < least) [best, least] = [plan, cost];
  }
  return best ?? { width: 3, groups: 1, windows: [] };
}

/**
 * Nanoseconds per byte, on the machine where it was measured (5 GHz Zen 5); their ratio is what counts. A candidate costs
 * some 4 ns: two look-ups in tables, and about every second one a comparison.
 */
export function kernelCost({ width, groups }: Shape, share: number): number {
  return 0.025 + 0.0235 * width * groups + 4 * share;
}

/** Places word by word, the one that passes most first, where it adds the least. */
export function greedyPlan(words: readonly Word[], shape: Shape, buckets: Buckets): Plan {
  const options = words.map((word, index) => {
    const rated = startsOf(word, shape).map((start) => ({ start, share: buckets.alone(index, start) }));
    const starts = rated.sort((a, b) => a.share - b.share).slice(0, words.length > MANY ? 1 : TRIED);
    return { index, starts, least: starts[0]?.share ?? 1 };
  });
  const windows = words.map(() => ({ bucket: 0, start: 0 }));
  for (const { index, starts } of options.sort((a, b) => b.least - a.least)) {
    let least = Infinity;
    for (const { start } of starts) {
      for (let bucket = 0; bucket < 8 * shape.groups; bucket += 1) {
        const added = buckets.added(index, { bucket, start });
        if (added < least) [least, windows[index]] = [added, { bucket, start }];
      }
    }
    buckets.place(index, windows[index]);
  }
  return { ...shape, windows };
}

/** Where a word's window may start. */
export function startsOf({ bytes }: Word, { width }: Shape): number[] {
  const last = bytes.length - width;
  return last <= 0 ? [last] : Array.from({ length: Math.min(last, LAST_START) + 1 }, (_, start) => start);
}

/** Which words are in which bucket, and what that costs. */
export class Buckets {
  readonly #model: ByteModel;
  readonly #words: readonly Word[];
  readonly #width: number;
  /** By bucket: what it lets pass at each position, and the share of places that do. */
  readonly #halves: (readonly Readonly<Halves>[])[];
  readonly #shares: number[];
  readonly #windows: (Window | undefined)[];

  constructor(model: ByteModel, words: readonly Word[], { width, groups }: Shape) {
    this.#model = model;
    this.#words = words;
    this.#width = width;
    this.#halves = Array.from({ length: 8 * groups }, () => this.#none());
    this.#shares = Array.from({ length: 8 * groups }, () => 0);
    this.#windows = words.map(() => undefined);
  }

  /** The share of a text's places that are candidates, estimated. */
  get share(): number {
    return this.#shares.reduce((sum, share) => sum + share, 0);
  }

  /** The share that a window lets pass by itself. */
  alone(index: number, start: number): number {
    return this.#model.passing(this.#with(this.#none(), index, start));
  }

  /** How much the share grows when a word is placed that is in no bucket. */
  added(index: number, { bucket, start }: Window): number {
    const halves = this.#with(this.#halves[bucket] ?? this.#none(), index, start);
    return this.#model.passing(halves) - (this.#shares[bucket] ?? 0);
  }

  /** Places a word, moves it, or with no window takes it away. */
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
