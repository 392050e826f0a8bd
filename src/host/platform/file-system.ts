/**
 * The file system as the scan sees it: a handful of synchronous calls that read and never follow a link. Synchronous,
 * since a thread that opens, reads and closes small files is twice as fast that way as through promises.
 * Errors are Node's own, with `code`.
 */
import {
  type Dir,
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  opendirSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  readSync,
  statfsSync,
} from 'node:fs';
import { type FolderWalk, type WalkedFolder, newFolderWalk } from './folder-walk.ts';
import type { FileStatus } from './file-status.ts';
import { NO_LINK, O_NOCTTY, O_NONBLOCK } from './open-flags.ts';
import { type Reach, reach, withoutLinks, realPathOnWindows } from './open-folder.ts';

/** What a folder says of one of its entries; `fs.Dirent` fits. */
export interface DirectoryEntry {
  readonly name: string;
  /** The name stands for bytes that are not Unicode: whatever is opened by it is another entry. */
  readonly isNotUnicode?: boolean;
  isFile(): boolean;
  isDirectory(): boolean;
  isSymbolicLink(): boolean;
}

export interface FileSystem {
  /** Opens the folders of a walk, one after the other, and follows no link. */
  folderWalk(): FolderWalk;
  /**
   * The entries of a folder, in the order of the file system, read piece by piece.
   * @param isSmall it has few entries: then reading all at once is faster
   */
  list(folder: WalkedFolder, isSmall?: boolean): Iterable<DirectoryEntry>;
  /** What `lstat` says: a link is a link. Links above it are followed. */
  status(path: string): FileStatus;
  /** Of what is open. */
  statusOf(descriptor: number): FileStatus;
  /**
   * Opens for reading, refuses a link in the last component (on macOS in any) and does not wait for a pipe's writer. What was
   * opened may be no file.
   */
  open(path: string): number;
  /**
   * Reads up to `length` bytes into `buffer` at `offset`; 0 at the end. From `position` in the file if one is given, else
   * from where the last read without one ended.
   */
  read(descriptor: number, buffer: Uint8Array, offset: number, length: number, position?: number): number;
  close(descriptor: number): void;
  /** A small text file, whole. For the system's own tables only, never for what is scanned. */
  readText(path: string): string;
  /**
   * Where a path leads, without links. Only links of root and of the current user are followed.
   * @throws LinkInPath that names the first other one
   */
  withoutLinks(path: string): string;
  /** How far that way leads. */
  reach(path: string): Reach;
  /** The number of the type of the file system that a path is on (statfs(2)). */
  typeAt(path: string): number;
  /** The target of a link. */
  readLink(path: string): string;
}

const OPEN_FLAGS = constants.O_RDONLY | O_NONBLOCK | O_NOCTTY | NO_LINK;

/** Given each time, so that Node need not make one for each file. */
const asNumbers = { bigint: false } as const;
const withTypes = { withFileTypes: true } as const;
/** Entries that are read at a time. */
const inPieces = { bufferSize: 1024 } as const;
/** Each byte of a name as one character. */
const asBytes = { bufferSize: 1024, encoding: 'latin1' } as const;
/** What stands for bytes that are not Unicode, and is a character of its own too. */
const REPLACEMENT = '\uFFFD';

export const nodeFileSystem: FileSystem = {
  folderWalk: newFolderWalk,
  list: (folder, isSmall = false) =>
    exactly(
      isSmall ? readdirSync(folder.pathOf(''), withTypes) : entriesOf(folder.pathOf('')),
      folder.pathOf(''),
    ),
  status: (path) => lstatSync(path, asNumbers),
  statusOf: (descriptor) => fstatSync(descriptor),
  open: (path) => openSync(path, OPEN_FLAGS),
  read: (descriptor, buffer, offset, length, position) =>
    readSync(descriptor, buffer, offset, length, position ?? null),
  close: closeSync,
  readText: (path) => readFileSync(path, 'utf8'),
  // Mapped drives, substituted drives and short names are not links, but lead elsewhere too.
  withoutLinks: (path) =>
    process.platform === 'win32' ? realPathOnWindows(withoutLinks(path)) : withoutLinks(path),
  reach: (path) => {
    const reached = reach(path);
    return process.platform === 'win32' ? { ...reached, place: realPathOnWindows(reached.place) } : reached;
  },
  typeAt: (path) => statfsSync(path).type,
  readLink: (path) => readlinkSync(path),
};

/** Throws at once when the folder cannot be opened. The caller must iterate over the result, or the folder stays open. */
function entriesOf(path: string): Iterable<DirectoryEntry> {
  return entriesIn(opendirSync(path, inPieces));
}

function* entriesIn(folder: Dir): Generator<DirectoryEntry, void, undefined> {
  try {
    for (let entry = folder.readSync(); entry !== null; entry = folder.readSync()) yield entry;
  } finally {
    folder.closeSync();
  }
}

/**
 * Entries with the replacement character in their names come last, from a second look at the folder: several names that are
 * not Unicode look like one that has this very character.
 */
function* exactly(
  entries: Iterable<DirectoryEntry>,
  path: string,
): Generator<DirectoryEntry, void, undefined> {
  let isUnclear = false;
  for (const entry of entries) {
    if (entry.name.includes(REPLACEMENT)) isUnclear = true;
    else yield entry;
  }
  if (!isUnclear) return;
  for (const entry of entriesIn(opendirSync(path, asBytes))) {
    const bytes = Buffer.from(entry.name, 'latin1');
    const name = bytes.toString();
    if (!name.includes(REPLACEMENT)) continue;
    yield {
      name,
      isNotUnicode: !Buffer.from(name).equals(bytes),
      isFile: () => entry.isFile(),
      isDirectory: () => entry.isDirectory(),
      isSymbolicLink: () => entry.isSymbolicLink(),
    };
  }
}
