/**
 * The plan of a set of words: which window of each word the kernel looks for, and which words share a bucket. It decides
 * how many places of a text are looked at twice, never what is found.
 */
import { ByteModel } from './byte-model.ts';
import { ANY, type Halves, halvesOf, wordAt } from './teddy-layout.ts';
import type { Word } from './word.ts';

export interface Window {
  /** 0 to 7 are those of the first group. */
  readonly bucket: number;
  /** Of the window's first byte in the word. Negative when the word is shorter: the bytes before it may be any. */
  readonly start: number;
  /** How many of its bytes are the word's. */
  readonly length: number;
}

export interface Plan {
  /** Bytes of a window. */
  readonly width: number;
  /** Groups of eight buckets. */
  readonly groups: number;
  /** By word. */
  readonly windows: readonly Window[];
}

/** Bytes of a window, where nothing says otherwise. */
const WIDTH = 4;
/** Up to this many words, one group is faster; beyond, the candidates that a second one saves are worth its look-ups. */
const WORDS_PER_GROUP = 160;
/** Windows that begin later in a long word are not considered. */
const LAST_START = 64;
/** How many of a word's windows, the rarest first, are tried. */
const TRIED = 4;

/** Chooses word by word, the one that passes most first: the window and bucket that add the least. A few milliseconds. */
export function greedyPlan(words: readonly Word[], width = WIDTH): Plan {
  const groups = words.length > WORDS_PER_GROUP ? 2 : 1;
  const model = new ByteModel();
  const buckets = Array.from({ length: 8 * groups }, () => new Bucket(model, width));
  const chosen: Window[] = [];
  const options = words.map((word, index) => {
    const starts = startsOf(word, width).map((start) => ({
      start,
      share: model.passing(positionsOf(word, start, width)),
    }));
    starts.sort((a, b) => a.share - b.share);
    return { index, word, starts: starts.slice(0, TRIED), least: starts[0]?.share ?? 1 };
  });
  options.sort((a, b) => b.least - a.least);
  for (const { index, word, starts } of options) {
    let best = { added: Infinity, bucket: 0, start: 0 };
    for (const { start } of starts) {
      const positions = positionsOf(word, start, width);
      for (const [bucket, { costWith, cost }] of buckets
        .map((one) => ({ costWith: one.costWith(positions), cost: one.cost }))
        .entries()) {
        if (costWith - cost < best.added) best = { added: costWith - cost, bucket, start };
      }
    }
    const { bucket, start } = best;
    buckets[bucket]?.add(positionsOf(word, start, width));
    chosen[index] = { bucket, start, length: Math.min(width, word.bytes.length) };
  }
  return {
    width,
    groups,
    windows: words.map((_, index) => chosen[index] ?? { bucket: 0, start: 0, length: width }),
  };
}

/** The share of a text's places that become candidates, estimated. */
export function candidateShare(words: readonly Word[], { width, groups, windows }: Plan): number {
  const model = new ByteModel();
  const buckets = Array.from({ length: 8 * groups }, () => new Bucket(model, width));
  for (const [index, { bucket, start }] of windows.entries()) {
    buckets[bucket]?.add(positionsOf(wordAt(words, index), start, width));
  }
  return buckets.reduce((sum, { cost }) => sum + cost, 0);
}

/** Where a word's window may start. */
export function startsOf({ bytes }: Word, width: number): number[] {
  const last = bytes.length - width;
  return last <= 0 ? [last] : Array.from({ length: Math.min(last, LAST_START) + 1 }, (_, start) => start);
}

export function positionsOf(word: Word, start: number, width: number): Readonly<Halves>[] {
  return Array.from({ length: width }, (_, position) => halvesOf(word, start + position));
}

class Bucket {
  readonly #model: ByteModel;
  #positions: Readonly<Halves>[];
  cost = 0;

  constructor(model: ByteModel, width: number) {
    this.#model = model;
    this.#positions = Array.from({ length: width }, () => ({ low: 0, high: 0 }));
  }

  costWith(positions: readonly Readonly<Halves>[]): number {
    return this.#model.passing(this.#joined(positions));
  }

  add(positions: readonly Readonly<Halves>[]): void {
    this.#positions = this.#joined(positions);
    this.cost = this.#model.passing(this.#positions);
  }

  #joined(positions: readonly Readonly<Halves>[]): Readonly<Halves>[] {
    return this.#positions.map(({ low, high }, at) => {
      const other = positions[at] ?? ANY;
      return { low: low | other.low, high: high | other.high };
    });
  }
}
