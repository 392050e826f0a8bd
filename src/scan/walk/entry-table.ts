/** Many entries of a folder in little memory: some 12 bytes in addition to each name, none of them on the heap. */
import type { DirectoryEntry } from '../../host/platform/index.ts';
import { hashName } from './file-index/slice.ts';

/** Maximum number of entries in a table: 60 MB if all have the longest names, some 40 MB with typical ones. */
const MAX_TABLE_ENTRIES = 1_200_000;
/** Maximum total size of the names, in bytes. */
const MAX_ALL_NAMES_BYTES = 48 * 1024 * 1024;
const CHUNK_BYTES = 1024 * 1024;
/** Each name is preceded by its kind and by its length in two bytes. */
const HEAD_BYTES = 3;
/** Maximum size of a name in UTF-8, in bytes: 255 units of UTF-16 (NTFS, APFS). */
const MAX_NAME_BYTES = 3 * 255;

const FILE = 0;
const FOLDER = 1;
const LINK = 2;
const OTHER = 3;
/** Added to the kind. */
const NOT_UNICODE = 4;

class TableEntry implements DirectoryEntry {
  readonly name: string;
  readonly isNotUnicode: boolean;
  readonly #kind: number;

  constructor(name: string, kind: number) {
    this.name = name;
    this.isNotUnicode = kind >= NOT_UNICODE;
    this.#kind = kind % NOT_UNICODE;
  }

  isFile(): boolean {
    return this.#kind === FILE;
  }

  isDirectory(): boolean {
    return this.#kind === FOLDER;
  }

  isSymbolicLink(): boolean {
    return this.#kind === LINK;
  }
}

export class EntryTable {
  readonly #seed: number;
  readonly #chunks: Buffer[] = [];
  /** Offset in the last chunk. */
  #end = CHUNK_BYTES;
  /** For each entry: where it is, and its hash. */
  #offsets = new Uint32Array(1024);
  #hashes = new Uint32Array(1024);
  #count = 0;
  /** Something was not added. */
  isOverfull = false;

  constructor(seed: number) {
    this.#seed = seed;
  }

  /** @param hash of the name, with the table's seed */
  add(entry: DirectoryEntry, hash = hashName(entry.name, this.#seed)): void {
    if (this.isOverfull) return;
    if (this.#count === MAX_TABLE_ENTRIES || this.#chunks.length * CHUNK_BYTES > MAX_ALL_NAMES_BYTES) {
      this.isOverfull = true;
      this.#chunks.length = 0;
      this.#offsets = this.#hashes = new Uint32Array(0);
      return;
    }
    if (this.#end + HEAD_BYTES + MAX_NAME_BYTES > CHUNK_BYTES) {
      this.#chunks.push(Buffer.allocUnsafeSlow(CHUNK_BYTES));
      this.#end = 0;
    }
    const chunk = this.#chunks.at(-1) ?? Buffer.alloc(0);
    if (this.#count === this.#offsets.length) {
      this.#offsets = doubled(this.#offsets);
      this.#hashes = doubled(this.#hashes);
    }
    this.#offsets[this.#count] = (this.#chunks.length - 1) * CHUNK_BYTES + this.#end;
    this.#hashes[this.#count] = hash;
    this.#count += 1;
    const length = chunk.write(entry.name, this.#end + HEAD_BYTES, MAX_NAME_BYTES, 'utf8');
    chunk[this.#end] = kindOf(entry) + (entry.isNotUnicode === true ? NOT_UNICODE : 0);
    chunk.writeUInt16LE(length, this.#end + 1);
    this.#end += HEAD_BYTES + length;
  }

  /** The entries in the order in which they were added. */
  *all(): Generator<DirectoryEntry, void, undefined> {
    for (let index = 0; index < this.#count; index += 1) yield this.#at(this.#offsets[index] ?? 0);
  }

  /** The entries of one slice. Each call goes through the hashes of all entries. */
  *ofSlice(slice: number, count: number): Generator<DirectoryEntry, void, undefined> {
    for (let index = 0; index < this.#count; index += 1) {
      if ((this.#hashes[index] ?? 0) % count === slice) yield this.#at(this.#offsets[index] ?? 0);
    }
  }

  #at(offset: number): DirectoryEntry {
    const chunk = this.#chunks[Math.floor(offset / CHUNK_BYTES)] ?? Buffer.alloc(0);
    const at = offset % CHUNK_BYTES;
    const length = chunk.readUInt16LE(at + 1);
    return new TableEntry(
      chunk.toString('utf8', at + HEAD_BYTES, at + HEAD_BYTES + length),
      chunk[at] ?? OTHER,
    );
  }
}

function kindOf(entry: DirectoryEntry): number {
  if (entry.isSymbolicLink()) return LINK;
  if (entry.isDirectory()) return FOLDER;
  return entry.isFile() ? FILE : OTHER;
}

function doubled(numbers: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(2 * numbers.length);
  larger.set(numbers);
  return larger;
}
