/** Reads lists of packages, and what they list, in pieces: neither may take more memory than the scan itself. */
import { type Hash, createHash } from 'node:crypto';
import type { FileSystem } from '../../../host/platform/index.ts';

const PIECE_BYTES = 64 * 1024;
const NEWLINE = 0x0a;
/** Of each thread. */
const piece = Buffer.alloc(PIECE_BYTES);

/**
 * What `match` returns for a line of a file, the first that is not undefined, of the lines that contain certain text.
 * Undefined for anything but a regular file of at most so many bytes. Lines longer than a piece are not searched.
 */
export function inLines<T>(
  fs: FileSystem,
  path: string,
  most: number,
  text: string,
  match: (line: string) => T | undefined,
): T | undefined {
  const searched = Buffer.from(text);
  return withFile(fs, path, most, (descriptor) => {
    for (let kept = 0; ;) {
      const count = fs.read(descriptor, piece, kept, PIECE_BYTES - kept);
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

function matchIn<T>(lines: Buffer, searched: Buffer, match: (line: string) => T | undefined): T | undefined {
  for (let at = lines.indexOf(searched); at >= 0; at = lines.indexOf(searched, at + 1)) {
    const start = at === 0 ? 0 : lines.lastIndexOf(NEWLINE, at - 1) + 1;
    const newline = lines.indexOf(NEWLINE, at);
    const found = match(lines.toString('utf8', start, newline < 0 ? lines.length : newline));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The sum of a regular file of at most so many bytes; undefined for anything else. */
export function sumOf(
  fs: FileSystem,
  path: string,
  most: number,
  algorithm: 'md5' | 'sha256',
): Hash | undefined {
  const hash = createHash(algorithm);
  const isRead = eachPiece(fs, path, most, (bytes) => {
    hash.update(bytes);
  });
  return isRead ? hash : undefined;
}

/** Passes on the pieces of a regular file of at most so many bytes, each valid until the next; false for anything else. */
export function eachPiece(
  fs: FileSystem,
  path: string,
  most: number,
  onPiece: (bytes: Buffer) => void,
): boolean {
  const isRead = withFile(fs, path, most, (descriptor) => {
    for (;;) {
      const count = fs.read(descriptor, piece, 0, PIECE_BYTES);
      if (count === 0) return true;
      onPiece(piece.subarray(0, count));
    }
  });
  return isRead === true;
}

/** Opens a regular file of at most so many bytes for as long as `use` takes; undefined for anything else. */
export function withFile<T>(
  fs: FileSystem,
  path: string,
  most: number,
  use: (descriptor: number, size: number) => T,
): T | undefined {
  let descriptor: number;
  try {
    descriptor = fs.open(path);
  } catch {
    return undefined;
  }
  try {
    const status = fs.statusOf(descriptor);
    return status.isFile() && status.size <= most ? use(descriptor, status.size) : undefined;
  } catch {
    return undefined;
  } finally {
    fs.close(descriptor);
  }
}
