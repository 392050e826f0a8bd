/** How far the work of a task is, for a person who waits for it. */

export interface Progress {
  /** What was done so far, the most important first, each a few words: `1,204 files`, `45.3 MB`. */
  readonly done: readonly string[];
  /** What is worked on now, such as a path. It is shortened to fit, and may contain any character. */
  readonly at?: string | undefined;
  /** How much of the work is done, from 0 to 1; undefined unless the total is known. The host adds the time left. */
  readonly fraction?: number | undefined;
}

/**
 * Offers a description of the work's progress. The host calls it a few times per second while it shows the progress to somebody, and
 * never otherwise: a task need not know whether anybody looks.
 */
export type ShowProgress = (describe: () => Progress) => void;
