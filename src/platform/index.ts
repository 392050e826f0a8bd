export { type Clock, systemClock } from './clock.ts';
export { executablePart, optionalPart } from './executable-parts.ts';
export { LinkInPath, type OpenFolder, openFolder, withoutLinks } from './open-folder.ts';
export { type LoopbackEndpoint, loopbackEndpoint, loopbackUrl } from './loopback.ts';
export { type DirectoryEntry, type FileStatus, type FileSystem, nodeFileSystem } from './file-system.ts';
export { type Platform, type Os, hostPlatform } from './platform.ts';
export { type ForeignMount, defaultRoots, defaultStateDirectory, foreignMounts } from './places.ts';
export { type RunLock, takeRunLock } from './run-lock.ts';
export {
  SOCKET_TABLES,
  type SocketAddress,
  SocketTablesUnreadable,
  listenerOwners,
  peerOwner,
} from './socket-owner.ts';
export { openStateDirectory } from './state-directory.ts';
export { type OpenedStore, type Schemas, Store, openStore } from './store.ts';
