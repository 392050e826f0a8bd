/** Pending work, and the steps of a walk. `threads/work-stack.ts` contains the work of several threads. */
import type { WalkedFolder } from '../../host/platform/index.ts';
import type { Stamp } from '../model/file-stamp.ts';

export interface Folder {
  readonly path: string;
  /** The root from which it was reached. */
  readonly root: string;
}

/** A folder that has not been walked yet. */
export interface WaitingFolder extends Folder {
  readonly kind: 'folder';
}

/** A folder that was not walked to its end. */
export interface UnfinishedFolder extends Folder {
  /** It had been started when the time ran out. */
  readonly isBegun: boolean;
}

/** A folder that looks like a git repository: it has a `HEAD` and `objects` (gitrepository-layout(5)). */
export interface FoundRepository {
  /** The root from which it was reached. */
  readonly root: string;
  /** As it is reported. */
  readonly path: string;
  /** Without links. */
  readonly place: string;
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
  /** True for a device whose files must not be read here. */
  isForeign(device: number): boolean;
}

/** A regular file, according to its folder. It must be opened before the walk continues. */
export interface FoundFile extends FilePlace {
  readonly kind: 'file';
  /** Undefined for a root, and for a part of a file: the folder is then opened for it. */
  readonly folder: VisitedFolder | undefined;
}

/** The rest of a large file: the thread that takes it scans the next part, and puts back the remainder. */
export interface RestOfFile extends FilePlace {
  readonly kind: 'rest';
  /** The file's identity when it was first opened, as in `OpenedFile`. */
  readonly identity: string;
  /** Size in bytes when it was first opened. What is appended later is left to the next run. */
  readonly size: number;
  /** Where the next part begins, and how many precede it. */
  readonly begin: number;
  readonly index: number;
  /** Set where state is kept. */
  readonly stamp?: Stamp | undefined;
}

export type Work = WaitingFolder | RestOfFile;

/**
 * One step of a walk: a file to scan or the rest of one; `pause` after many entries without a file, so that the
 * thread can do other things; `idle` while this thread has nothing to do but another may still find work.
 */
export type WalkStep = FoundFile | RestOfFile | { readonly kind: 'pause' } | { readonly kind: 'idle' };

/** Each pop must be followed by `done` after the work has been done and the resulting work has been pushed. */
export interface WaitingWork {
  push(work: Work): void;
  /** Undefined when there is none at the moment. */
  pop(): Work | undefined;
  done(): void;
  /** No work is pending or in progress. */
  readonly isFinished: boolean;
}
