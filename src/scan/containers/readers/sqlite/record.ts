/** Cells and records of SQLite: what a row consists of, and where its values are. */
import { ContainerError } from '../../container.ts';
import { type Pages, varint } from './database.ts';

/** Maximum number of values in a record: SQLite's own limit for columns. */
const MAX_VALUES = 32_767;
/** Longest header of a record that is accepted, in bytes. */
const MAX_HEADER_BYTES = 3 * MAX_VALUES;
/** Bytes of integers and floating-point numbers, by type. */
const NUMBER_BYTES = [0, 1, 2, 3, 4, 6, 8, 8, 0, 0] as const;

/** A value's type as SQLite stores it, and its place in the record. */
export interface StoredValue {
  readonly type: number;
  readonly from: number;
  readonly to: number;
}

/** The bytes of a record: the beginning is in a cell, the rest in a chain of other pages. */
export class Payload {
  readonly #pages: Pages;
  readonly #local: Buffer;
  /** The pages of the chain, as far as it was followed. */
  readonly #chain: number[] = [];
  readonly #first: number;
  readonly size: number;

  constructor(pages: Pages, local: Buffer, size: number, first: number) {
    this.#pages = pages;
    this.#local = local;
    this.size = size;
    this.#first = first;
  }

  /** The bytes from one offset to before another, which the caller keeps small. @throws ContainerError if they are missing */
  slice(from: number, to: number): Buffer {
    return to <= this.#local.length
      ? this.#local.subarray(from, to)
      : Buffer.concat([...this.pieces(from, to)]);
  }

  /** The same, page by page. */
  *pieces(from: number, to: number): Generator<Buffer> {
    if (to > this.size) throw new ContainerError('damaged', 'a record is cut off');
    const local = this.#local.length;
    if (from < local) yield this.#local.subarray(from, Math.min(to, local));
    const perPage = this.#pages.usable - 4;
    for (let at = Math.max(from, local); at < to;) {
      const index = Math.floor((at - local) / perPage);
      const start = local + index * perPage;
      const page = this.#pages.page(this.#pageOf(index));
      const piece = page.subarray(4 + at - start, 4 + Math.min(perPage, to - start));
      yield piece;
      at += piece.length;
    }
  }

  #pageOf(index: number): number {
    while (this.#chain.length <= index) {
      const last = this.#chain.at(-1);
      if (this.#chain.length > this.#pages.pageCount)
        throw new ContainerError('damaged', 'a chain of pages is a circle');
      this.#chain.push(last === undefined ? this.#first : this.#pages.page(last).readUInt32BE(0));
    }
    return this.#chain[index] ?? 0;
  }
}

/** A cell of a leaf: a row. */
export interface Cell {
  /** Undefined in a table without row numbers. */
  readonly rowId: number | bigint | undefined;
  readonly payload: Payload;
  /** Where it ends in the page. */
  readonly end: number;
}

/** Reads a cell of a leaf. `isTable`: of a table with row numbers; otherwise, of an index or a table that is stored as one. */
export function cellAt(pages: Pages, page: Buffer, at: number, isTable: boolean): Cell {
  const [size, afterSize] = varint(page, at);
  const [rowId, start] = isTable ? rowIdAt(page, afterSize) : [undefined, afterSize];
  const local = localBytes(pages.usable, size, isTable);
  const isWhole = local === size;
  const end = start + local + (isWhole ? 0 : 4);
  if (end > page.length) throw new ContainerError('damaged', 'a cell is cut off');
  const first = isWhole ? 0 : page.readUInt32BE(start + local);
  return { rowId, payload: new Payload(pages, page.subarray(start, start + local), size, first), end };
}

/** A row's number: in the longest form, nine bytes, it may be negative or above 2^53. */
function rowIdAt(page: Buffer, at: number): readonly [rowId: number | bigint, end: number] {
  const [value, end] = varint(page, at);
  if (end - at < 9) return [value, end];
  let bits = 0n;
  for (const byte of page.subarray(at, at + 8)) bits = (bits << 7n) | BigInt(byte & 0x7f);
  return [BigInt.asIntN(64, (bits << 8n) | BigInt(page[at + 8] ?? 0)), end];
}

/** How many bytes of a record of `size` bytes are in its cell: section 1.6 of the format. */
function localBytes(usable: number, size: number, isTable: boolean): number {
  const most = isTable ? usable - 35 : Math.floor(((usable - 12) * 64) / 255) - 23;
  if (size <= most) return size;
  const least = Math.floor(((usable - 12) * 32) / 255) - 23;
  const wanted = least + ((size - least) % (usable - 4));
  return wanted <= most ? wanted : least;
}

/** The values of a record. @throws ContainerError if it is not valid */
export function valuesOf(payload: Payload): StoredValue[] {
  const [length] = varint(payload.slice(0, Math.min(9, payload.size)), 0);
  if (length > Math.min(payload.size, MAX_HEADER_BYTES))
    throw new ContainerError('damaged', 'the header of a record is too long');
  return placesOf(payload.slice(0, length));
}

/** @param header of a record, from its own length on */
export function placesOf(header: Buffer): StoredValue[] {
  const values: StoredValue[] = [];
  let from = header.length;
  for (let at = varint(header, 0)[1]; at < header.length;) {
    const [type, end] = varint(header, at);
    at = end;
    const to = from + bytesOfType(type);
    values.push({ type, from, to });
    from = to;
    if (values.length > MAX_VALUES) throw new ContainerError('damaged', 'too many values in a record');
  }
  return values;
}

/** How many bytes a value of a type has. */
export function bytesOfType(type: number): number {
  return type < 12 ? (NUMBER_BYTES[type] ?? 0) : Math.floor((type - 12) / 2);
}

export function isText(type: number): boolean {
  return type >= 13 && type % 2 === 1;
}

export function isBlob(type: number): boolean {
  return type >= 12 && type % 2 === 0;
}

/** A number as JSON. */
export function numberOf(type: number, bytes: Buffer): string {
  if (type === 0) return 'null';
  if (type === 8 || type === 9) return String(type - 8);
  if (type === 6) return String(bytes.readBigInt64BE(0));
  if (type === 7) return JSON.stringify(bytes.readDoubleBE(0));
  return bytes.length > 0 ? String(bytes.readIntBE(0, bytes.length)) : 'null';
}
