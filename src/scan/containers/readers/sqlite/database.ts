/**
 * The pages of an SQLite database (https://www.sqlite.org/fileformat.html), read as they are: no lock is taken, no journal is applied, and
 * nothing in the file is trusted.
 */
import { type ContainerBytes, ContainerError, type ReaderLimits } from '../../container.ts';

const HEADER_BYTES = 100;
const MAGIC = 'SQLite format 3\0';
/** Smallest usable size of a page that the format allows. */
const MIN_USABLE_BYTES = 480;

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be';

/** Pages that refer to each other by their numbers. */
export interface Pages {
  /** Bytes of a page without those that an extension reserves at its end. */
  readonly usable: number;
  /** The highest number of a page. */
  readonly pageCount: number;
  readonly encoding: Encoding;
  /** @throws ContainerError if there is no such page, or the reader must stop */
  page(number: number): Buffer;
}

export class Database implements Pages {
  readonly #content: ContainerBytes;
  readonly #limits: ReaderLimits;
  readonly pageSize: number;
  readonly usable: number;
  /** Complete pages in the file. */
  readonly pageCount: number;
  readonly encoding: Encoding;
  /** The first page of the list of free pages, or 0. */
  readonly firstFree: number;
  /** True if the file ends before the database does. */
  readonly isCutOff: boolean;
  /** One bit per page of a table that was read: a page that belongs to two is a sign of damage, and would be read again and again. */
  readonly #seen: Uint8Array;

  /** @throws ContainerError if this is no database */
  constructor(content: ContainerBytes, limits: ReaderLimits) {
    this.#content = content;
    this.#limits = limits;
    const header = Buffer.alloc(HEADER_BYTES);
    content.read(header, 0, HEADER_BYTES, 0);
    const size = header.readUInt16BE(16);
    this.pageSize = size === 1 ? 65_536 : size;
    this.usable = this.pageSize - header.readUInt8(20);
    const isSound =
      header.toString('latin1', 0, 16) === MAGIC &&
      this.pageSize >= 512 &&
      (this.pageSize & (this.pageSize - 1)) === 0 &&
      this.usable >= MIN_USABLE_BYTES;
    if (!isSound) throw new ContainerError('damaged', 'the header of the database is not valid');
    this.pageCount = Math.min(Math.floor(content.size / this.pageSize), 0xffff_fffe);
    if (this.pageCount / 8 > limits.memoryBytes / 2)
      throw new ContainerError('container-limit', 'too many pages');
    this.#seen = new Uint8Array(Math.ceil((this.pageCount + 1) / 8));
    this.encoding = encodingIn(header);
    this.firstFree = header.readUInt32BE(32);
    // The number of pages in the header is valid only if the two counters agree.
    const isCounted = header.readUInt32BE(24) === header.readUInt32BE(92);
    this.isCutOff =
      content.size % this.pageSize !== 0 || (isCounted && header.readUInt32BE(28) > this.pageCount);
  }

  page(number: number): Buffer {
    this.check();
    if (number < 1 || number > this.pageCount) throw new ContainerError('damaged', 'a page does not exist');
    const bytes = Buffer.allocUnsafe(this.pageSize);
    const position = (number - 1) * this.pageSize;
    const length = this.#content.read(bytes, 0, this.pageSize, position);
    if (length < this.pageSize) throw new ContainerError('damaged', 'the file became shorter');
    return bytes.subarray(0, this.usable);
  }

  /** @throws ContainerError if the reader must stop */
  check(): void {
    if (this.#limits.isOver()) throw new ContainerError('container-limit', 'out of time');
  }

  /** Marks a page as read. @returns false if it was marked before */
  see(number: number): boolean {
    const bit = 1 << (number & 7);
    const byte = this.#seen[number >> 3] ?? 0xff;
    this.#seen[number >> 3] = byte | bit;
    return (byte & bit) === 0;
  }

  isSeen(number: number): boolean {
    return ((this.#seen[number >> 3] ?? 0) & (1 << (number & 7))) !== 0;
  }
}

/** The encoding of texts, from the beginning of the first page. */
export function encodingIn(header: Buffer): Encoding {
  return (['utf-8', 'utf-8', 'utf-16le', 'utf-16be'] as const)[header.readUInt32BE(56)] ?? 'utf-8';
}

/** A number of 1 to 9 bytes at `at`; imprecise above 2^53. @returns it, and where it ends */
export function varint(bytes: Buffer, at: number): readonly [value: number, end: number] {
  let value = 0;
  for (let index = 0; index < 8; index += 1) {
    const byte = bytes[at + index];
    if (byte === undefined) throw new ContainerError('damaged', 'a number is cut off');
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80) return [value, at + index + 1];
  }
  return [value * 256 + (bytes[at + 8] ?? 0), at + 9];
}
