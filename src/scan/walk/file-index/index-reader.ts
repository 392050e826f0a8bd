/** Reads folders from the file index, for one thread. Adjacent records are read together. */
import { closeSync, constants, openSync, readSync } from 'node:fs';
import { O_NOFOLLOW } from '../../../host/platform/index.ts';
import { FRAME_BYTES, type KnownFolder, decodeFolder } from './index-format.ts';
import { IndexTable, type SharedTable } from './index-table.ts';

/** Number of bytes that are read at a time: the walk meets folders mostly in the order in which they were written. */
const BLOCK_BYTES = 32 * 1024;

/** What a thread needs. */
export interface SharedIndex {
  readonly path: string;
  readonly table: SharedTable;
}

export class IndexReader {
  readonly #descriptor: number;
  readonly #table: IndexTable;
  #block = Buffer.alloc(BLOCK_BYTES);
  /** The range of the file that the block contains: its start, and the offset after its end. */
  #from = 0;
  #to = 0;

  constructor({ path, table }: SharedIndex) {
    this.#table = new IndexTable(table);
    this.#descriptor = openSync(path, constants.O_RDONLY | O_NOFOLLOW);
  }

  /** The recorded state of the folder; undefined when it is unknown. */
  find(path: string): KnownFolder | undefined {
    const offset = this.#table.find(path);
    if (offset === 0) return undefined;
    if (!this.#holds(offset, FRAME_BYTES)) this.#read(offset, BLOCK_BYTES);
    const length = this.#block.readUInt32LE(offset - this.#from);
    if (!this.#holds(offset, FRAME_BYTES + length)) this.#read(offset, FRAME_BYTES + length);
    const folder = decodeFolder(this.#block, offset - this.#from + FRAME_BYTES);
    // Another path may have the same hash.
    return folder.path === path ? folder : undefined;
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  #holds(offset: number, length: number): boolean {
    return offset >= this.#from && offset + length <= this.#to;
  }

  #read(offset: number, length: number): void {
    if (length > this.#block.length) this.#block = Buffer.alloc(length);
    this.#from = offset;
    this.#to = offset + readSync(this.#descriptor, this.#block, 0, this.#block.length, offset);
  }
}
