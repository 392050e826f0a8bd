/**
 * Reads lists of packages, and what they list: in pieces, so that neither takes more memory than the scan itself, and within limits,
 * because a user can write as many lists as they like. Nothing is opened that may not answer or is not on this machine. What cannot
 * be read counts as absent.
 */
import { type Hash, createHash } from 'node:crypto';
import { MountTable, type Platform, mayNotAnswer } from '../../../host/platform/index.ts';
import { isOnThisMachine } from '../../model/file-content.ts';

const PIECE_BYTES = 64 * 1024;
const NEWLINE = 0x0a;
/** Of each thread. */
const piece = Buffer.alloc(PIECE_BYTES);

/** Bytes that are read, at most. */
export interface ReadLimits {
  readonly lookup: number;
  readonly all: number;
}

const MEBIBYTE = 1024 * 1024;
/** A lookup takes some 50 ms, and all of them a second, of processor time. */
const LIMITS: ReadLimits = { lookup: 64 * MEBIBYTE, all: 1024 * MEBIBYTE };

/** Ends a read; the file counts as absent. */
class LimitReached extends Error {}

export class PackageFiles {
  readonly #platform: Platform;
  #mounts: MountTable | undefined;
  readonly #limits: ReadLimits;
  #leftInLookup = 0;
  #left: number;

  constructor(platform: Platform, limits: ReadLimits = LIMITS) {
    this.#platform = platform;
    this.#limits = limits;
    this.#left = limits.all;
  }

  /** To be called before each lookup. */
  begin(): void {
    // Not read where nothing is found.
    this.#mounts ??= new MountTable(this.#platform);
    this.#mounts.refresh();
    this.#leftInLookup = Math.min(this.#limits.lookup, this.#left);
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
  sumOf(path: string, most: number, algorithm: 'md5' | 'sha256'): Hash | undefined {
    const hash = createHash(algorithm);
    const isRead = this.eachPiece(path, most, (bytes) => {
      hash.update(bytes);
    });
    return isRead ? hash : undefined;
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
    this.#left -= count;
    this.#leftInLookup -= count;
    if (this.#leftInLookup < 0) throw new LimitReached();
    return count;
  }

  #withFile<T>(path: string, most: number, use: (descriptor: number, size: number) => T): T | undefined {
    const { fs } = this.#platform;
    if (this.#mounts === undefined || this.#leftInLookup <= 0) return undefined;
    if (mayNotAnswer(path, this.#platform, this.#mounts)) return undefined;
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
      const isReadable = status.isFile() && status.size <= most && isOnThisMachine(status);
      return isReadable ? use(descriptor, status.size) : undefined;
    } catch {
      return undefined;
    } finally {
      fs.close(descriptor);
    }
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
