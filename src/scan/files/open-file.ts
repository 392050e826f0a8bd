/**
 * Opens the files of a scan: only regular files whose content is on this machine, in the same folder that was
 * listed.
 *
 * A file is not on this machine when it has a size but no allocated blocks. Content that a file system stores
 * inline with its metadata has no blocks either, but is small: at most 4,096 bytes anywhere (ext4 `inline_data`,
 * NTFS with large records; xfs has none, btrfs and zfs count it). A sparse file without any data looks the same,
 * and contains nothing to find.
 *
 * - macOS and Windows: checked before opening, which may already fetch the content (iCloud and other file providers,
 *   `SF_DATALESS`; OneDrive and other placeholders of the cloud filter, whose allocation is 0).
 * - Linux: checked on the descriptor before the first read, since only reading fetches content there (tape and other HSM); cloud
 *   folders are FUSE, and are not entered.
 *
 * A placeholder of up to 4,096 bytes looks like any small file, and is fetched.
 */
import type { FileStatus, FileSystem, Os } from '../../host/platform/index.ts';
import { codeOf } from '../../host/exit/task-error.ts';
import type { SkipReason } from '../model/coverage.ts';
import { isOnThisMachine } from '../model/file-content.ts';
import type { FoundFile } from '../walk/index.ts';

export interface OpenedFile {
  readonly kind: 'opened';
  readonly descriptor: number;
  /** Taken before the first byte was read. */
  readonly status: FileStatus;
}

export interface SkippedFile {
  readonly kind: 'skipped';
  readonly reason: SkipReason;
}

export interface FileOpenerOptions {
  readonly fs: FileSystem;
  readonly os: Os;
}

/**
 * Opens a file for reading.
 * @returns the open file, or why it is skipped
 * @throws the file system's error; LinkInPath when the folder of a file without an open folder is behind a link
 */
export function openFile(options: FileOpenerOptions, file: FoundFile): OpenedFile | SkippedFile {
  if (file.folder !== undefined) return openAt(options, file, file.folder.pathOf(file.name));
  const walk = options.fs.folderWalk();
  try {
    return openAt(options, file, walk.open(file.parent).pathOf(file.name));
  } finally {
    walk.close();
  }
}

/** Identifies a file as long as it exists. */
export function identityOf({ dev, ino }: FileStatus): string {
  return `${dev}/${ino}`;
}

function openAt({ fs, os }: FileOpenerOptions, file: FoundFile, path: string): OpenedFile | SkippedFile {
  let before: FileStatus | undefined;
  if (os !== 'linux') {
    before = fs.status(path);
    const reason = reasonToSkip(before);
    if (reason !== undefined) return { kind: 'skipped', reason };
  }
  let descriptor: number;
  try {
    descriptor = fs.open(path);
  } catch (error) {
    // A socket, or a device that does not exist.
    if (codeOf(error) === 'ENXIO') return { kind: 'skipped', reason: 'special-file' };
    throw error;
  }
  let isOpen = false;
  try {
    const status = fs.statusOf(descriptor);
    if (status.isDirectory() || (before !== undefined && identityOf(before) !== identityOf(status))) {
      throw Object.assign(new Error('another file has this name now'), { code: 'ENOENT' });
    }
    const { folder } = file;
    const isForeign =
      folder !== undefined && status.dev !== folder.status.dev && folder.isForeign(status.dev);
    const reason = reasonToSkip(status) ?? (isForeign ? 'unknown-file-system' : undefined);
    isOpen = reason === undefined;
    return reason === undefined ? { kind: 'opened', descriptor, status } : { kind: 'skipped', reason };
  } finally {
    if (!isOpen) fs.close(descriptor);
  }
}

function reasonToSkip(status: FileStatus): SkipReason | undefined {
  if (status.isSymbolicLink()) return 'link';
  if (status.isDirectory()) return undefined;
  if (!status.isFile()) return 'special-file';
  return isOnThisMachine(status) ? undefined : 'not-on-this-machine';
}
