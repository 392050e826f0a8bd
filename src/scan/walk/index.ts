export { type Excludes, compileExcludes } from './excludes.ts';
export type {
  FilePlace,
  FoundFile,
  FoundRepository,
  UnfinishedFolder,
  RestOfFile,
  WaitingFolder,
  WaitingWork,
  WalkStep,
  Work,
} from './work.ts';
export {
  type Root,
  bytesOfFiles,
  findRoots,
  folderBelow,
  isInside,
  requireReadable,
  scopeOf,
  unusableRoots,
} from './roots.ts';
export type { Shard } from './shard.ts';
export type { WalkOptions } from './walk-options.ts';
export { enter, walk } from './walker.ts';
export { SeparateFolders, type SharedSeparateFolders } from './visited-separately.ts';
export { type FoldersFirst, type Remembered, priorityFolders } from './priority-folders.ts';
export { UnfinishedLimit, UnfinishedList } from './unfinished-limit.ts';
