/** The unit of the engine's work: a text, or a chunk of one. */
import type { WorkBudget } from './budget.ts';
import type { OnMatch } from './text-match.ts';

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
  readonly isBinary?: boolean;
  /** Reports what the expression matches from each byte on, ignoring the matches before it. */
  readonly isEachStart?: boolean;
  readonly budget?: WorkBudget | undefined;
  readonly onMatch: OnMatch;
}
