/**
 * Records for the file index about the folders that one thread walks. A file is recorded as scanned only if it was
 * read to its end and has not changed very recently: a file that changed just now could change again within the
 * same tick of the file system's clock, without a visible difference.
 */
import type { FileStatus } from '../../../host/platform/index.ts';
import type { BinaryKind } from '../../model/coverage.ts';
import type { Stamp } from '../../model/file-stamp.ts';
import { type Counts, type KnownFolder, encodeFolder, pathOfKey, sizeWithKind } from './index-format.ts';

/** Milliseconds: the coarsest clock of a file system in use (FAT, in which times are even seconds). */
const TIME_GRANULARITY_MS = 2000;

/** Maximum number of names in a record: far more than a slice should have. */
const MAX_NAMES = 250_000;

interface OpenFolder extends Counts {
  /** The path of the folder, or the key of a slice of it. */
  readonly path: string;
  readonly dev: number;
  readonly ino: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
  readonly walkOptionsKey: number;
  readonly fileNames: string[];
  readonly folderNames: string[];
  readonly numbers: number[];
  /** The record contains the names of everything in the folder. */
  isListed: boolean;
  slicing?: KnownFolder['slicing'];
}

/** The location of the record of a finished folder. */
interface FolderRecord {
  /** Offset in the records of this batch. */
  readonly start: number;
  /** Number of the batch: those before the current one were passed on. */
  readonly batch: number;
  /** Nothing in the folder can have been missed. */
  readonly isKnownWhole: boolean;
}

export class FolderJournal {
  readonly #isClean: (name: string) => boolean;
  /**
   * The folder that is being walked: for an unchanged one, a record is opened when there is something new about
   * a file in it.
   */
  #folder: OpenFolder | undefined;
  #known: KnownFolder | undefined;
  /** When the walk of it started. */
  #now = 0;
  /** The file that was named last. */
  #file = { name: '', index: -1 };
  #records = new Uint8Array(64 * 1024);
  #length = 0;
  #batch = 0;
  /** Records of finished folders, as long as a file in them may turn out not to have been scanned. */
  readonly #recordOf = new WeakMap<OpenFolder, FolderRecord>();

  /** @param isClean false for a name that must not be stored */
  constructor(isClean: (name: string) => boolean) {
    this.#isClean = isClean;
  }

  /** Number of bytes that can be taken. */
  get length(): number {
    return this.#length;
  }

  /**
   * Starts a folder, which the following calls are about.
   * @param walkOptionsKey distinguishes the settings that affect which entries count
   * @param now milliseconds since 1970
   */
  begin(path: string, status: FileStatus, walkOptionsKey: number, now: number): void {
    const { dev, ino, mtimeMs, ctimeMs } = status;
    this.#known = undefined;
    this.#now = now;
    this.#folder = {
      path,
      dev,
      ino,
      mtimeMs,
      ctimeMs,
      walkOptionsKey,
      fileNames: [],
      folderNames: [],
      numbers: [],
      links: 0,
      specials: 0,
      excluded: 0,
      others: 0,
      isListed: true,
    };
  }

  /** The same for a folder whose entries are known: only its changed files are passed in. */
  beginKnown(known: KnownFolder, now: number): void {
    this.#folder = undefined;
    this.#known = known;
    this.#now = now;
  }

  /** The folder's entries have records of their own. */
  sliced(slicing: KnownFolder['slicing']): void {
    if (this.#folder) this.#folder.slicing = slicing;
  }

  /** Something in the folder is not recorded: it must be listed next time. */
  mustList(): void {
    if (this.#folder) this.#folder.isListed = false;
  }

  subfolder(name: string): void {
    if (this.#folder && this.#keepsName(name)) this.#folder.folderNames.push(name);
  }

  count(what: keyof Counts, by = 1): void {
    if (this.#folder) this.#folder[what] += by;
  }

  /** An unchanged file. In an unchanged folder, it is recorded already. */
  unchanged(name: string, { numbers }: KnownFolder, index: number): void {
    if (!this.#folder || this.#known !== undefined) return;
    this.#folder.fileNames.push(name);
    for (let n = 4 * index; n < 4 * index + 4; n += 1) this.#folder.numbers.push(numbers[n] ?? Number.NaN);
  }

  /**
   * A file that is about to be scanned, or has a record of its own.
   * @param index of a known file in its folder
   */
  file(name: string, index = -1): void {
    if (this.#known !== undefined) this.#file = { name, index };
    else if (this.#folder !== undefined && this.#keepsName(name)) {
      this.#file = { name, index: this.#folder.fileNames.length };
      this.#folder.fileNames.push(name);
      this.#folder.numbers.push(0, Number.NaN, 0, 0);
    } else this.#file = { name: '', index: -1 };
  }

  /**
   * The file that was named last has been read to its end, or is a binary that was skipped. `status` is from before the first byte was
   * read.
   * @returns reverts this when the file turns out not to have been scanned; undefined when nothing was recorded
   */
  examined(path: string, status: FileStatus, kind: BinaryKind | undefined): (() => void) | undefined {
    const { name, index } = this.#file;
    const noted = this.#folder ?? this.#known;
    if (noted === undefined || index < 0 || !path.endsWith(name)) return undefined;
    if (
      path.length <= pathOfKey(noted.path).length ||
      status.dev !== noted.dev ||
      !isQuiet(status, this.#now)
    )
      return undefined;
    const folder = (this.#folder ??= this.#reopened(noted));
    const { size, mtimeMs, ctimeMs, ino } = status;
    folder.numbers.splice(4 * index, 4, sizeWithKind(size, kind), mtimeMs, ctimeMs, ino);
    return () => {
      folder.numbers.splice(4 * index, 4, 0, Number.NaN, 0, 0);
      this.#encodeAgain(folder);
    };
  }

  /** @param isWhole every entry was visited */
  end(isWhole: boolean): void {
    const folder = this.#folder;
    const isAsItWas = this.#known !== undefined;
    this.drop();
    if (folder === undefined || (!isAsItWas && !this.#isClean(folder.path))) return;
    const isKnownWhole = isAsItWas || (isWhole && folder.isListed && isQuiet(folder, this.#now));
    const record = this.#add(encoded(folder, isKnownWhole), isKnownWhole);
    // A weak map keeps its entries until the next full collection: 300,000 of them took 30 MB.
    if (folder.fileNames.length > 0) this.#recordOf.set(folder, record);
  }

  /** Nothing is known about the folder: it could not be listed. */
  drop(): void {
    this.#folder = undefined;
    this.#known = undefined;
    this.#file = { name: '', index: -1 };
  }

  /** A file that was scanned separately from its folder. */
  lone(path: string, stamp: Stamp, now: number): void {
    const { dev, ino, size, mtimeMs, ctimeMs } = stamp;
    if (!this.#isClean(path) || !isQuiet(stamp, now)) return;
    const counts = { links: 0, specials: 0, excluded: 0, others: 0, walkOptionsKey: 0 };
    const numbers = [size, mtimeMs, ctimeMs, ino];
    this.#add(
      encodeFolder({
        path,
        dev,
        ino,
        mtimeMs,
        ctimeMs,
        ...counts,
        fileNames: [''],
        folderNames: [],
        numbers,
      }),
      true,
    );
  }

  /** The records so far, one after another. The findings in their files must have been passed on before. */
  take(): Uint8Array<ArrayBuffer> {
    const all = this.#records.slice(0, this.#length);
    this.#length = 0;
    this.#batch += 1;
    return all;
  }

  #reopened(known: KnownFolder | OpenFolder): OpenFolder {
    return {
      ...known,
      fileNames: [...known.fileNames],
      folderNames: [...known.folderNames],
      numbers: [...known.numbers],
      isListed: true,
    };
  }

  #add(bytes: Uint8Array, isKnownWhole: boolean): FolderRecord {
    const start = this.#length;
    if (start + bytes.length > this.#records.length) {
      const larger = new Uint8Array(2 * (start + bytes.length));
      larger.set(this.#records.subarray(0, start));
      this.#records = larger;
    }
    this.#records.set(bytes, start);
    this.#length += bytes.length;
    return { start, batch: this.#batch, isKnownWhole };
  }

  /** Corrects the record of a folder. A record that was already passed on is replaced by a later one. */
  #encodeAgain(folder: OpenFolder): void {
    const record = this.#recordOf.get(folder);
    if (record === undefined) return;
    const bytes = encoded(folder, record.isKnownWhole);
    // The names are the same, and so is the length.
    if (record.batch === this.#batch) this.#records.set(bytes, record.start);
    else this.#recordOf.set(folder, this.#add(bytes, record.isKnownWhole));
  }

  /** A folder with a name that is not stored must be listed to be known. */
  #keepsName(name: string): boolean {
    const folder = this.#folder;
    const isFull = folder !== undefined && folder.fileNames.length + folder.folderNames.length >= MAX_NAMES;
    if (!isFull && this.#isClean(name)) return true;
    this.mustList();
    return false;
  }
}

function encoded(folder: OpenFolder, isKnownWhole: boolean): Uint8Array {
  return encodeFolder({ ...folder, mtimeMs: isKnownWhole ? folder.mtimeMs : Number.NaN });
}

/** True when every later change of the file from `now` on would change its status. */
function isQuiet({ mtimeMs, ctimeMs }: Pick<FileStatus, 'mtimeMs' | 'ctimeMs'>, now: number): boolean {
  const limit = now - TIME_GRANULARITY_MS;
  // A modification time in the future was set by somebody; the time of the change (ctime) cannot be.
  return ctimeMs < limit && (mtimeMs < limit || mtimeMs > now);
}
