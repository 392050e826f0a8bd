/**
 * From bytes to matches. One pass searches for all keywords; where one occurs, its pattern's expression runs on the
 * window around it. The result is exactly what each expression would find if it ran alone over the whole text from
 * left to right, regardless of how the text is divided into chunks.
 */
import type { Countable } from './byte-counter.ts';
import type { WorkBudget } from './budget.ts';
import { Confirmation } from './confirmation.ts';
import { targetsOf } from './expression.ts';
import { CONTEXT, type Pattern } from './pattern.ts';
import type { Prefilter } from './word-search.ts';
import { createPrefilter } from './prefilter.ts';
import type { Kernel } from './simd-support.ts';
import { drained } from './steps.ts';
import type { KeptPlan } from './plan.ts';
import type { Match, OnMatch } from './text-match.ts';

/** A text, or the part of one given by `bytesOf`, that comes in chunks. */
export interface TextScan {
  /**
   * Scans the next chunk: the engine's memory from its beginning to before `end`. `isLast` when there is no other.
   * Matches that may reach beyond it are reported with the next one.
   * @returns how many bytes, the chunk's last, must come again at the beginning of the next chunk.
   */
  scan(end: number, isLast: boolean, onMatch: OnMatch): number;
  /** Like `scan`, in steps between which other work can be done. The memory must not change until the last one. */
  steps(end: number, isLast: boolean, onMatch: OnMatch): Generator<void, number, void>;
  /** True when the budget was used up: the rest of the text will not be scanned. */
  readonly isStopped: boolean;
}

/** Offsets in a text. Each is its beginning, its end, or one that `Engine.cut` returned. */
export interface TextPart {
  readonly from: number;
  readonly to: number;
}

/** The bytes that a scan of the part must be given. `to` may lie beyond the text's end. */
export function bytesOf({ from, to }: TextPart, { reach }: Engine): TextPart {
  return { from: Math.max(0, from - CONTEXT), to: to + reach };
}

/** Options for scanning a text. */
export interface TextOptions {
  /** The patterns without keywords to search for in it. */
  readonly requested?: readonly number[];
  /** It is in a binary: the patterns' binary variants run. */
  readonly isBinary?: boolean;
  /** The part of it to scan: matches that start there. */
  readonly part?: TextPart | undefined;
  /** Limits the work on it. Default: no limit. */
  readonly budget?: WorkBudget | undefined;
}

export interface Engine {
  /** The memory that texts are read into. */
  readonly memory: Buffer;
  /** Maximum number of bytes that must come again. A chunk that is not the last must be longer. */
  readonly reach: number;
  /** Starts a text, or one part of a text. */
  open(options?: TextOptions): TextScan;
  /**
   * The first place in the memory, at `from` or later, at which no match of any pattern with keywords can be open,
   * regardless of the matches before it: a text that is cut there and scanned in two parts gives the matches of the
   * whole. Undefined when there is none up to `reach` bytes before `end`. `reach` bytes before `from` must be
   * there, or the text's beginning.
   */
  cut(from: number, end: number): number | undefined;
  /** How many such bytes there are in the memory from `start` to before `end`. */
  count(what: Countable, start: number, end: number): number;
  /**
   * Scans whole texts that lie one after another in the memory, from its beginning: text `i` ends before `ends[i]`.
   * One search covers them all. Matches are reported text by text. `requested`: the patterns without keywords to
   * search for, by text; texts for which there are none may be omitted. `budgetOf` is called for each text with a
   * word, when it is processed; `onStopped` for each text whose budget was used up.
   */
  scanTexts(
    ends: readonly number[],
    onMatch: (match: Match, text: number) => void,
    requested?: ReadonlyMap<number, readonly number[]>,
    budgets?: TextBudgets,
  ): void;
}

export interface TextBudgets {
  readonly budgetOf: (text: number) => WorkBudget;
  readonly onStopped: (text: number) => void;
}

export interface EngineOptions {
  /** Bytes of memory. */
  readonly capacity: number;
  /** Default: the fastest on this machine. */
  readonly kernel?: Kernel | undefined;
  /** How to search for the keywords, computed in advance. If it lacks a keyword, it is computed again. */
  readonly plan?: KeptPlan | undefined;
}

/**
 * An engine for these patterns. It scans one text at a time, and must not be used again from within `onMatch`.
 * @throws RangeError when a keyword is empty, too long or has a character that is not a byte, or when there are too
 *   many.
 */
export function createEngine(patterns: readonly Pattern[], options: EngineOptions): Engine {
  const { words, targets, expressions, reach } = targetsOf(patterns);
  const prefilter = createPrefilter(words, options);
  const longest = Math.max(0, ...words.map(({ bytes }) => bytes.length));
  return new PatternEngine(
    prefilter,
    new Confirmation(prefilter.memory, targets, expressions),
    reach,
    longest,
  );
}

/** Bytes of a chunk that are searched between two steps. */
const STEP_BYTES = 64 * 1024;
/** Expressions that finish their windows between two steps. */
const EXPRESSIONS_PER_STEP = 16;

const WHOLE: TextPart = { from: 0, to: Infinity };

/** A text, chunk by chunk. */
class ChunkScan implements TextScan {
  readonly #confirmation: Confirmation;
  readonly #reach: number;
  readonly #options: TextOptions;
  readonly #confirming: (end: number) => Generator<void, void, void>;
  /** Where each pattern's last match ended, in the text. */
  readonly #ends = new Map<number, number>();
  /** Where the chunk begins in the text; matches that start before `settled` have been reported. */
  #base: number;
  #settled: number;
  #isStopped = false;

  constructor(
    confirmation: Confirmation,
    reach: number,
    options: TextOptions,
    confirming: (end: number) => Generator<void, void, void>,
  ) {
    this.#confirmation = confirmation;
    this.#reach = reach;
    this.#options = options;
    this.#confirming = confirming;
    const { part = WHOLE } = options;
    this.#base = Math.max(0, part.from - CONTEXT);
    this.#settled = part.from;
  }

  get isStopped(): boolean {
    return this.#isStopped;
  }

  scan(end: number, isLast: boolean, onMatch: OnMatch): number {
    return drained(this.steps(end, isLast, onMatch));
  }

  *steps(end: number, isLast: boolean, onMatch: OnMatch): Generator<void, number, void> {
    const { requested = [], isBinary = false, part = WHOLE, budget } = this.#options;
    const base = this.#base;
    const settled = this.#settled;
    const whole = isLast ? end : Math.max(0, end - this.#reach + CONTEXT);
    const limit = Math.min(whole, part.to - base);
    if (!this.#isStopped) {
      const piece = { start: 0, end, base, limit, settled, ends: this.#ends, isBinary, onMatch, budget };
      this.#confirmation.begin(piece, requested);
      yield* this.#confirming(end);
      this.#isStopped = this.#confirmation.isStopped;
    }
    const kept = end - Math.max(0, whole - CONTEXT);
    this.#settled = Math.max(settled, base + limit);
    this.#base = base + end - kept;
    return kept;
  }
}

class PatternEngine implements Engine {
  readonly memory: Buffer;
  readonly reach: number;
  readonly #prefilter: Prefilter;
  readonly #confirmation: Confirmation;

  /** Bytes of the longest word. */
  readonly #longest: number;

  constructor(prefilter: Prefilter, confirmation: Confirmation, reach: number, longest: number) {
    this.#longest = longest;
    this.memory = prefilter.memory;
    this.reach = reach;
    this.#prefilter = prefilter;
    this.#confirmation = confirmation;
  }

  open(options: TextOptions = {}): TextScan {
    return new ChunkScan(this.#confirmation, this.reach, options, (end) => this.#confirming(end));
  }

  /** Searches the memory up to `end`, and confirms what is there. */
  *#confirming(end: number): Generator<void, void, void> {
    const confirmation = this.#confirmation;
    const onWord = (word: number, at: number) => confirmation.word(word, at);
    try {
      for (let from = 0; from < end && !confirmation.isStopped;) {
        const to = Math.min(end, from + STEP_BYTES);
        // A word may span the end of the previous step.
        this.#prefilter.search(Math.max(0, from - this.#longest + 1), to, onWord);
        confirmation.advance(to);
        from = to;
        yield;
      }
      while (!confirmation.finish(EXPRESSIONS_PER_STEP)) yield;
    } finally {
      confirmation.abandon();
    }
  }

  cut(from: number, end: number): number | undefined {
    const confirmation = this.#confirmation;
    const limit = end - this.reach + CONTEXT;
    const found: Match[] = [];
    const onMatch = (match: Match) => void found.push(match);
    const ends = new Map<number, number>();
    confirmation.begin({ start: 0, end, base: 0, limit, settled: 0, ends, onMatch, isEachStart: true });
    this.#prefilter.search(0, end, (word, at) => confirmation.word(word, at));
    confirmation.finish();
    let place = from;
    for (const { whole } of found.sort((a, b) => a.whole.from - b.whole.from)) {
      if (whole.from < place) place = Math.max(place, whole.to);
    }
    return place <= limit ? place : undefined;
  }

  count(what: Countable, start: number, end: number): number {
    return this.#prefilter.count(what, start, end);
  }

  scanTexts(...[ends, onMatch, requested = new Map(), budgets]: Parameters<Engine['scanTexts']>): void {
    const confirmation = this.#confirmation;
    let text = -1;
    let start = 0;
    let end = 0;
    let isOpen = false;
    const begin = () => {
      const index = text;
      const report = (match: Match) => onMatch(match, index);
      const place = { start, end, base: 0, limit: end, settled: 0, budget: budgets?.budgetOf(index) };
      confirmation.begin({ ...place, ends: new Map(), onMatch: report }, requested.get(index));
      isOpen = true;
    };
    const finish = () => {
      if (!isOpen) return;
      confirmation.finish();
      if (confirmation.isStopped) budgets?.onStopped(text);
      isOpen = false;
    };
    // Leaves the text, and skips those that follow up to the one that contains this offset.
    const advanceTo = (at: number) => {
      while (at >= end && text < ends.length) {
        finish();
        text += 1;
        start = end;
        end = ends[text] ?? Infinity;
        if (requested.has(text)) begin();
      }
    };
    this.#prefilter.search(0, ends.at(-1) ?? 0, (word, at) => {
      advanceTo(at);
      if (!isOpen) begin();
      // A word that began in the previous text and is reported late is part of neither text.
      if (at >= start) confirmation.word(word, at);
    });
    advanceTo(Infinity);
  }
}
