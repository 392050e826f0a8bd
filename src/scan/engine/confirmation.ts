/**
 * From words to matches: the window around each word, joined with those that it touches, and the expression on it.
 *
 * Why that finds what a plain scan finds: windows that touch are joined before the expression runs on them, so each match
 * lies in one piece of text, and an expression goes on where its last match ended.
 */
import { bytesOfClass } from './byte-set.ts';
import { CONTEXT, type Pattern, type RunOfBytes } from './pattern.ts';
import { type Place, secretPlace } from './secret-place.ts';
import { type Word, toWord } from './word.ts';

export interface Match {
  /** Index into the patterns that the engine was made of. */
  readonly pattern: number;
  /** Of the group `secret`, or of the whole match; offsets from the beginning of the text, in bytes. To be asked late. */
  readonly start: number;
  readonly end: number;
  /** The whole match: from its first byte to before `to`; its text is as secret as the secret. */
  readonly whole: { readonly from: number; readonly to: number; readonly text: string };
  /** What stands before the whole match: up to `CONTEXT` bytes, one character each. As the secret, not to be kept. */
  readonly before: string;
  /** The secret itself, one character per byte. Valid for the moment of the call: keep nothing of it. */
  readonly secret: string;
  /** What the expression's named groups captured. As the secret, it is not to be kept. */
  readonly groups: Groups;
}

export type Groups = Readonly<Record<string, string | undefined>>;

/** Matches of one pattern come from left to right; those of several patterns in no order. */
export type OnMatch = (match: Match) => void;

/** Bytes that must follow, made ready. */
interface Run {
  /** By byte: 1 for a member. */
  readonly isOf: Uint8Array;
  readonly least: number;
  readonly most: number;
  readonly or: readonly Uint8Array[];
}

/** A value, made ready. */
interface Value {
  readonly isOf: Uint8Array;
  readonly isHeld: Uint8Array;
  readonly long: number;
}

/** A pattern made ready, with the window that is being joined. */
export interface Expression {
  readonly index: number;
  /**
   * Its matches begin with a keyword, so it is only tried where one is: in source code, a search from every byte of the
   * windows takes four times as long.
   */
  readonly isAnchored: boolean;
  /** As the rule has them. */
  readonly pattern: RegExp;
  readonly loosePattern: RegExp;
  /** Ready to run, made at the first run: most rules of most runs never come to it. */
  regExp: RegExp | undefined;
  loose: RegExp | undefined;
  readonly before: number;
  readonly after: number;
  /** Windows up to this far apart are joined. */
  readonly apart: number;
  readonly next: readonly Run[];
  readonly value: Value | undefined;
  readonly isMarker: boolean;
  /** Offsets in the memory; `to` is -1 while there is no window. */
  from: number;
  to: number;
  /** Where the window's keywords begin, as they were found. Only of an anchored one. */
  readonly starts: number[];
}

/** What a word is looked for. */
export interface Target {
  readonly expression: Expression;
  /** Of the word, in bytes. */
  readonly length: number;
}

/** The patterns' words, each once, with what each is looked for; and how far apart chunks must let a match reach. */
export function targetsOf(patterns: readonly Pattern[]): {
  readonly words: readonly Word[];
  readonly targets: readonly (readonly Target[])[];
  readonly expressions: readonly Expression[];
  readonly reach: number;
} {
  const byWord = new Map<string, { readonly word: Word; readonly targets: Target[] }>();
  const expressions: Expression[] = [];
  let reach = 0;
  for (const [index, one] of patterns.entries()) {
    const {
      keywords,
      caseless = false,
      pattern,
      loose = pattern,
      window,
      next,
      value,
      isMarker = false,
    } = one;
    const longest = Math.max(0, ...keywords.map(({ length }) => length));
    const isAnchored = keywords.length > 0 && window.before === 0;
    const expression: Expression = {
      index,
      isAnchored,
      pattern,
      loosePattern: loose,
      regExp: undefined,
      loose: undefined,
      ...window,
      // A word may come after another one that begins up to this much later: both go back by the longest word at most.
      apart: 2 * CONTEXT + 2 * longest,
      next: [next ?? []].flat().map(runOf),
      value: value && {
        isOf: bytesOfClass(value.of),
        isHeld: bytesOfClass(value.holds),
        long: value.long,
      },
      isMarker,
      from: 0,
      to: -1,
      starts: [],
    };
    expressions.push(expression);
    for (const keyword of new Set(keywords)) {
      const word = toWord(keyword, caseless);
      const key = `${caseless ? 'i' : '='}${Buffer.from(word.bytes).toString('latin1')}`;
      const entry = byWord.get(key) ?? { word, targets: [] };
      byWord.set(key, entry);
      entry.targets.push({ expression, length: keyword.length });
    }
    reach = Math.max(reach, window.before + longest + window.after + 2 * CONTEXT);
  }
  const entries = [...byWord.values()];
  return {
    words: entries.map(({ word }) => word),
    targets: entries.map(({ targets }) => targets),
    expressions,
    reach,
  };
}

/** The expression, so that it begins where it is told to, there or anywhere after. */
function searching({ source, flags }: RegExp, isAnchored: boolean): RegExp {
  return new RegExp(source, [...new Set(flags + (isAnchored ? 'y' : 'g'))].join(''));
}

function runOf({ of, least, most = least, or = [] }: RunOfBytes): Run {
  return { isOf: bytesOfClass(of), least, most, or: or.map((text) => Buffer.from(text, 'latin1')) };
}

/** A text, or a chunk of one, that lies in the memory from `start` to before `end`. */
export interface Piece {
  readonly start: number;
  readonly end: number;
  /** Where it begins in the text. */
  readonly base: number;
  /** Matches that start here in the memory, or later, wait for the next chunk. */
  readonly limit: number;
  /** Matches that start before this offset of the text have been reported. */
  readonly settled: number;
  /** By pattern: where its last match ended, in the text. */
  readonly ends: Map<number, number>;
  readonly isLoose?: boolean;
  /** To report what the expression matches from each byte on, were the matches before it not there. */
  readonly isEachStart?: boolean;
  readonly onMatch: OnMatch;
}

/** Confirms the words of one piece after the other. */
export class Confirmation {
  readonly #memory: Buffer;
  /** By word. */
  readonly #targets: readonly (readonly Target[])[];
  /** By pattern. */
  readonly #expressions: readonly Expression[];
  readonly #open: Expression[] = [];
  #piece: Piece | undefined;

  constructor(memory: Buffer, targets: readonly (readonly Target[])[], expressions: readonly Expression[]) {
    this.#memory = memory;
    this.#targets = targets;
    this.#expressions = expressions;
  }

  /** Begins a piece, and asks for the patterns without keywords that are to run over the whole of it. */
  begin(piece: Piece, requested: readonly number[] = []): void {
    this.#piece = piece;
    for (const index of requested) {
      const expression = this.#expressions[index];
      if (expression === undefined) continue;
      expression.from = piece.start;
      expression.to = piece.end;
      this.#open.push(expression);
    }
  }

  /** A word that begins in the piece, at this offset of the memory. */
  word(index: number, at: number): void {
    const piece = this.#piece;
    const targets = this.#targets[index];
    if (piece === undefined || targets === undefined) return;
    for (const { expression, length } of targets) {
      const after = at + length;
      if (after > piece.end) return;
      if (expression.isMarker) {
        const start = piece.base + at - piece.start;
        const whole = { from: start, to: start + length, text: '' };
        piece.onMatch({
          pattern: expression.index,
          start,
          end: whole.to,
          whole,
          before: '',
          secret: '',
          groups: {},
        });
        continue;
      }
      if (!this.#follow(expression, after, piece.end)) continue;
      const from = Math.max(piece.start, at - expression.before);
      const to = Math.min(piece.end, after + expression.after);
      if (expression.to >= 0 && from <= expression.to + expression.apart) {
        expression.from = Math.min(expression.from, from);
        expression.to = Math.max(expression.to, to);
      } else {
        if (expression.to < 0) this.#open.push(expression);
        else this.#run(expression, piece);
        expression.from = from;
        expression.to = to;
      }
      if (expression.isAnchored) expression.starts.push(at);
    }
  }

  /** Runs what is left. */
  finish(): void {
    const piece = this.#piece;
    if (piece === undefined) return;
    for (const expression of this.#open) {
      this.#run(expression, piece);
      expression.to = -1;
    }
    this.#open.length = 0;
    this.#piece = undefined;
  }

  #follow({ next, value }: Expression, from: number, end: number): boolean {
    let at = from;
    let begin = from;
    const memory = this.#memory;
    for (const { isOf, least, most, or } of next) {
      begin = at;
      const limit = Math.min(end, begin + most);
      while (at < limit && isOf[memory[at] ?? 0] === 1) at += 1;
      if (at - begin < least) return this.#standsAny(or, begin, end);
    }
    if (value === undefined || this.#isWorth(value, begin, end)) return true;
    return this.#standsAny(next.at(-1)?.or ?? [], begin, end);
  }

  /** The value that begins here is long, or holds what it must. */
  #isWorth({ isOf, isHeld, long }: Value, begin: number, end: number): boolean {
    const memory = this.#memory;
    // Signs at the beginning may have been taken for what is before it.
    let before = begin - 1;
    while (before >= begin - MAX_SIGNS && isSign(memory[before] ?? 0)) before -= 1;
    const quote = memory[before] ?? 0;
    const isQuoted = isQuote(quote);
    // An escaped quote ends with another one.
    const isEscaped = memory[before - 1] === BACKSLASH;
    const limit = Math.min(end, begin + long - MAX_SIGNS);
    let at = begin;
    for (; at < limit; at += 1) {
      const byte = memory[at] ?? 0;
      if (isHeld[byte] === 1) return true;
      if (isQuoted ? (byte === quote && !isEscaped) || !isPrintable(byte) : isOf[byte] === 0) break;
    }
    // It goes on where the text ends, or its quotes begin after a letter that says how it is written: f"...".
    return at === limit || (!isQuoted && at - begin <= MAX_SIGNS && isQuote(memory[at] ?? 0));
  }

  #standsAny(texts: readonly Uint8Array[], at: number, end: number): boolean {
    for (const text of texts) if (this.#stands(text, at, end)) return true;
    return false;
  }

  #stands(text: Uint8Array, at: number, end: number): boolean {
    if (at + text.length > end) return false;
    for (let index = 0; index < text.length; index += 1) {
      if (this.#memory[at + index] !== text[index]) return false;
    }
    return true;
  }

  /** Runs an expression on its window, with what stands beside it, for matches that start before the limit. */
  #run(expression: Expression, piece: Piece): void {
    const { start, end, base, limit, settled, ends, isLoose = false, isEachStart = false } = piece;
    const { index, starts } = expression;
    const regExp = isLoose
      ? (expression.loose ??= searching(expression.loosePattern, expression.isAnchored))
      : (expression.regExp ??= searching(expression.pattern, expression.isAnchored));
    const from = Math.max(start, expression.from - CONTEXT);
    const text = this.#memory.toString('latin1', from, Math.min(end, expression.to + CONTEXT));
    const origin = base + from - start;
    /** Where in the text the next match may begin. */
    let next = Math.max(0, settled - origin, (ends.get(index) ?? 0) - origin);
    const find = (at: number) => {
      regExp.lastIndex = at;
      const match = regExp.exec(text);
      if (match === null || from + match.index >= limit) return false;
      next = isEachStart || match[0] === '' ? match.index + 1 : regExp.lastIndex;
      if (!isEachStart) ends.set(index, origin + regExp.lastIndex);
      piece.onMatch(new TextMatch(index, regExp, match, origin));
      return true;
    };
    if (expression.isAnchored) {
      // Words come in the order of their windows' ends.
      if (starts.length > 1) starts.sort((a, b) => a - b);
      for (const at of starts) if (at - from >= next) find(at - from);
      starts.length = 0;
    } else while (find(next));
  }
}

/** Signs that a value may begin with, and letters before a quote. */
const MAX_SIGNS = 2;

const BACKSLASH = 0x5c;

/** `"`, `'` and the backtick. */
function isQuote(byte: number): boolean {
  return byte === 0x22 || byte === 0x27 || byte === 0x60;
}

/** `+`, `-` and the full stop. */
function isSign(byte: number): boolean {
  return byte === 0x2b || byte === 0x2d || byte === 0x2e;
}

function isPrintable(byte: number): boolean {
  return byte > 0x20 && byte !== 0x7f;
}

/** A match in a text that begins at this offset of the whole one. */
class TextMatch implements Match {
  readonly pattern: number;
  readonly whole: Match['whole'];
  readonly secret: string;
  readonly groups: Groups;
  readonly #expression: RegExp;
  readonly #match: RegExpExecArray;
  readonly #origin: number;

  constructor(pattern: number, expression: RegExp, match: RegExpExecArray, origin: number) {
    const { 0: text, index, groups = {} } = match;
    this.pattern = pattern;
    this.whole = { from: origin + index, to: origin + index + text.length, text };
    this.groups = groups;
    this.secret = groups['secret'] ?? text;
    this.#expression = expression;
    this.#match = match;
    this.#origin = origin;
  }

  get before(): string {
    const { index, input } = this.#match;
    return input.slice(Math.max(0, index - CONTEXT), index);
  }

  get start(): number {
    return this.#origin + this.#place[0];
  }

  get end(): number {
    return this.#origin + this.#place[1];
  }

  get #place(): Place {
    return secretPlace(this.#expression, this.#match);
  }
}
