/**
 * Runs expressions on their windows in the memory: anchored ones where their keywords begin, patterns of runs at
 * each run, all others from byte to byte. A long window is run in segments, as far as no later word can change it,
 * so that neither strings nor lists of places grow with the text.
 */
import { STEPS_OF_A_MATCH, STEPS_OF_A_RUN } from './budget.ts';
import { type Expression, searching } from './expression.ts';
import { CONTEXT } from './pattern.ts';
import type { Piece } from './piece.ts';
import { TextMatch } from './text-match.ts';

/** Number of bytes at which matches may start that an expression covers in one run. */
export const SEGMENT_BYTES = 32 * 1024;

export class ExpressionRunner {
  readonly #memory: Buffer;
  /** The budget of the piece was used up before its end. */
  isStopped = false;
  /** The text that an expression ran on last, and where it is in the memory. */
  #text = '';
  #textFrom = 0;
  #textTo = 0;

  constructor(memory: Buffer) {
    this.#memory = memory;
  }

  /** Call it for each piece. */
  begin(): void {
    this.isStopped = false;
    this.#textTo = 0;
    this.#textFrom = 0;
  }

  /** Drops the last text. */
  end(): void {
    this.#text = '';
  }

  /** Runs an expression on its window, for matches that start before `until` in the memory and before the piece's limit. */
  run(expression: Expression, piece: Piece, until: number): void {
    if (expression.run !== undefined) this.#runOverRuns(expression, piece, until);
    else if (expression.isAnchored) this.#runAtStarts(expression, piece, until);
    else this.#runOver(expression, piece, until);
  }

  #runAtStarts(expression: Expression, piece: Piece, until: number): void {
    const { end, limit, settled, base, start, ends } = piece;
    const { starts, index, span } = expression;
    // Words arrive in the order of their windows' ends.
    if (starts.length > 1) starts.sort((a, b) => a - b);
    const most = Math.min(end, expression.to + CONTEXT);
    let next = Math.max(settled, ends.get(index) ?? 0) - base + start;
    const regExp = this.#regExpOf(expression, piece);
    let tried = 0;
    for (const at of starts) {
      if (at >= until || at >= limit || this.isStopped) break;
      tried += 1;
      if (at < next) continue;
      const from = Math.max(start, at - CONTEXT);
      const to = Math.min(most, at + span + CONTEXT);
      if (from < this.#textFrom || to > this.#textTo) {
        this.#take(from, Math.max(to, Math.min(most, from + SEGMENT_BYTES)));
      }
      const match = this.#try(regExp, at - this.#textFrom);
      this.spend(piece, 4 * STEPS_OF_A_RUN);
      if (match === null) continue;
      next = this.#found(expression, piece, regExp, match);
    }
    starts.splice(0, tried);
    expression.done = Math.max(expression.done, Math.min(until, expression.to));
  }

  #runOver(expression: Expression, piece: Piece, until: number): void {
    const { end, limit, settled, base, start, ends } = piece;
    const { index, span } = expression;
    const most = Math.min(end, expression.to + CONTEXT);
    const last = Math.min(until, most, limit);
    const regExp = this.#regExpOf(expression, piece);
    let next = Math.max(expression.done, settled - base + start, (ends.get(index) ?? 0) - base + start);
    while (next <= last && expression.done < most && !this.isStopped) {
      // A short window is run as a whole.
      const segment = last - expression.done > 2 * SEGMENT_BYTES ? expression.done + SEGMENT_BYTES : last;
      const from = Math.max(start, expression.done - CONTEXT);
      const to = segment === last && until > most ? most : Math.min(most, segment + span + CONTEXT);
      this.#take(Math.max(from, Math.min(next - CONTEXT, to)), to);
      let match = this.#try(regExp, Math.max(0, next - this.#textFrom));
      for (; match !== null; match = this.#try(regExp, next - this.#textFrom)) {
        const at = this.#textFrom + match.index;
        if (at >= limit || at >= until || (segment < last && at >= segment)) break;
        next = this.#found(expression, piece, regExp, match);
        if (this.isStopped) break;
      }
      this.spend(piece, to - from + STEPS_OF_A_RUN);
      expression.done = segment;
      if (segment === last) break;
      next = Math.max(next, segment);
    }
    expression.done = Math.max(expression.done, Math.min(until, most));
  }

  /**
   * A pattern of runs: its matches are whole runs. Each run is tried once, however long it is and whatever it
   * contains.
   */
  #runOverRuns(expression: Expression, piece: Piece, until: number): void {
    const { run, to: most } = expression;
    if (run === undefined) return;
    const memory = this.#memory;
    const last = Math.min(until, most, piece.limit);
    let at = expression.done;
    // The window may begin within a run.
    const floor = Math.max(piece.start, at - run.most - 1);
    if (run.isOf[memory[at] ?? 0] === 1) while (at > floor && run.isOf[memory[at - 1] ?? 0] === 1) at -= 1;
    this.spend(piece, Math.max(0, last - at) + STEPS_OF_A_RUN);
    while (at < last && !this.isStopped) {
      while (at < last && run.isOf[memory[at] ?? 0] !== 1) at += 1;
      if (at >= last) break;
      let to = at;
      while (to < piece.end && run.isOf[memory[to] ?? 0] === 1) to += 1;
      if (to > expression.done) this.#tryRun(expression, piece, at, to);
      at = to;
    }
    expression.done = Math.max(expression.done, at, Math.min(until, most));
  }

  #tryRun(expression: Expression, piece: Piece, begin: number, to: number): void {
    const { run, index } = expression;
    const { start, end, base, limit, settled, ends, isEachStart = false } = piece;
    if (run === undefined || to - begin < run.least) return;
    let from = begin;
    // A run that is too long, or begins in another chunk, may still match from the beginning of one of its
    // parts.
    if ((begin === start && base > 0) || to - begin > run.most) {
      from = Math.max(from, to - run.most, settled - base + start, (ends.get(index) ?? 0) - base + start);
      while (from < to && run.isJoin[this.#memory[from - 1] ?? 0] === 1) from += 1;
    }
    if (from >= limit || to - from < run.least || (!isEachStart && base + from - start < settled)) return;
    const regExp = this.#regExpOf(expression, piece);
    this.#take(Math.max(start, from - CONTEXT), Math.min(end, to + CONTEXT));
    const match = this.#try(regExp, from - this.#textFrom);
    this.spend(piece, to - from + STEPS_OF_A_RUN);
    if (match !== null) this.#found(expression, piece, regExp, match);
  }

  #regExpOf(expression: Expression, { isBinary = false }: Piece): RegExp {
    const { isAnchored, run, pattern, binaryPattern } = expression;
    const isSticky = isAnchored || run !== undefined;
    return isBinary
      ? (expression.binaryRegExp ??= searching(binaryPattern, isSticky))
      : (expression.regExp ??= searching(pattern, isSticky));
  }

  #try(regExp: RegExp, at: number): RegExpExecArray | null {
    regExp.lastIndex = at;
    return regExp.exec(this.#text);
  }

  /** @returns where in the memory the next match may begin */
  #found(expression: Expression, piece: Piece, regExp: RegExp, match: RegExpExecArray): number {
    const { base, start, ends, isEachStart = false, onMatch } = piece;
    const origin = base + this.#textFrom - start;
    const from = this.#textFrom;
    const after = from + regExp.lastIndex;
    if (!isEachStart) ends.set(expression.index, origin + regExp.lastIndex);
    onMatch(new TextMatch(expression.index, regExp, match, origin));
    this.spend(piece, STEPS_OF_A_MATCH);
    return isEachStart || match[0] === '' ? from + match.index + 1 : after;
  }

  /** Creates a text of these bytes, unless it is the last one created. */
  #take(from: number, to: number): void {
    if (this.#textFrom === from && this.#textTo === to) return;
    this.#text = this.#memory.toString('latin1', from, to);
    this.#textFrom = from;
    this.#textTo = to;
  }

  /** Charges steps to the piece's budget. */
  spend({ budget }: Piece, steps: number): void {
    if (budget?.spend(steps) === true) this.isStopped = true;
  }
}
