/**
 * The pages in the files beside an SQLite database: its write-ahead log, which holds the newest rows, and its rollback journal, which holds
 * those before the last change (sections 3 and 4 of the format). Pages of all ages are read, also those that no longer count.
 */
import { type ContainerBytes, ContainerError, type ReaderLimits } from '../../container.ts';
import { type Encoding, type Pages, encodingIn } from './database.ts';

const LOG_MAGIC = 0x377f0682;
const JOURNAL_MAGIC = 'd9d505f920a163d7';
/** Bytes in memory for each page that is known, about. */
const PAGE_MEMORY = 100;
const DATABASE_MAGIC = 'SQLite format 3\0';

/** How pages follow each other. */
interface Layout {
  readonly pageSize: number;
  /** Where the first one begins, bytes before and bytes after each. */
  readonly first: number;
  readonly before: number;
  readonly after: number;
}

export class Journal implements Pages {
  readonly #content: ContainerBytes;
  readonly #limits: ReaderLimits;
  readonly #layout: Layout;
  /** Where the newest version of each page is, of those that were passed. */
  readonly #places = new Map<number, number>();
  readonly pageCount = 0xffff_fffe;
  encoding: Encoding = 'utf-8';

  /** @throws ContainerError if this is neither a log nor a journal */
  constructor(content: ContainerBytes, limits: ReaderLimits) {
    this.#content = content;
    this.#limits = limits;
    const header = Buffer.alloc(32);
    content.read(header, 0, 32, 0);
    const isLog = (header.readUInt32BE(0) & ~1) >>> 0 === LOG_MAGIC;
    const isJournal = header.toString('hex', 0, 8) === JOURNAL_MAGIC;
    this.#layout = isLog
      ? { pageSize: header.readUInt32BE(8), first: 32, before: 24, after: 0 }
      : { pageSize: header.readUInt32BE(24), first: header.readUInt32BE(20), before: 4, after: 4 };
    const { pageSize, first } = this.#layout;
    const isSound = pageSize >= 512 && pageSize <= 65_536 && (pageSize & (pageSize - 1)) === 0 && first >= 28;
    if (!isSound || !(isLog || isJournal))
      throw new ContainerError('damaged', 'the header of the journal is not valid');
  }

  get usable(): number {
    return this.#layout.pageSize;
  }

  /** The pages in their order, with their numbers. @throws ContainerError if the last one is cut off */
  *pages(): Generator<{ readonly number: number; readonly page: Buffer }> {
    const { pageSize, first, before, after } = this.#layout;
    const step = before + pageSize + after;
    for (let at = first; at < this.#content.size; at += step) {
      const number = this.#read(at, 4).readUInt32BE(0);
      this.#places.set(number, at + before);
      if (this.#places.size * PAGE_MEMORY > this.#limits.memoryBytes / 4)
        throw new ContainerError('container-limit', 'too many pages');
      const page = this.page(number);
      if (number === 1 && page.toString('latin1', 0, 16) === DATABASE_MAGIC) this.encoding = encodingIn(page);
      yield { number, page };
    }
  }

  page(number: number): Buffer {
    const place = this.#places.get(number);
    if (place === undefined) throw new ContainerError('damaged', 'a page is not in this file');
    return this.#read(place, this.#layout.pageSize);
  }

  #read(position: number, length: number): Buffer {
    if (this.#limits.isOver()) throw new ContainerError('container-limit', 'out of time');
    const bytes = Buffer.allocUnsafe(length);
    if (this.#content.read(bytes, 0, length, position) < length)
      throw new ContainerError('damaged', 'a page is cut off');
    return bytes;
  }
}
