/** What bounds the work on one text: the engine says how much it does, and is answered whether to leave the text. */

export interface WorkBudget {
  /**
   * Adds work that was done on the current text: one step is about the work of an expression on one byte. Must be cheap.
   * @returns true once no more must be done; then it stays so until the next text.
   */
  spend(steps: number): boolean;
}

/** Steps that a run of an expression costs whatever its text is. */
export const STEPS_OF_A_RUN = 64;
/** Steps of judging a match. */
export const STEPS_OF_A_MATCH = 4096;
