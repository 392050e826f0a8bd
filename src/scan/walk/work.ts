/** What waits to be done: for several threads `threads/work-stack.ts` holds it. */
import type { Stamp } from '../stamp.ts';

export interface Folder {
  readonly path: string;
  /** The root that it was reached from. */
  readonly root: string;
}

/** A folder that did not have its turn to the end. */
export interface LeftFolder extends Folder {
  /** It was begun when the time ended. */
  readonly isBegun: boolean;
}

/** What is left of a large file: whoever takes it scans the next piece, and puts back what follows. */
export interface RestOfFile {
  readonly path: string;
  /** Which file that was when it was first opened, as `FileSystem.identify` says. */
  readonly identity: string;
  /** Bytes, when it was first opened. What is appended later is left to the next run. */
  readonly size: number;
  /** Where the next piece begins, and how many are before it. */
  readonly begin: number;
  readonly index: number;
  /** Where state is kept. */
  readonly stamp?: Stamp | undefined;
}

export type Work = Folder | RestOfFile;

/** All that is popped must be followed by `done` once it has been done and what came of it was pushed. */
export interface WaitingWork {
  push(work: Work): void;
  /** Undefined when there is none at the moment. */
  pop(): Work | undefined;
  done(): void;
  /** Nothing waits and nothing is being done. */
  readonly isFinished: boolean;
}
