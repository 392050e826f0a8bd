/** What waits to be done, and what a walk comes to. For several threads `threads/work-stack.ts` holds what waits. */
import type { WalkedFolder } from '../../platform/index.ts';
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

/** Where a file is, for the system and for people. */
export interface FilePlace {
  /** As it is reported: below the root as it was named. */
  readonly path: string;
  readonly name: string;
  /** The folder's path without links. */
  readonly parent: string;
}

/** A folder whose files are handed out. It stays open until the walk is asked for the next file. */
export interface VisitedFolder extends WalkedFolder {
  /** True for a device whose files are not to be read here. */
  isForeign(device: number): boolean;
}

/** A regular file, as far as its folder says. It is to be opened before the walk is asked for the next. */
export interface FoundFile extends FilePlace {
  readonly kind: 'file';
  /** Undefined for a root, and for a part of a file: the folder is then opened for it. */
  readonly folder: VisitedFolder | undefined;
}

/** What is left of a large file: whoever takes it scans the next piece, and puts back what follows. */
export interface RestOfFile extends FilePlace {
  readonly kind: 'rest';
  /** Which file that was when it was first opened, as `OpenedFile` says. */
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

/**
 * One step of a walk: a file to examine or the rest of one; `pause` when many entries went by, and work of another thread
 * could be taken; `idle` while there is nothing to do here but another thread may still find something.
 */
export type WalkStep = FoundFile | RestOfFile | { readonly kind: 'pause' } | { readonly kind: 'idle' };

/** All that is popped must be followed by `done` once it has been done and what came of it was pushed. */
export interface WaitingWork {
  push(work: Work): void;
  /** Undefined when there is none at the moment. */
  pop(): Work | undefined;
  done(): void;
  /** Nothing waits and nothing is being done. */
  readonly isFinished: boolean;
}
