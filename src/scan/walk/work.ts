/** Work that waits, and the steps of a walk. `threads/work-stack.ts` holds the work of several threads. */
import type { WalkedFolder } from '../../host/platform/index.ts';
import type { Stamp } from '../model/file-stamp.ts';

export interface Folder {
  readonly path: string;
  /** The root that it was reached from. */
  readonly root: string;
}

/** A folder that waits to be walked. */
export interface WaitingFolder extends Folder {
  readonly kind: 'folder';
}

/** A folder that was not walked to its end. */
export interface UnfinishedFolder extends Folder {
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

/** A folder whose files the walk yields. It stays open until the walk continues. */
export interface VisitedFolder extends WalkedFolder {
  /** True for a device whose files are not to be read here. */
  isForeign(device: number): boolean;
}

/** A regular file, according to its folder. It must be opened before the walk continues. */
export interface FoundFile extends FilePlace {
  readonly kind: 'file';
  /** Undefined for a root, and for a part of a file: the folder is then opened for it. */
  readonly folder: VisitedFolder | undefined;
}

/** What is left of a large file: the thread that takes it scans the next piece, and puts back the rest. */
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

export type Work = WaitingFolder | RestOfFile;

/**
 * One step of a walk: a file to examine or the rest of one; `pause` after many entries without a file, so that the thread can do
 * other things; `idle` while this thread has nothing to do but another may still find work.
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
