/** Limits the work on one text: the engine reports what it does, and learns whether to stop. */

export interface WorkBudget {
  /**
   * Adds work on the current text. One step is about the work of an expression on one byte. Must be cheap.
   * @returns true when the text must be abandoned, and from then on until the next text begins.
   */
  spend(steps: number): boolean;
  /** So many things were found in the current text, which may therefore take longer. */
  found(count: number): void;
}

/** Steps charged for one run of an expression, whatever its text is. */
export const STEPS_OF_A_RUN = 64;
/** Steps charged for judging a match. */
export const STEPS_OF_A_MATCH = 4096;
