/**
 * From words to matches: creates the window around each word, merges windows that touch, and runs the expression on
 * them.
 *
 * Why that finds the same as a plain scan: windows that touch are merged before the expression runs on them, so
 * each match lies in one piece of text, and an expression continues where its last match ended.
 */
import { STEPS_OF_A_RUN } from './budget.ts';
import { ByteChecks } from './byte-checks.ts';
import { ExpressionRunner, SEGMENT_BYTES } from './expression-runner.ts';
import type { Expression, Target } from './expression.ts';
import { CONTEXT } from './pattern.ts';
import type { Piece } from './piece.ts';

/** Maximum number of pending places at which an anchored expression must be tried. */
const MAX_PENDING_STARTS = 4096;

/** Confirms the words of one piece after another. */
export class Confirmation {
  readonly #memory: Buffer;
  readonly #checks: ByteChecks;
  readonly #runner: ExpressionRunner;
  /** By word. */
  readonly #targets: readonly (readonly Target[])[];
  /** By pattern. */
  readonly #expressions: readonly Expression[];
  readonly #open: Expression[] = [];
  /** Requested expressions without keywords. */
  readonly #requested: Expression[] = [];
  #piece: Piece | undefined;
  /** Words that end here in the memory or before have been processed. */
  #taken = 0;

  constructor(memory: Buffer, targets: readonly (readonly Target[])[], expressions: readonly Expression[]) {
    this.#memory = memory;
    this.#checks = new ByteChecks(memory);
    this.#runner = new ExpressionRunner(memory);
    this.#targets = targets;
    this.#expressions = expressions;
  }

  /** True when the budget of the piece was used up before its end. */
  get isStopped(): boolean {
    return this.#runner.isStopped;
  }

  /** Starts a piece, and requests the patterns without keywords that must run over all of it. */
  begin(piece: Piece, requested: readonly number[] = []): void {
    this.#piece = piece;
    this.#checks.begin();
    this.#runner.begin();
    this.#taken = 0;
    for (const index of requested) {
      const expression = this.#expressions[index];
      if (expression === undefined || !this.#holdsAny(expression.needs, piece)) continue;
      expression.from = piece.start;
      expression.to = piece.end;
      expression.done = piece.start;
      this.#requested.push(expression);
    }
  }

  /**
   * All words that end before this offset of the memory have been passed in. Words that are passed in twice
   * count once.
   */
  advance(to: number): void {
    const piece = this.#piece;
    if (piece === undefined) return;
    this.#taken = to;
    for (const expression of this.#requested) this.#runner.run(expression, piece, to);
  }

  /** A word that begins in the piece, at this offset of the memory. */
  word(index: number, at: number): void {
    const piece = this.#piece;
    const targets = this.#targets[index];
    if (piece === undefined || targets === undefined || this.#runner.isStopped) return;
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
   * @returns true when no window is left and the piece is done
   */
  finish(most = Infinity): boolean {
    const piece = this.#piece;
    if (piece === undefined) return true;
    for (let count = 0; count < most; count += 1) {
      const expression = this.#requested.pop() ?? this.#open.pop();
      if (expression === undefined) {
        this.#piece = undefined;
        this.#runner.end();
        return true;
      }
      this.#runner.run(expression, piece, Infinity);
      close(expression);
    }
    return false;
  }

  /** Abandons the piece if it is not finished. */
  abandon(): void {
    for (const expression of [...this.#requested, ...this.#open]) close(expression);
    this.#requested.length = 0;
    this.#open.length = 0;
    this.#piece = undefined;
    this.#runner.end();
  }

  #holdsAny(needs: Expression['needs'], { start, end }: Piece): boolean {
    if (needs === undefined) return true;
    const text = this.#memory.subarray(start, end);
    return needs.some((literal) => text.includes(literal));
  }

  #mark({ index }: Expression, piece: Piece, at: number, length: number): void {
    const { base, start, onMatch } = piece;
    const from = base + at - start;
    const whole = { from, to: from + length, text: '' };
    onMatch({ pattern: index, start: from, end: whole.to, whole, before: '', secret: '', groups: {} });
    this.#runner.spend(piece, STEPS_OF_A_RUN);
  }

  #join(expression: Expression, piece: Piece, at: number, after: number): void {
    const from = Math.max(piece.start, at - expression.before);
    const to = Math.min(piece.end, after + expression.after);
    // What it belongs to is found with the next chunk.
    if ((expression.isAnchored ? at : from - CONTEXT) >= piece.limit) return;
    if (expression.to >= 0 && from <= expression.to + expression.joinDistance) {
      expression.from = Math.min(expression.from, from);
      expression.to = Math.max(expression.to, to);
    } else {
      if (expression.to < 0) this.#open.push(expression);
      else this.#runner.run(expression, piece, Infinity);
      expression.from = from;
      expression.to = to;
      expression.done = Math.max(piece.start, from - CONTEXT);
    }
    if (expression.isAnchored) expression.starts.push(at);
    const { starts, joinDistance, before } = expression;
    if (
      starts.length > MAX_PENDING_STARTS ||
      expression.to - expression.done > 2 * SEGMENT_BYTES + expression.span
    ) {
      // No later word begins earlier.
      this.#runner.run(expression, piece, at - joinDistance - before);
    }
  }
}

function close(expression: Expression): void {
  expression.from = 0;
  expression.to = -1;
  expression.starts.length = 0;
}
