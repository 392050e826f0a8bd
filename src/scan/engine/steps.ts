/** Work that is done in steps, between which other work can be done. */

/** Does all steps at once. */
export function drained<Result>(steps: Generator<void, Result, void>): Result {
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}
