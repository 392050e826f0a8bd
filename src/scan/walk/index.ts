export { type ContentKind, FIRST_BLOCK, contentKind } from './content-kind.ts';
export type { FolderPlace } from './folders.ts';
export { type Excludes, compileExcludes } from './excludes.ts';
export type {
  FilePlace,
  Folder,
  FoundFile,
  LeftFolder,
  RestOfFile,
  WaitingWork,
  WalkStep,
  Work,
} from './work.ts';
export { type Root, isInside, resolveRoots, scopeOf } from './roots.ts';
export type { Shard } from './shard.ts';
export type { Slicing } from './slice.ts';
export { type WalkOptions, enter, walk } from './walker.ts';
export { ApartFolders, type SharedApart } from './apart.ts';
export { type Remembered, foldersFirst } from './first.ts';
export { LeftRoom } from './left-room.ts';
