/** The streams of a compound file (Microsoft, [MS-CFB]): a file system in a file, as old office programs write it. */
import { type ContainerBytes, ContainerError, type ReaderLimits } from '../../container.ts';

const MAGIC = Buffer.from('d0cf11e0a1b11ae1', 'hex');
const HEADER_BYTES = 512;
const ENTRY_BYTES = 128;
/** The numbers from here on are marks: no sector has them. */
const FIRST_MARK = 0xffff_fffa;
/** Sectors of the allocation table that the header lists. */
const LISTED_IN_HEADER = 109;
/** Bytes in memory for each entry of the directory and for each sector of a chain, about. */
const ENTRY_MEMORY = 300;
const SECTOR_MEMORY = 8;
const PIECE_SECTORS = 64;

const STORAGE = 1;
const STREAM = 2;
const ROOT = 5;

interface Entry {
  readonly name: string;
  readonly type: number;
  readonly left: number;
  readonly right: number;
  readonly child: number;
  readonly start: number;
  readonly size: number;
}

/** A stream, by the names of the storages that contain it and its own. */
export interface CompoundStream {
  readonly path: readonly string[];
  readonly size: number;
  readonly start: number;
}

export class CompoundFile {
  readonly #content: ContainerBytes;
  readonly #limits: ReaderLimits;
  readonly #sectorSize: number;
  readonly #sectorCount: number;
  /** The sectors of the allocation table. */
  readonly #tables: number[] = [];
  /** The entries of the table that were read last. */
  #table: { readonly index: number; readonly bytes: Buffer } | undefined;
  readonly #smallSize: number;
  readonly #smallLimit: number;
  /** The sectors of the table and of the contents of small streams. */
  readonly #smallTable: readonly number[];
  readonly #smallContents: readonly number[];
  readonly streams: readonly CompoundStream[];

  /** @throws ContainerError if the file's header or directory cannot be read */
  constructor(content: ContainerBytes, limits: ReaderLimits) {
    this.#content = content;
    this.#limits = limits;
    const header = this.#at(0, HEADER_BYTES);
    const [shift, smallShift] =
      header.length === HEADER_BYTES ? [header.readUInt16LE(30), header.readUInt16LE(32)] : [0, 0];
    if (
      !header.subarray(0, 8).equals(MAGIC) ||
      (shift !== 9 && shift !== 12) ||
      smallShift < 4 ||
      smallShift > shift
    ) {
      throw new ContainerError('damaged', 'the header is not valid');
    }
    this.#sectorSize = 2 ** shift;
    this.#smallSize = 2 ** smallShift;
    this.#smallLimit = header.readUInt32LE(56);
    this.#sectorCount = Math.ceil(content.size / this.#sectorSize);
    this.#readTables(header);
    const entries = this.#entries(header.readUInt32LE(48));
    const root = entries.find(({ type }) => type === ROOT);
    if (root === undefined) throw new ContainerError('damaged', 'there is no directory in it');
    this.#smallTable = this.#chain(header.readUInt32LE(60), Infinity);
    this.#smallContents = this.#chain(root.start, root.size);
    this.streams = [...this.#streamsBelow(entries, root)];
  }

  /** The content of a stream. @throws ContainerError where it is cut off */
  *pieces({ start, size }: CompoundStream): Generator<Buffer> {
    let left = size;
    for (const piece of size < this.#smallLimit ? this.#smallPieces(start) : this.#largePieces(start, size)) {
      yield piece.subarray(0, left);
      left -= piece.length;
      if (left <= 0) return;
    }
    if (left > 0) throw new ContainerError('damaged', 'a stream is cut off');
  }

  /** The beginning of a stream: a few hundred bytes, if it has so many. */
  start(stream: CompoundStream): Buffer {
    const pieces: Buffer[] = [];
    let size = 0;
    for (const piece of this.pieces(stream)) {
      pieces.push(piece);
      size += piece.length;
      if (size >= HEADER_BYTES) break;
    }
    return Buffer.concat(pieces);
  }

  /** The content of a stream in memory. @throws ContainerError if it is longer than may be held there */
  bytes(stream: CompoundStream): Buffer {
    if (stream.size > this.#limits.memoryBytes / 4)
      throw new ContainerError('container-limit', 'a stream is too long');
    return Buffer.concat([...this.pieces(stream)]);
  }

  #at(position: number, length: number): Buffer {
    const bytes = Buffer.allocUnsafe(length);
    return bytes.subarray(0, this.#content.read(bytes, 0, length, position));
  }

  /** Consecutive sectors. The first one is behind the header. */
  #sectors(first: number, count: number): Buffer {
    if (this.#limits.isOver()) throw new ContainerError('container-limit', 'out of time');
    return this.#at((first + 1) * this.#sectorSize, count * this.#sectorSize);
  }

  #readTables(header: Buffer): void {
    for (let index = 0; index < LISTED_IN_HEADER; index += 1)
      this.#addTable(header.readUInt32LE(76 + 4 * index));
    let next = header.readUInt32LE(68);
    for (let count = 0; next < FIRST_MARK && next < this.#sectorCount; count += 1) {
      if (count > this.#sectorCount) throw new ContainerError('damaged', 'a chain of sectors is a circle');
      const sector = this.#sectors(next, 1);
      if (sector.length < this.#sectorSize) return;
      for (let at = 0; at + 8 <= sector.length; at += 4) this.#addTable(sector.readUInt32LE(at));
      next = sector.readUInt32LE(sector.length - 4);
    }
  }

  #addTable(sector: number): void {
    if (sector < this.#sectorCount) this.#tables.push(sector);
    if (this.#tables.length > this.#sectorCount)
      throw new ContainerError('damaged', 'the allocation table is too long');
  }

  #next(sector: number): number {
    const perTable = this.#sectorSize / 4;
    const index = Math.floor(sector / perTable);
    const at = this.#tables[index];
    if (at === undefined) return FIRST_MARK;
    if (this.#table?.index !== index) this.#table = { index, bytes: this.#sectors(at, 1) };
    const offset = (sector % perTable) * 4;
    return offset + 4 <= this.#table.bytes.length ? this.#table.bytes.readUInt32LE(offset) : FIRST_MARK;
  }

  /** The sectors of a chain that has `size` bytes. @throws ContainerError if it is a circle or too long */
  #chain(start: number, size: number): number[] {
    const sectors: number[] = [];
    const most = Math.min(this.#sectorCount, Math.ceil(size / this.#sectorSize));
    for (let sector = start; sector < this.#sectorCount; sector = this.#next(sector)) {
      if (sectors.length >= most) {
        if (size !== Infinity) break;
        throw new ContainerError('damaged', 'a chain of sectors is a circle');
      }
      sectors.push(sector);
      if (sectors.length * SECTOR_MEMORY > this.#limits.memoryBytes / 8)
        throw new ContainerError('container-limit', 'a chain of sectors is too long');
    }
    return sectors;
  }

  *#largePieces(start: number, size: number): Generator<Buffer> {
    const sectors = this.#chain(start, size);
    for (let index = 0; index < sectors.length;) {
      const first = sectors[index] ?? 0;
      let count = 1;
      while (count < PIECE_SECTORS && sectors[index + count] === first + count) count += 1;
      yield this.#sectors(first, count);
      index += count;
    }
  }

  *#smallPieces(start: number): Generator<Buffer> {
    const perSector = this.#sectorSize / this.#smallSize;
    const perTable = this.#sectorSize / 4;
    let small = start;
    for (let count = 0; small < FIRST_MARK && count <= this.#smallContents.length * perSector; count += 1) {
      const sector = this.#smallContents[Math.floor(small / perSector)];
      const table = this.#smallTable[Math.floor(small / perTable)];
      if (sector === undefined) return;
      const offset = (small % perSector) * this.#smallSize;
      yield this.#sectors(sector, 1).subarray(offset, offset + this.#smallSize);
      if (table === undefined) return;
      const entries = this.#sectors(table, 1);
      const at = (small % perTable) * 4;
      if (at + 4 > entries.length) return;
      small = entries.readUInt32LE(at);
    }
  }

  #entries(start: number): Entry[] {
    const entries: Entry[] = [];
    for (const sector of this.#chain(start, Infinity)) {
      const bytes = this.#sectors(sector, 1);
      for (let at = 0; at + ENTRY_BYTES <= bytes.length; at += ENTRY_BYTES)
        entries.push(this.#entry(bytes.subarray(at, at + ENTRY_BYTES)));
      if (entries.length * ENTRY_MEMORY > this.#limits.memoryBytes / 4)
        throw new ContainerError('container-limit', 'the directory is too long');
    }
    return entries;
  }

  #entry(bytes: Buffer): Entry {
    const length = Math.min(62, Math.max(0, bytes.readUInt16LE(64) - 2));
    const high = this.#sectorSize === 4096 ? bytes.readUInt32LE(124) : 0;
    return {
      name: bytes.toString('utf16le', 0, length & ~1),
      type: bytes.readUInt8(66),
      left: bytes.readUInt32LE(68),
      right: bytes.readUInt32LE(72),
      child: bytes.readUInt32LE(76),
      start: bytes.readUInt32LE(116),
      size: high * 2 ** 32 + bytes.readUInt32LE(120),
    };
  }

  /** The streams in the order of the directory's trees; an entry that occurs twice is left out. */
  *#streamsBelow(entries: readonly Entry[], root: Entry): Generator<CompoundStream> {
    const seen = new Set<number>();
    const waiting: { readonly index: number; readonly folder: readonly string[] }[] = [
      { index: root.child, folder: [] },
    ];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const { index, folder } = next;
      const entry = entries[index];
      if (entry === undefined || seen.has(index)) continue;
      seen.add(index);
      const path = [...folder, entry.name];
      if (entry.type === STREAM) yield { path, size: entry.size, start: entry.start };
      waiting.push({ index: entry.right, folder }, { index: entry.left, folder });
      // Storages within storages, without end, would need as much memory as there are entries, squared.
      if (entry.type === STORAGE && path.length < 32) waiting.push({ index: entry.child, folder: path });
    }
  }
}
