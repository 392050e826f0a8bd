/**
 * The format of the file index: after a header, one record for each folder, in the order in which they were walked;
 * of several records for one folder the last one counts. Each record has a checksum and is either complete or
 * ignored, so the file can be appended to at any time and truncated anywhere. Numbers are little-endian; records
 * begin at multiples of 8.
 *
 *     u32 bytes of what follows the checksum     u32 CRC-32 of it
 *     u32 u32 hash of the path   f64 dev ino mtimeMs ctimeMs
 *     u32 bytes of text   u32 how it was walked   u32 files   u32 links   u32 special files   u32 excluded   u32 other shards   u32 slices
 *     for each file: f64 size mtimeMs ctimeMs ino
 *     text: the path, the files' names, the folders' names, with a NUL between
 *
 * A folder's `mtimeMs` is NaN when it must be listed again, a file's when it must be read again. The size of a binary
 * that was skipped is written as a negative number that also contains its kind (`sizeWithKind`). A large file that several threads have read has a record of its own: its path, and itself without a name.
 * A huge folder has a record for each slice, whose path ends with `//index/count/seed`; its own one says how many there are (low
 * half of `slices`) and their seed (high half).
 */
import { crc32 } from 'node:zlib';
import { endianness } from 'node:os';
import { type BinaryKind, binaryKinds } from '../../model/coverage.ts';
import type { Slicing } from './slice.ts';

/** Number of bytes before a record's content, and before its files. */
export const FRAME_BYTES = 8;
const HEAD_BYTES = 8 + 4 * 8 + 8 * 4;
const BYTES_PER_FILE = 4 * 8;

/** A longer content is invalid: a folder of two million files has less. */
export const MAX_RECORD_BYTES = 256 * 1024 * 1024;

const counters = ['links', 'specials', 'excluded', 'others'] as const;
export type Counts = Record<(typeof counters)[number], number>;

/** The recorded state of a folder. */
export interface KnownFolder extends Readonly<Counts> {
  readonly path: string;
  readonly dev: number;
  readonly ino: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
  /** A hash of everything that affects which entries count: see `FolderJournal.begin`. */
  readonly walkOptionsKey: number;
  readonly fileNames: readonly string[];
  readonly folderNames: readonly string[];
  /** The entries are in the records of slices. */
  readonly slicing?: Slicing | undefined;
  /** Four for each file: size, mtimeMs, ctimeMs, ino. */
  readonly numbers: Float64Array;
}

/** Separates a folder's path and a slice; no path contains it in the middle. */
const SLICE_MARK = '//';
const SEED = 0x10000;

/** The key of a folder's slice. */
export function keyOfSlice(path: string, index: number, { count, seed }: Slicing): string {
  return `${path}${SLICE_MARK}${index}/${count}/${seed}`;
}

/** The path in a key. */
export function pathOfKey(key: string): string {
  const mark = key.lastIndexOf(SLICE_MARK);
  // A Windows server share begins like a separator.
  return mark <= 0 ? key : key.slice(0, mark);
}

/** Two independent hashes of a path, 32 bits each (FNV-1a, and the same with another start and prime). */
export function hashPath(path: string): readonly [number, number] {
  let a = 0x811c9dc5;
  let b = 0x2f0b4a27;
  for (let index = 0; index < path.length; index += 1) {
    const unit = path.charCodeAt(index);
    a = Math.imul(a ^ unit, 0x01000193);
    b = Math.imul(b ^ unit, 0x5bd1e995);
    b ^= b >>> 15;
  }
  return [a >>> 0, b >>> 0];
}

/** Distinguishes so many kinds of binaries, with sizes of up to 280 TB. */
const KINDS = 32;

/** The number for a file's size, and its kind if it is a binary that was skipped. */
export function sizeWithKind(size: number, kind: BinaryKind | undefined): number {
  return kind === undefined ? size : -1 - (size * KINDS + binaryKinds.indexOf(kind));
}

/** The size in such a number. */
export function sizeIn(number: number): number {
  return number < 0 ? Math.floor((-1 - number) / KINDS) : number;
}

/** The kind in such a number; undefined for a file that was read to its end. */
export function kindIn(number: number): BinaryKind | undefined {
  return number < 0 ? binaryKinds[(-1 - number) % KINDS] : undefined;
}

/** The complete record of a folder. @returns valid until the next call */
export function encodeFolder(
  folder: Omit<KnownFolder, 'numbers'> & { readonly numbers: readonly number[] },
): Uint8Array {
  const { path, fileNames, folderNames, numbers } = folder;
  const text = Buffer.from([path, ...fileNames, ...folderNames].join('\0'));
  const filesEnd = HEAD_BYTES + fileNames.length * BYTES_PER_FILE;
  const length = Math.ceil((filesEnd + text.length) / 8) * 8;
  const bytes = scratchOf(FRAME_BYTES + length);
  const view = new DataView(bytes.buffer, FRAME_BYTES);
  const [a, b] = hashPath(path);
  const words = [
    text.length,
    folder.walkOptionsKey,
    fileNames.length,
    folder.links,
    folder.specials,
    folder.excluded,
    folder.others,
    folder.slicing === undefined ? 0 : folder.slicing.seed * SEED + folder.slicing.count,
  ];
  view.setUint32(0, a, true);
  view.setUint32(4, b, true);
  const { dev, ino, mtimeMs, ctimeMs } = folder;
  [dev, ino, mtimeMs, ctimeMs].forEach((number, index) => view.setFloat64(8 + 8 * index, number, true));
  words.forEach((word, index) => view.setUint32(40 + 4 * index, word, true));
  if (isLittle) new Float64Array(bytes.buffer, FRAME_BYTES + HEAD_BYTES, numbers.length).set(numbers);
  else numbers.forEach((number, index) => view.setFloat64(HEAD_BYTES + 8 * index, number, true));
  bytes.set(text, FRAME_BYTES + filesEnd);
  const frame = new DataView(bytes.buffer);
  frame.setUint32(0, length, true);
  frame.setUint32(4, crc32(bytes.subarray(FRAME_BYTES)), true);
  return bytes;
}

const isLittle = endianness() === 'LE';

/** A separate buffer for each of 300,000 folders took 100 MB, which was freed only after the run. */
let scratch = new Uint8Array(64 * 1024);

/** @returns zeros */
function scratchOf(length: number): Uint8Array<ArrayBuffer> {
  if (scratch.length < length) scratch = new Uint8Array(2 * length);
  return scratch.subarray(0, length).fill(0);
}

/** The folder of a record whose content begins at `start` of `bytes`. The checksum is not verified. */
export function decodeFolder(bytes: Buffer, start: number): KnownFolder {
  const word = (index: number) => bytes.readUInt32LE(start + 40 + 4 * index);
  const fileCount = word(2);
  const filesEnd = start + HEAD_BYTES + fileCount * BYTES_PER_FILE;
  const numbers = new Float64Array(fileCount * 4);
  if (isLittle) new Uint8Array(numbers.buffer).set(bytes.subarray(start + HEAD_BYTES, filesEnd));
  else
    for (let n = 0; n < numbers.length; n += 1) numbers[n] = bytes.readDoubleLE(start + HEAD_BYTES + 8 * n);
  const names = bytes.toString('utf8', filesEnd, filesEnd + word(0)).split('\0');
  return {
    path: names[0] ?? '',
    dev: bytes.readDoubleLE(start + 8),
    ino: bytes.readDoubleLE(start + 16),
    mtimeMs: bytes.readDoubleLE(start + 24),
    ctimeMs: bytes.readDoubleLE(start + 32),
    walkOptionsKey: word(1),
    links: word(3),
    specials: word(4),
    excluded: word(5),
    others: word(6),
    slicing: word(7) === 0 ? undefined : { count: word(7) % SEED, seed: Math.floor(word(7) / SEED) },
    fileNames: names.slice(1, 1 + fileCount),
    folderNames: names.slice(1 + fileCount),
    numbers,
  };
}

/** The number of files in such a record. */
export function fileCountOf(bytes: Buffer, start: number): number {
  return bytes.readUInt32LE(start + 48);
}

/** Only the path of such a record. */
export function pathOfRecord(bytes: Buffer, start: number): string {
  const text = start + HEAD_BYTES + fileCountOf(bytes, start) * BYTES_PER_FILE;
  const end = text + bytes.readUInt32LE(start + 40);
  const nul = bytes.indexOf(0, text);
  return bytes.toString('utf8', text, nul < 0 || nul > end ? end : nul);
}
