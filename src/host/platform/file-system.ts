/**
 * The file system: a few synchronous calls that read and never follow a link. They are synchronous because a thread that opens, reads
 * and closes small files is twice as fast that way as with promises. Errors are Node's own, with a `code`.
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

/** An entry of a folder, compatible with `fs.Dirent`. */
export interface DirectoryEntry {
  readonly name: string;
  /** The name replaces bytes that are not Unicode: opening it would open another entry. */
  readonly isNotUnicode?: boolean;
  isFile(): boolean;
  isDirectory(): boolean;
  isSymbolicLink(): boolean;
}

export interface FileSystem {
  /** Opens the folders of a walk, one after the other, and follows no link. */
  folderWalk(): FolderWalk;
  /**
   * The entries of a folder, in the order of the file system, read in pieces.
   * @param isSmall the folder has few entries: reading all of them at once is faster
   */
  list(folder: WalkedFolder, isSmall?: boolean): Iterable<DirectoryEntry>;
  /** The status of the path itself, like `lstat`. Links above it are followed. */
  status(path: string): FileStatus;
  /** The status of an open file. */
  statusOf(descriptor: number): FileStatus;
  /**
   * Opens for reading, refuses a link in the last component (on macOS, in any) and does not wait for a pipe's writer. What was opened
   * may be something other than a file.
   */
  open(path: string): number;
  /**
   * Reads up to `length` bytes into `buffer` at `offset`; 0 at the end of the file. Starts at `position` in the file or, without one,
   * where the previous read without one ended.
   */
  read(descriptor: number, buffer: Uint8Array, offset: number, length: number, position?: number): number;
  close(descriptor: number): void;
  /** The text of a small file. Only for tables of the operating system. */
  readText(path: string): string;
  /**
   * Resolves the links in a path. Only links of root and of the current user are followed.
   * @throws LinkInPath, which names the first other link
   */
  withoutLinks(path: string): string;
  /** How far a path can be resolved. */
  reach(path: string): Reach;
  /** The type number of the file system that a path is on (statfs(2)). */
  typeAt(path: string): number;
  /** The target of a link. */
  readLink(path: string): string;
}

const OPEN_FLAGS = constants.O_RDONLY | O_NONBLOCK | O_NOCTTY | NO_LINK;

/** Shared objects, so that Node does not create one for each file. */
const asNumbers = { bigint: false } as const;
const withTypes = { withFileTypes: true } as const;
/** Entries that are read at a time. */
const inPieces = { bufferSize: 1024 } as const;
/** Each byte of a name as one character. */
const asBytes = { bufferSize: 1024, encoding: 'latin1' } as const;
/** Replaces bytes that are not Unicode, but is a character of its own, too. */
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
  // Mapped drives, substituted drives and short names are not links, but they lead elsewhere too.
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
 * Entries with the replacement character in their names come last, from a second pass over the folder: names that are not Unicode
 * look like a name that contains this character.
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
