export { type Clock, systemClock } from './clock.ts';
export { endNow, endSoon } from './ending.ts';
export { executablePart, optionalPart } from './executable-parts.ts';
export { LinkInPath, type OpenFolder, isLinkInPath, openFolder, withoutLinks } from './open-folder.ts';
export { type LoopbackEndpoint, loopbackEndpoint, loopbackUrl } from './loopback.ts';
export { type DirectoryEntry, type FileStatus, type FileSystem, nodeFileSystem } from './file-system.ts';
export { type FolderWalk, type WalkedFolder, newFolderWalk } from './folder-walk.ts';
export { type ForeignMount, type Mount, MountTable } from './mounts.ts';
export { type Platform, type Os, hostPlatform } from './platform.ts';
export { defaultRoots, defaultStateDirectory } from './places.ts';
export { type RunLock, takeRunLock } from './run-lock.ts';
export { StandardStream } from './standard-streams.ts';
export { type InputFile, type ReadInput, inputReader } from './trusted-file.ts';
export { UntrustedPath, trustedPath } from './trusted-path.ts';
export {
  SOCKET_TABLES,
  type SocketAddress,
  SocketTablesUnreadable,
  listenerOwners,
  peerOwner,
} from './socket-owner.ts';
export { openStateDirectory } from './state-directory.ts';
export { cannotWrite, isStorageFailure } from './write-failure.ts';
export { type OpenedStore, type Schemas, Store, openStore } from './store.ts';
