/**
 * The file system as the scan sees it: a handful of synchronous calls that read and never follow a link. Synchronous,
 * since a thread that opens, reads and closes small files is twice as fast that way as through promises.
 * Errors are Node's own, with `code`.
 */
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readFileSync,
  readdirSync,
  readSync,
} from 'node:fs';

/** What a folder says of one of its entries; `fs.Dirent` fits. */
export interface DirectoryEntry {
  readonly name: string;
  isFile(): boolean;
  isDirectory(): boolean;
  isSymbolicLink(): boolean;
}

/** What the system says of a file without its content; `fs.Stats` fits. */
export interface FileStatus {
  isFile(): boolean;
  isDirectory(): boolean;
  isSymbolicLink(): boolean;
  readonly size: number;
  /** Permissions and type; without meaning on Windows. */
  readonly mode: number;
  /** Of the owner; 0 on Windows. */
  readonly uid: number;
  readonly dev: number;
  readonly ino: number;
  /** Milliseconds since 1970, with the fraction that a double holds: a quarter of a microsecond. */
  readonly mtimeMs: number;
  readonly ctimeMs: number;
}

export interface FileSystem {
  /** The entries of a folder, in the order of the file system. */
  list(path: string): readonly DirectoryEntry[];
  /** What `lstat` says: a link is a link. */
  status(path: string): FileStatus;
  /** Of what is open. */
  statusOf(descriptor: number): FileStatus;
  /** Opens for reading, refuses a link in the last component and does not wait for a pipe's writer. */
  open(path: string): number;
  /** What was opened: how many bytes it has now, and a text that tells it from all other files. */
  identify(descriptor: number): { readonly size: number; readonly identity: string };
  /**
   * Reads up to `length` bytes into `buffer` at `offset`; 0 at the end. From `position` in the file if one is given, else
   * from where the last read without one ended.
   */
  read(descriptor: number, buffer: Uint8Array, offset: number, length: number, position?: number): number;
  close(descriptor: number): void;
  /** A small text file, whole. For the system's own tables only, never for what is scanned. */
  readText(path: string): string;
}

// Windows has neither flag (undefined there, whatever the types say): no pipe or device stands in its file tree.
const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants as Record<string, number | undefined>;
const OPEN_FLAGS = (O_RDONLY ?? 0) | (O_NOFOLLOW ?? 0) | (O_NONBLOCK ?? 0);

/** Given each time, so that Node need not make one for each file. */
const asNumbers = { bigint: false } as const;

export const nodeFileSystem: FileSystem = {
  list: (path) => readdirSync(path, { withFileTypes: true }),
  status: (path) => lstatSync(path, asNumbers),
  statusOf: (descriptor) => fstatSync(descriptor),
  open: (path) => openSync(path, OPEN_FLAGS),
  identify: (descriptor) => {
    const { size, dev, ino } = fstatSync(descriptor);
    return { size, identity: `${dev}/${ino}` };
  },
  read: (descriptor, buffer, offset, length, position) =>
    readSync(descriptor, buffer, offset, length, position ?? null),
  close: closeSync,
  readText: (path) => readFileSync(path, 'utf8'),
};
