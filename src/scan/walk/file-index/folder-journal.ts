/**
 * What one thread learns of the folders that it walks, as records for the file index. A file is noted as examined only if
 * it was read to its end and has been quiet: one that changed just now could change again within the same tick of the
 * file system's clock, and nobody would see.
 */
import type { FileStatus } from '../../../host/platform/index.ts';
import type { Stamp } from '../../model/file-stamp.ts';
import { type Counts, type KnownFolder, encodeFolder, pathOfKey } from './index-format.ts';

/** Milliseconds: the coarsest clock of a file system in use (FAT, in which times are even seconds). */
const TIME_GRANULARITY_MS = 2000;

/** Names that a record holds, at most: far more than a slice should have. */
const MAX_NAMES = 250_000;

interface OpenFolder extends Counts {
  /** Of the folder, or of a slice of it. */
  readonly path: string;
  readonly dev: number;
  readonly ino: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
  readonly walkOptionsKey: number;
  readonly fileNames: string[];
  readonly folderNames: string[];
  readonly numbers: number[];
  /** Names of everything in it are here. */
  isListed: boolean;
  slicing?: KnownFolder['slicing'];
}

/** Where the record of a folder that has ended is. */
interface FolderRecord {
  /** Offset in the records of this batch. */
  readonly start: number;
  /** Number of the batch: those before the current one were handed out. */
  readonly batch: number;
  /** Nothing in the folder can have been missed. */
  readonly isKnownWhole: boolean;
}

export class FolderJournal {
  readonly #isClean: (name: string) => boolean;
  /** The folder that is walked: one that is as it was is opened once there is news of a file in it. */
  #folder: OpenFolder | undefined;
  #known: KnownFolder | undefined;
  /** When it was begun. */
  #now = 0;
  /** The file that was named last. */
  #file = { name: '', index: -1 };
  #records = new Uint8Array(64 * 1024);
  #length = 0;
  #batch = 0;
  /** Of the folders that have ended, as long as a file in them may turn out not to have been examined. */
  readonly #recordOf = new WeakMap<OpenFolder, FolderRecord>();

  /** @param isClean false for a name that must not be kept */
  constructor(isClean: (name: string) => boolean) {
    this.#isClean = isClean;
  }

  /** Bytes that wait to be taken. */
  get length(): number {
    return this.#length;
  }

  /**
   * What follows is about this folder.
   * @param walkOptionsKey tells apart the settings that decide which entries count
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

  /** The same for a folder whose entries are those that are known: only its files that are not as they were are told. */
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

  /** A file that is as it was. In a folder that is as it was too, it is there already. */
  unchanged(name: string, { numbers }: KnownFolder, index: number): void {
    if (!this.#folder || this.#known !== undefined) return;
    this.#folder.fileNames.push(name);
    for (let n = 4 * index; n < 4 * index + 4; n += 1) this.#folder.numbers.push(numbers[n] ?? Number.NaN);
  }

  /**
   * A file that is about to be examined, or has a record of its own.
   * @param index of a known one in its folder
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
   * The file that was named last has been read to its end. `status` is from before the first byte was read.
   * @returns what takes this back when the file turns out not to have been examined; undefined when nothing was noted
   */
  examined(path: string, status: FileStatus, isBinary: boolean): (() => void) | undefined {
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
    folder.numbers.splice(4 * index, 4, isBinary ? -1 - size : size, mtimeMs, ctimeMs, ino);
    return () => {
      folder.numbers.splice(4 * index, 4, 0, Number.NaN, 0, 0);
      this.#encodeAgain(folder);
    };
  }

  /** @param isWhole every entry had its turn */
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

  /** Nothing is known of the folder: it could not be listed. */
  drop(): void {
    this.#folder = undefined;
    this.#known = undefined;
    this.#file = { name: '', index: -1 };
  }

  /** A file on its own, which was examined apart from its folder. */
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

  /** The records so far, one behind the other. What was found in their files must have been handed on before. */
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

  /** Puts right what was said of a folder. Of a record that was handed out, a later one takes the place. */
  #encodeAgain(folder: OpenFolder): void {
    const record = this.#recordOf.get(folder);
    if (record === undefined) return;
    const bytes = encoded(folder, record.isKnownWhole);
    // The names are the same, and so is the length.
    if (record.batch === this.#batch) this.#records.set(bytes, record.start);
    else this.#recordOf.set(folder, this.#add(bytes, record.isKnownWhole));
  }

  /** A folder with a name that is not kept must be listed to be known. */
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

/** True when no change of what the status is of could go unseen from `now` on. */
function isQuiet({ mtimeMs, ctimeMs }: Pick<FileStatus, 'mtimeMs' | 'ctimeMs'>, now: number): boolean {
  const limit = now - TIME_GRANULARITY_MS;
  // A time in the future was set by somebody; the time of the change cannot be.
  return ctimeMs < limit && (mtimeMs < limit || mtimeMs > now);
}
