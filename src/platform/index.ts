export { type Clock, systemClock } from './clock.ts';
export { type DirectoryEntry, type FileSystem, nodeFileSystem } from './file-system.ts';
export { type Platform, type Os, hostPlatform } from './platform.ts';
export { defaultRoots, defaultStateDirectory, foreignMounts } from './places.ts';
export { type RunLock, takeRunLock } from './run-lock.ts';
