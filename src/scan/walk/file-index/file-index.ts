/**
 * The file index: which files were scanned, and their state at that time. One flat file in the state directory,
 * read once at the start and appended to, by the main thread alone (`index-format.ts`). It contains nothing that
 * cannot be found again: damaged parts are cut off, and an index made by other rules is discarded.
 */
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  lstatSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { crc32 } from 'node:zlib';
import { codeOf } from '../../../host/exit/task-error.ts';
import { O_NOFOLLOW, type Platform, cannotWrite } from '../../../host/platform/index.ts';
import { FRAME_BYTES, MAX_RECORD_BYTES, fileCountOf, pathOfKey, pathOfRecord } from './index-format.ts';
import type { SharedIndex } from './index-reader.ts';
import { IndexTable } from './index-table.ts';

/** The file begins with this and the 32 bytes of its identity. */
const MAGIC = Buffer.from('kepm-ix2');
const HEADER_BYTES = 64;
/** Number of bytes that are read at a time. */
const CHUNK_BYTES = 1024 * 1024;
/** Outdated records are kept when they take fewer bytes than this. */
const MIN_STALE_BYTES = 1024 * 1024;

/** `damaged` lost what followed the damage; `other` was made by other rules, another version or for another store. */
export type IndexState = 'new' | 'current' | 'other' | 'damaged';

interface OpenOptions {
  /** Removes folders that no longer exist; reads the status of each of them. */
  readonly isTidy: boolean;
  /** Starts with an empty index. */
  readonly full: boolean;
  /** False for a path whose file system may not respond: it is not accessed, and assumed to exist. */
  readonly mayLookAt: (path: string) => boolean;
}

export class FileIndex {
  readonly shared: SharedIndex;
  readonly state: IndexState;
  readonly #descriptor: number;
  readonly #table: IndexTable;

  /** Approximate number of known files: those in outdated records are included. */
  readonly files: number;

  /** Where the last whole record ends. */
  #end: number;

  private constructor({ descriptor, state, table, files, end }: Loaded, path: string) {
    this.#descriptor = descriptor;
    this.#end = end;
    this.state = state;
    this.files = files;
    this.shared = { path, table: table.shared };
    this.#table = table;
  }

  /**
   * Opens the index of a state directory, or creates one. The run must hold the directory's lock.
   * @param identity 32 bytes: the contents of the index are valid only for the same ones
   * @throws TaskError `cannot-write`
   */
  static open(
    platform: Platform,
    directory: string,
    identity: Buffer,
    { isTidy, full, mayLookAt }: OpenOptions,
  ): FileIndex {
    const path = platform.path.join(directory, 'files.index');
    try {
      removeForeign(path);
      const aside = `${path}.new`;
      rmSync(aside, { force: true });
      if (full) rmSync(path, { force: true });
      const found = load(path, identity);
      if (isTidy || found.dead > Math.max(MIN_STALE_BYTES, found.end - found.dead)) {
        copyCurrent(found, aside, identity, mayLookAt);
        closeSync(found.descriptor);
        renameSync(aside, path);
        return FileIndex.open(platform, directory, identity, { isTidy: false, full: false, mayLookAt });
      }
      ftruncateSync(found.descriptor, found.end);
      return new FileIndex(found, path);
    } catch (cause) {
      throw cannotWrite('the file index', path, cause);
    }
  }

  /** Number of known folders. */
  get folders(): number {
    return this.#table.count().all;
  }

  /** True when most known folders were not met in a walk of everything: removing those that are gone pays off. */
  get isStale(): boolean {
    const { all, unmet } = this.#table.count();
    return unmet > 1000 && unmet > all / 2;
  }

  /** Appends complete records. Their findings must be in the store already. */
  append(records: Uint8Array): void {
    try {
      for (let done = 0; done < records.length;) done += writeSync(this.#descriptor, records, done);
      this.#end += records.length;
    } catch (cause) {
      this.#cutOff();
      throw cannotWrite('the file index', this.shared.path, cause);
    }
  }

  /** Removes a partial record, after which no other record would be found. */
  #cutOff(): void {
    try {
      ftruncateSync(this.#descriptor, this.#end);
    } catch {
      // The next run treats the end as damaged, so the files after it are read again.
    }
  }

  close(): void {
    try {
      fsyncSync(this.#descriptor);
    } catch (cause) {
      throw cannotWrite('the file index', this.shared.path, cause);
    } finally {
      closeSync(this.#descriptor);
    }
  }
}

interface Loaded {
  readonly descriptor: number;
  readonly state: IndexState;
  readonly table: IndexTable;
  /** In all records. */
  readonly files: number;
  /** Number of bytes up to the last good record. */
  readonly end: number;
  /** Number of bytes of outdated records. */
  readonly dead: number;
}

/**
 * Removes anything that is not a regular file with a single link: writing to it would change the target of a
 * link.
 */
function removeForeign(path: string): void {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found !== undefined && (!found.isFile() || found.nlink > 1)) {
    rmSync(path, { recursive: true, force: true });
  }
}

function load(path: string, identity: Buffer): Loaded {
  const flags = constants.O_RDWR | constants.O_CREAT | constants.O_APPEND | O_NOFOLLOW;
  const descriptor = openSync(path, flags, 0o600);
  const header = Buffer.alloc(HEADER_BYTES);
  MAGIC.copy(header);
  identity.copy(header, MAGIC.length);
  const there = Buffer.alloc(HEADER_BYTES);
  const { size } = fstatSync(descriptor);
  if (size >= HEADER_BYTES) readSync(descriptor, there, 0, HEADER_BYTES, 0);
  if (!there.equals(header)) {
    ftruncateSync(descriptor, 0);
    writeSync(descriptor, header);
    const state = size === 0 ? 'new' : there.subarray(0, MAGIC.length).equals(MAGIC) ? 'other' : 'damaged';
    return { descriptor, state, table: IndexTable.for(0), files: 0, end: HEADER_BYTES, dead: 0 };
  }
  const found = new Found();
  const end = eachRecord(descriptor, (content, start, offset) => found.add(content, start, offset));
  const { table, dead } = found.table(end);
  return { descriptor, state: end === size ? 'current' : 'damaged', table, files: found.files, end, dead };
}

/** Hashes and offsets, until their number is known. */
class Found {
  files = 0;
  #numbers = new Float64Array(3 * 1024);
  #count = 0;

  add(content: Buffer, start: number, offset: number): void {
    if (this.#numbers.length === 3 * this.#count) {
      const larger = new Float64Array(2 * this.#numbers.length);
      larger.set(this.#numbers);
      this.#numbers = larger;
    }
    const at = 3 * this.#count;
    this.#numbers[at] = content.readUInt32LE(start);
    this.#numbers[at + 1] = content.readUInt32LE(start + 4);
    this.#numbers[at + 2] = offset;
    this.#count += 1;
    this.files += fileCountOf(content, start);
  }

  /** @param end where the last record ends */
  table(end: number): { readonly table: IndexTable; readonly dead: number } {
    const table = IndexTable.for(this.#count);
    let dead = 0;
    const numbers = this.#numbers;
    const offsetOf = (index: number) => (index < this.#count ? (numbers[3 * index + 2] ?? end) : end);
    for (let index = 0; index < this.#count; index += 1) {
      const hash = [numbers[3 * index] ?? 0, numbers[3 * index + 1] ?? 0] as const;
      const before = table.set(hash, offsetOf(index));
      if (before === 0) continue;
      dead += offsetOf(this.#indexOf(before) + 1) - before;
    }
    return { table, dead };
  }

  /** Offsets increase. */
  #indexOf(offset: number): number {
    let low = 0;
    let high = this.#count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#numbers[3 * middle + 2] ?? 0) < offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/**
 * Iterates over the good records.
 * @param onRecord gets the offset of the content in `content`, and that of the record in the file
 * @returns where the first bad one begins, or the file ends
 */
function eachRecord(
  descriptor: number,
  onRecord: (content: Buffer, start: number, offset: number, length: number) => void,
): number {
  let buffer = Buffer.alloc(CHUNK_BYTES);
  let offset = HEADER_BYTES;
  for (;;) {
    const count = readSync(descriptor, buffer, 0, buffer.length, offset);
    let at = 0;
    let wanted = 0;
    while (at + FRAME_BYTES <= count) {
      const length = buffer.readUInt32LE(at);
      if (length < FRAME_BYTES * 9 || length > MAX_RECORD_BYTES || length % 8 !== 0) return offset + at;
      wanted = FRAME_BYTES + length;
      if (at + wanted > count) break;
      const content = buffer.subarray(at + FRAME_BYTES, at + wanted);
      if (crc32(content) !== buffer.readUInt32LE(at + 4)) return offset + at;
      onRecord(buffer, at + FRAME_BYTES, offset + at, wanted);
      at += wanted;
      wanted = 0;
    }
    offset += at;
    if (count < buffer.length) return offset;
    if (wanted > buffer.length) buffer = Buffer.alloc(wanted);
  }
}

/** Writes the current records of existing folders to a new file. */
function copyCurrent(
  { descriptor, table }: Loaded,
  aside: string,
  identity: Buffer,
  mayLookAt: (path: string) => boolean,
): void {
  const target = openSync(aside, 'wx', 0o600);
  try {
    writeSync(
      target,
      Buffer.concat([MAGIC, identity, Buffer.alloc(HEADER_BYTES - MAGIC.length - identity.length)]),
    );
    const isForgettable = (path: string) => mayLookAt(path) && isGone(path);
    eachRecord(descriptor, (content, start, offset, length) => {
      const hash = [content.readUInt32LE(start), content.readUInt32LE(start + 4)] as const;
      if (!table.isCurrent(hash, offset) || isForgettable(pathOfKey(pathOfRecord(content, start)))) return;
      const record = content.subarray(start - FRAME_BYTES, start - FRAME_BYTES + length);
      for (let done = 0; done < record.length;) done += writeSync(target, record, done);
    });
    fsyncSync(target);
  } finally {
    closeSync(target);
  }
}

function isGone(path: string): boolean {
  try {
    lstatSync(path);
    return false;
  } catch (error) {
    return codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR';
  }
}
