/**
 * Reads lists of packages, and what they list: in pieces, so that neither takes more memory than the scan itself, and within limits,
 * because a user can write as many lists as they like. A list counts only for files of the user who could have written it. Nothing is
 * opened that may not answer or is not on this machine. What cannot be read counts as absent.
 */
import { type Hash, createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { type FileStatus, MountTable, type Platform, mayNotAnswer } from '../../../host/platform/index.ts';
import { isOnThisMachine } from '../../model/file-content.ts';
import { Recent } from './recent.ts';
import { type Subject, Trust } from './trust.ts';

const PIECE_BYTES = 64 * 1024;
const NEWLINE = 0x0a;
/** Of each thread. */
const piece = Buffer.alloc(PIECE_BYTES);

/** Bytes that are read, and that archives are unpacked to, at most. */
export interface ReadLimits {
  readonly lookup: number;
  readonly all: number;
  readonly unpackedInLookup: number;
  readonly unpacked: number;
}

/** Header and trailer. */
const MIN_GZIP_BYTES = 18;
const MIN_CHUNK_BYTES = 64;
const MEBIBYTE = 1024 * 1024;
/** Of processor time, 200 lookups in hostile lists took 3.3 s in all and 0.4 s at most, on a busy machine. */
const LIMITS: ReadLimits = {
  lookup: 64 * MEBIBYTE,
  all: 1024 * MEBIBYTE,
  unpackedInLookup: 16 * MEBIBYTE,
  unpacked: 256 * MEBIBYTE,
};
/** Reading a name in a folder, and parsing a byte of JSON, take as long as reading so many bytes more. */
const BYTES_PER_NAME = 1024;
const JSON_COST = 4;
/** Number of lists of a kind that are kept. An archive's list may have a hundred thousand entries. */
const MAX_REMEMBERED = 2;

/** Ends a read; the file counts as absent. */
class LimitReached extends Error {}

export class PackageFiles {
  readonly #platform: Platform;
  readonly #trust: Trust;
  #mounts: MountTable | undefined;
  readonly #limits: ReadLimits;
  #leftInLookup = 0;
  #left: number;
  #leftToUnpack: number;
  /** The sums of files in lists and archives, by name. */
  readonly sums = this.remembers<ReadonlyMap<string, string>>();

  constructor(platform: Platform, limits: Partial<ReadLimits> = {}) {
    this.#platform = platform;
    this.#trust = new Trust(platform);
    this.#limits = { ...LIMITS, ...limits };
    this.#left = this.#limits.all;
    this.#leftToUnpack = this.#limits.unpacked;
  }

  /** To be called before each lookup. @param subject the file whose package is looked up */
  begin(subject: Subject): void {
    this.#trust.begin(subject);
    // Not read where nothing is found.
    this.#mounts ??= new MountTable(this.#platform);
    this.#mounts.refresh();
    this.#leftInLookup = Math.min(this.#limits.lookup, this.#left);
  }

  /** A memory for lists: what was read for a file of one owner does not count for those of others. */
  remembers<T>(): (list: string, read: () => T) => T {
    const lists = new Recent<{ readonly list: T }>(MAX_REMEMBERED);
    return (list, read) => {
      const key = `${this.#trust.key} ${list}`;
      return (lists.get(key) ?? lists.set(key, { list: read() })).list;
    };
  }

  /**
   * What `match` returns for a line of a file, the first that is not undefined, of the lines that contain certain text.
   * Undefined for anything but a regular file of at most so many bytes. Lines longer than a piece are not searched.
   */
  inLines<T>(
    path: string,
    most: number,
    text: string,
    match: (line: string) => T | undefined,
  ): T | undefined {
    const searched = Buffer.from(text);
    return this.#withFile(path, most, (descriptor) => {
      for (let kept = 0; ;) {
        const count = this.#read(descriptor, piece, kept, PIECE_BYTES - kept);
        const read = piece.subarray(0, kept + count);
        // Whole lines, or the last one.
        const end = count === 0 ? read.length : read.lastIndexOf(NEWLINE) + 1;
        const found = matchIn(read.subarray(0, end), searched, match);
        if (found !== undefined || count === 0) return found;
        kept = end === 0 && read.length === PIECE_BYTES ? 0 : read.length - end;
        piece.copyWithin(0, end, end + kept);
      }
    });
  }

  /** The sum of a regular file of at most so many bytes; undefined for anything else. */
  sumOf(path: string, most: number, algorithm: 'md5' | 'sha1' | 'sha256' | 'sha512'): Hash | undefined {
    const hash = createHash(algorithm);
    const isRead = this.eachPiece(path, most, (bytes) => {
      hash.update(bytes);
    });
    return isRead ? hash : undefined;
  }

  /** The whole of a regular file of at most so many bytes; undefined for anything else. */
  bytesOf(path: string, most: number): Buffer | undefined {
    return this.tailOf(path, most, most)?.tail;
  }

  /** The value in a JSON file of at most so many bytes; undefined for anything else. */
  jsonOf(path: string, most: number): unknown {
    const bytes = this.bytesOf(path, most);
    if (bytes === undefined || !this.mayRead(JSON_COST * bytes.length)) return undefined;
    try {
      return JSON.parse(bytes.toString('utf8'));
    } catch {
      return undefined;
    }
  }

  /** When a regular file of at most so many bytes was last written: milliseconds since 1970; undefined for anything else. */
  modifiedAt(path: string, most: number): number | undefined {
    return this.#withFile(path, most, (descriptor) => this.#platform.fs.statusOf(descriptor).mtimeMs);
  }

  /** Names in a folder, at most so many. */
  namesIn(folder: string, most: number, isWanted: (name: string) => boolean): readonly string[] {
    if (!this.#answers(folder)) return [];
    const { fs } = this.#platform;
    const walk = fs.folderWalk();
    try {
      const names: string[] = [];
      for (const { name } of fs.list(walk.open(folder))) {
        if (isWanted(name)) names.push(name);
        if (names.length === most || !this.mayRead(BYTES_PER_NAME)) break;
      }
      return names;
    } catch {
      return [];
    } finally {
      walk.close();
    }
  }

  /** Counts bytes that are read in another way. @returns false at the limit */
  mayRead(bytes: number): boolean {
    this.#left -= bytes;
    this.#leftInLookup -= bytes;
    return this.#leftInLookup >= 0;
  }

  /** True for a regular file of at most so many bytes. */
  isThere(path: string, most: number): boolean {
    return this.#withFile(path, most, () => true) === true;
  }

  /** Unpacks what gzip has compressed; undefined beyond the limits, and for anything else. */
  gunzip(bytes: Buffer): Buffer | undefined {
    const most = Math.min(this.#limits.unpackedInLookup, this.#leftToUnpack);
    if (bytes.length < MIN_GZIP_BYTES || bytes[0] !== 0x1f || bytes[1] !== 0x8b) return undefined;
    // Its size when unpacked (RFC 1952), or what it says: in one piece, it is in memory once.
    const size = bytes.readUInt32LE(bytes.length - 4);
    if (size > most || most <= 0) return undefined;
    try {
      const unpacked = gunzipSync(bytes, { maxOutputLength: most, chunkSize: size + MIN_CHUNK_BYTES });
      this.#leftToUnpack -= unpacked.length;
      return unpacked;
    } catch {
      // It may have been unpacked to the limit.
      this.#leftToUnpack -= most;
      return undefined;
    }
  }

  /** Passes on the pieces of a regular file of at most so many bytes, each valid until the next; false for anything else. */
  eachPiece(path: string, most: number, onPiece: (bytes: Buffer) => void): boolean {
    const isRead = this.#withFile(path, most, (descriptor) => {
      for (;;) {
        const count = this.#read(descriptor, piece, 0, PIECE_BYTES);
        if (count === 0) return true;
        onPiece(piece.subarray(0, count));
      }
    });
    return isRead === true;
  }

  /** The last bytes of a regular file of at most `most` bytes, and their offset in it; undefined for anything else. */
  tailOf(
    path: string,
    most: number,
    length: number,
  ): { readonly tail: Buffer; readonly from: number } | undefined {
    return this.#withFile(path, most, (descriptor, size) => {
      const from = Math.max(0, size - length);
      const tail = Buffer.alloc(size - from);
      let filled = 0;
      for (let count = -1; count !== 0; filled += count)
        count = this.#read(descriptor, tail, filled, tail.length - filled, from + filled);
      return { tail: tail.subarray(0, filled), from };
    });
  }

  #read(descriptor: number, buffer: Buffer, offset: number, length: number, position?: number): number {
    const count = this.#platform.fs.read(descriptor, buffer, offset, length, position);
    if (!this.mayRead(count)) throw new LimitReached();
    return count;
  }

  #withFile<T>(path: string, most: number, use: (descriptor: number, size: number) => T): T | undefined {
    const { fs } = this.#platform;
    if (this.#leftInLookup <= 0 || !this.#answers(path)) return undefined;
    let descriptor: number;
    try {
      // Before opening, which fetches the content on some systems.
      if (!isOnThisMachine(fs.status(path))) return undefined;
      descriptor = fs.open(path);
    } catch {
      return undefined;
    }
    try {
      const status = fs.statusOf(descriptor);
      return this.#isReadable(path, status, most) ? use(descriptor, status.size) : undefined;
    } catch {
      return undefined;
    } finally {
      fs.close(descriptor);
    }
  }

  #answers(path: string): boolean {
    return this.#mounts !== undefined && !mayNotAnswer(path, this.#platform, this.#mounts);
  }

  #isReadable(path: string, status: FileStatus, most: number): boolean {
    return (
      status.isFile() && status.size <= most && isOnThisMachine(status) && this.#trust.mayVouch(path, status)
    );
  }
}

function matchIn<T>(lines: Buffer, searched: Buffer, match: (line: string) => T | undefined): T | undefined {
  for (let at = lines.indexOf(searched); at >= 0; at = lines.indexOf(searched, at + 1)) {
    const start = at === 0 ? 0 : lines.lastIndexOf(NEWLINE, at - 1) + 1;
    const newline = lines.indexOf(NEWLINE, at);
    const found = match(lines.toString('utf8', start, newline < 0 ? lines.length : newline));
    if (found !== undefined) return found;
  }
  return undefined;
}
