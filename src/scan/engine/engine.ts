/**
 * Bytes to matches. One pass looks for all keywords; where one occurs, its pattern's expression runs on the window around
 * it. What is found is exactly what each expression, run alone over the whole text from left to right, would find,
 * whatever the sizes of the chunks in which the text comes.
 *
 * Why that holds: windows that touch are joined before the expression runs on them, so each match lies in one piece of
 * text, and an expression goes on where its last match ended.
 */
import { Automaton } from './automaton.ts';
import { CONTEXT, type Pattern } from './pattern.ts';

export interface Match {
  /** Index into the patterns that the engine was made of. */
  readonly pattern: number;
  /** Of the group `secret`, or of the whole match; offsets from the beginning of the text, in bytes. */
  readonly start: number;
  readonly end: number;
  /** The secret itself, one character per byte. Valid for the moment of the call: keep nothing of it. */
  readonly secret: string;
}

/** Matches of one pattern come from left to right; those of several patterns in no order. */
export type OnMatch = (match: Match) => void;

/** One text that comes in chunks. */
export interface TextScan {
  /**
   * Scans the next chunk: the first `length` bytes of `bytes`. `isLast` when the text ends with them. Matches that may
   * reach beyond it are reported with the next one.
   * @returns how many bytes, the chunk's last, must come again at the beginning of the next chunk.
   */
  scan(bytes: Buffer, length: number, isLast: boolean, onMatch: OnMatch): number;
}

export interface Engine {
  /** How many bytes come again at most. A chunk that is not the last must be longer. */
  readonly reach: number;
  open(): TextScan;
}

/** A pattern made ready, with the window that is being joined. */
interface Expression {
  readonly index: number;
  readonly regExp: RegExp;
  readonly before: number;
  readonly after: number;
  /** Offsets within the chunk; `to` is -1 while there is no window. */
  from: number;
  to: number;
}

interface Word {
  readonly expression: Expression;
  readonly length: number;
}

/**
 * An engine for these patterns. It scans one text at a time, and must not be used again from within `onMatch`.
 * @throws RangeError when a keyword is empty or there are too many.
 */
export function createEngine(patterns: readonly Pattern[]): Engine {
  const words: Word[] = [];
  const texts: string[] = [];
  let reach = 0;
  for (const [index, { keywords, pattern, window }] of patterns.entries()) {
    const flags = [...new Set(`${pattern.flags}dg`)].join('');
    const regExp = new RegExp(pattern.source, flags);
    const expression: Expression = { index, regExp, ...window, from: 0, to: -1 };
    for (const keyword of keywords) {
      words.push({ expression, length: keyword.length });
      texts.push(keyword);
      reach = Math.max(reach, window.before + keyword.length + window.after + 2 * CONTEXT);
    }
  }
  const automaton = new Automaton(texts);
  return { reach, open: () => new ChunkedScan(automaton, words, reach) };
}

class ChunkedScan implements TextScan {
  readonly #automaton: Automaton;
  readonly #words: readonly Word[];
  readonly #reach: number;
  /** Where the chunk begins in the text. */
  #base = 0;
  /** Matches that start before this offset of the text have been reported. */
  #settled = 0;
  /** By pattern: where its last match ended, in the text. */
  readonly #ends = new Map<number, number>();

  constructor(automaton: Automaton, words: readonly Word[], reach: number) {
    this.#automaton = automaton;
    this.#words = words;
    this.#reach = reach;
  }

  scan(bytes: Buffer, length: number, isLast: boolean, onMatch: OnMatch): number {
    const limit = isLast ? length : Math.max(0, length - this.#reach + CONTEXT);
    const open = new Set<Expression>();
    const close = (expression: Expression) => this.#run(expression, bytes, length, limit, onMatch);
    this.#automaton.search(bytes, length, (index, end) => {
      const word = this.#words[index];
      if (word === undefined) return;
      const { expression } = word;
      const from = Math.max(0, end - word.length - expression.before);
      const to = Math.min(length, end + expression.after);
      if (open.has(expression) && from <= expression.to + 2 * CONTEXT) {
        expression.from = Math.min(expression.from, from);
        expression.to = Math.max(expression.to, to);
        return;
      }
      if (open.has(expression)) close(expression);
      open.add(expression);
      expression.from = from;
      expression.to = to;
    });
    for (const expression of open) close(expression);
    const kept = length - Math.max(0, limit - CONTEXT);
    this.#settled = Math.max(this.#settled, this.#base + limit);
    this.#base += length - kept;
    return kept;
  }

  /** Runs an expression on its window, with what stands beside it, for matches that start before `limit`. */
  #run(expression: Expression, bytes: Buffer, length: number, limit: number, onMatch: OnMatch): void {
    const { index, regExp } = expression;
    const from = Math.max(0, expression.from - CONTEXT);
    const text = bytes.toString('latin1', from, Math.min(length, expression.to + CONTEXT));
    const origin = this.#base + from;
    regExp.lastIndex = Math.max(0, this.#settled - origin, (this.#ends.get(index) ?? 0) - origin);
    for (let match = regExp.exec(text); match !== null; match = regExp.exec(text)) {
      if (from + match.index >= limit) break;
      const [start, end] = match.indices?.groups?.['secret'] ?? [match.index, match.index + match[0].length];
      this.#ends.set(index, origin + regExp.lastIndex);
      onMatch({ pattern: index, start: origin + start, end: origin + end, secret: text.slice(start, end) });
      if (match[0] === '') regExp.lastIndex += 1;
    }
  }
}
