export { PASSWD, accountsIn } from './accounts.ts';
export { type Clock, systemClock } from './clock.ts';
export { type Awaited, requireAnswer, whileAnswering } from './unresponsive-mounts.ts';
export { endNow, endSoon } from './process-end.ts';
export { executablePart, loadPart } from './executable-parts.ts';
export {
  LinkInPath,
  type OpenFolder,
  type Reach,
  isLinkInPath,
  openFolder,
  withoutLinks,
} from './open-folder.ts';
export { findProgram } from './find-program.ts';
export { foreignOwner, makePrivate, modeForOthers } from './file-access.ts';
export { O_NOFOLLOW, O_NONBLOCK, READ_AT_ONCE } from './open-flags.ts';
export { readRange } from './read-range.ts';
export {
  type LoopbackEndpoint,
  hostPort,
  loopbackEndpoint,
  loopbackHostPort,
  loopbackUrl,
} from './loopback.ts';
export { type DirectoryEntry, type FileSystem, nodeFileSystem } from './file-system.ts';
export { type FileStatus, statusIfKnown } from './file-status.ts';
export { type FolderWalk, type WalkedFolder, newFolderWalk, NotPassed } from './folder-walk.ts';
export { type ForeignMount, type Mount, MountTable } from './mounts.ts';
export { type Platform, type Os, hostPlatform } from './platform.ts';
export { defaultStateDirectory, textOf } from './places.ts';
export { mayNotAnswer } from './remote.ts';
export { type RunLock, takeRunLock } from './run-lock.ts';
export { StandardStream } from './standard-streams.ts';
export { type ReadInput, inputReader } from './trusted-file.ts';
export { refuseUntrusted, trustedPath } from './trusted-path.ts';
export { SOCKET_TABLES, SocketTablesUnreadable, listenerOwners, peerOwner } from './socket-owner.ts';
export { openStateDirectory } from './state-directory.ts';
export { asStateFailure, cannotWrite, isStorageFailure } from './write-failure.ts';
export { type Schemas, Store, openStore } from './store.ts';
