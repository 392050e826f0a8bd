/**
 * From words to matches: the window around each word, joined with those that it touches, and the expression on it.
 *
 * Why that finds what a plain scan finds: windows that touch are joined before the expression runs on them, so each match
 * lies in one piece of text, and an expression goes on where its last match ended. A long window is run in segments, as far as no
 * later word can change it, so that neither strings nor lists of places grow with the text.
 */
import { STEPS_OF_A_MATCH, STEPS_OF_A_RUN, type WorkBudget } from './budget.ts';
import { ByteChecks } from './byte-checks.ts';
import { type Expression, type Target, searching } from './expression.ts';
import { CONTEXT } from './pattern.ts';
import { type OnMatch, TextMatch } from './text-match.ts';

/** Bytes at which matches may start that an expression covers in one run. */
const SEGMENT = 32 * 1024;
/** Most places that wait for an anchored expression to be tried there. */
const MOST_STARTS = 4096;

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
  readonly budget?: WorkBudget | undefined;
  readonly onMatch: OnMatch;
}

/** Confirms the words of one piece after the other. */
export class Confirmation {
  readonly #memory: Buffer;
  readonly #checks: ByteChecks;
  /** By word. */
  readonly #targets: readonly (readonly Target[])[];
  /** By pattern. */
  readonly #expressions: readonly Expression[];
  readonly #open: Expression[] = [];
  /** Requested expressions without keywords. */
  readonly #requested: Expression[] = [];
  #piece: Piece | undefined;
  /** Words that end here in the memory or before have been taken. */
  #taken = 0;
  #isStopped = false;
  /** The text that an expression ran on last, and where it is in the memory. */
  #text = '';
  #textFrom = 0;
  #textTo = 0;

  constructor(memory: Buffer, targets: readonly (readonly Target[])[], expressions: readonly Expression[]) {
    this.#memory = memory;
    this.#checks = new ByteChecks(memory);
    this.#targets = targets;
    this.#expressions = expressions;
  }

  /** True when the budget of the piece was spent before its end. */
  get isStopped(): boolean {
    return this.#isStopped;
  }

  /** Begins a piece, and asks for the patterns without keywords that are to run over the whole of it. */
  begin(piece: Piece, requested: readonly number[] = []): void {
    this.#piece = piece;
    this.#checks.begin();
    this.#isStopped = false;
    this.#taken = 0;
    this.#textTo = 0;
    this.#textFrom = 0;
    for (const index of requested) {
      const expression = this.#expressions[index];
      if (expression === undefined) continue;
      expression.from = piece.start;
      expression.to = piece.end;
      expression.done = piece.start;
      this.#requested.push(expression);
    }
  }

  /** All words that end before this offset of the memory have been passed in. Words that are passed in again count once. */
  advance(to: number): void {
    const piece = this.#piece;
    if (piece === undefined) return;
    this.#taken = to;
    for (const expression of this.#requested) this.#runTo(expression, piece, to);
  }

  /** A word that begins in the piece, at this offset of the memory. */
  word(index: number, at: number): void {
    const piece = this.#piece;
    const targets = this.#targets[index];
    if (piece === undefined || targets === undefined || this.#isStopped) return;
    for (const { expression, length } of targets) {
      const after = at + length;
      if (after > piece.end || after <= this.#taken) return;
      if (expression.isMarker) {
        this.#mark(expression, piece, at, length);
        continue;
      }
      if (!this.#checks.follow(expression, after, piece.end)) continue;
      this.#join(expression, piece, at, after);
    }
  }

  /**
   * Runs some of the remaining windows.
   * @returns true when nothing is left, and the piece is over
   */
  finish(most = Infinity): boolean {
    const piece = this.#piece;
    if (piece === undefined) return true;
    for (let count = 0; count < most; count += 1) {
      const expression = this.#requested.pop() ?? this.#open.pop();
      if (expression === undefined) {
        this.#piece = undefined;
        this.#text = '';
        return true;
      }
      this.#runTo(expression, piece, Infinity);
      close(expression);
    }
    return false;
  }

  /** Drops the piece if it is not finished. */
  abandon(): void {
    for (const expression of [...this.#requested, ...this.#open]) close(expression);
    this.#requested.length = 0;
    this.#open.length = 0;
    this.#piece = undefined;
    this.#text = '';
  }

  #mark({ index }: Expression, { base, start, onMatch }: Piece, at: number, length: number): void {
    const from = base + at - start;
    const whole = { from, to: from + length, text: '' };
    onMatch({ pattern: index, start: from, end: whole.to, whole, before: '', secret: '', groups: {} });
    this.#spend(STEPS_OF_A_RUN);
  }

  #join(expression: Expression, piece: Piece, at: number, after: number): void {
    const from = Math.max(piece.start, at - expression.before);
    const to = Math.min(piece.end, after + expression.after);
    // Whatever it belongs to comes with the next chunk.
    if ((expression.isAnchored ? at : from - CONTEXT) >= piece.limit) return;
    if (expression.to >= 0 && from <= expression.to + expression.apart) {
      expression.from = Math.min(expression.from, from);
      expression.to = Math.max(expression.to, to);
    } else {
      if (expression.to < 0) this.#open.push(expression);
      else this.#runTo(expression, piece, Infinity);
      expression.from = from;
      expression.to = to;
      expression.done = Math.max(piece.start, from - CONTEXT);
    }
    if (expression.isAnchored) expression.starts.push(at);
    const { starts, apart, before } = expression;
    if (starts.length > MOST_STARTS || expression.to - expression.done > 2 * SEGMENT + expression.span) {
      // No word that is still to come begins earlier.
      this.#runTo(expression, piece, at - apart - before);
    }
  }

  /** A pattern of runs: its matches are whole runs. Each is looked at once, however long it is and whatever it holds. */
  #runOverRuns(expression: Expression, piece: Piece, until: number): void {
    const { run, to: most } = expression;
    if (run === undefined) return;
    const memory = this.#memory;
    const last = Math.min(until, most, piece.limit);
    let at = expression.done;
    // The window may begin within a run.
    const floor = Math.max(piece.start, at - run.most - 1);
    if (run.isOf[memory[at] ?? 0] === 1) while (at > floor && run.isOf[memory[at - 1] ?? 0] === 1) at -= 1;
    this.#spend(Math.max(0, last - at) + STEPS_OF_A_RUN);
    while (at < last && !this.#isStopped) {
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
    // A run that is too long, or begins in another chunk, may still match from where one of its parts begins.
    if ((begin === start && base > 0) || to - begin > run.most) {
      from = Math.max(from, to - run.most, settled - base + start, (ends.get(index) ?? 0) - base + start);
      while (from < to && run.isJoin[this.#memory[from - 1] ?? 0] === 1) from += 1;
    }
    if (from >= limit || to - from < run.least || (!isEachStart && base + from - start < settled)) return;
    const regExp = this.#regExpOf(expression, piece);
    this.#take(Math.max(start, from - CONTEXT), Math.min(end, to + CONTEXT));
    const match = this.#try(regExp, from - this.#textFrom);
    this.#spend(to - from + STEPS_OF_A_RUN);
    if (match !== null) this.#found(expression, piece, regExp, match);
  }

  #regExpOf(expression: Expression, { isLoose = false }: Piece): RegExp {
    const { isAnchored, run, pattern, loosePattern } = expression;
    const isSticky = isAnchored || run !== undefined;
    return isLoose
      ? (expression.loose ??= searching(loosePattern, isSticky))
      : (expression.regExp ??= searching(pattern, isSticky));
  }

  /** Runs an expression on its window, for matches that start before `until` in the memory and before the piece's limit. */
  #runTo(expression: Expression, piece: Piece, until: number): void {
    if (expression.run !== undefined) this.#runOverRuns(expression, piece, until);
    else if (expression.isAnchored) this.#runAtStarts(expression, piece, until);
    else this.#runOver(expression, piece, until);
  }

  #runAtStarts(expression: Expression, piece: Piece, until: number): void {
    const { end, limit, settled, base, start, ends } = piece;
    const { starts, index, span } = expression;
    // Words come in the order of their windows' ends.
    if (starts.length > 1) starts.sort((a, b) => a - b);
    const most = Math.min(end, expression.to + CONTEXT);
    let next = Math.max(settled, ends.get(index) ?? 0) - base + start;
    const regExp = this.#regExpOf(expression, piece);
    let tried = 0;
    for (const at of starts) {
      if (at >= until || at >= limit || this.#isStopped) break;
      tried += 1;
      if (at < next) continue;
      const from = Math.max(start, at - CONTEXT);
      const to = Math.min(most, at + span + CONTEXT);
      if (from < this.#textFrom || to > this.#textTo) {
        this.#take(from, Math.max(to, Math.min(most, from + SEGMENT)));
      }
      const match = this.#try(regExp, at - this.#textFrom);
      this.#spend(4 * STEPS_OF_A_RUN);
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
    while (next <= last && expression.done < most && !this.#isStopped) {
      // A window of some length is run whole.
      const segment = last - expression.done > 2 * SEGMENT ? expression.done + SEGMENT : last;
      const from = Math.max(start, expression.done - CONTEXT);
      const to = segment === last && until > most ? most : Math.min(most, segment + span + CONTEXT);
      this.#take(Math.max(from, Math.min(next - CONTEXT, to)), to);
      let match = this.#try(regExp, Math.max(0, next - this.#textFrom));
      for (; match !== null; match = this.#try(regExp, next - this.#textFrom)) {
        const at = this.#textFrom + match.index;
        if (at >= limit || at >= until || (segment < last && at >= segment)) break;
        next = this.#found(expression, piece, regExp, match);
        if (this.#isStopped) break;
      }
      this.#spend(to - from + STEPS_OF_A_RUN);
      expression.done = segment;
      if (segment === last) break;
      next = Math.max(next, segment);
    }
    expression.done = Math.max(expression.done, Math.min(until, most));
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
    this.#spend(STEPS_OF_A_MATCH);
    return isEachStart || match[0] === '' ? from + match.index + 1 : after;
  }

  /** Makes a text of these bytes, unless it is the last one. */
  #take(from: number, to: number): void {
    if (this.#textFrom === from && this.#textTo === to) return;
    this.#text = this.#memory.toString('latin1', from, to);
    this.#textFrom = from;
    this.#textTo = to;
  }

  #spend(steps: number): void {
    if (this.#piece?.budget?.spend(steps) === true) this.#isStopped = true;
  }
}

function close(expression: Expression): void {
  expression.from = 0;
  expression.to = -1;
  expression.starts.length = 0;
}
