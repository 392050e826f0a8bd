/** The folders that wait to be walked: for one thread an array, for several `threads/folder-stack.ts`. */

export interface Folder {
  readonly path: string;
  /** The root that it was reached from. */
  readonly root: string;
}

/** Each folder that is popped must be followed by `done` once it has been walked and its folders were pushed. */
export interface Folders {
  push(folder: Folder): void;
  /** Undefined when there is none at the moment. */
  pop(): Folder | undefined;
  done(): void;
  /** Nothing waits and nothing is being walked. */
  readonly isFinished: boolean;
}
