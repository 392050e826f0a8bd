/**
 * What one thread learns of the folders that it walks, as records for the file index. A file is noted as examined only if
 * it was read to its end and has been quiet: one that changed just now could change again within the same tick of the
 * file system's clock, and nobody would see.
 */
import type { FileStatus } from '../../platform/index.ts';
import type { Stamp } from '../stamp.ts';
import { type Counts, type KnownFolder, encodeFolder } from './index-format.ts';

/** Milliseconds: the coarsest clock of a file system in use (FAT, in which times are even seconds). */
const GRANULARITY = 2000;

interface OpenFolder extends Counts {
  readonly path: string;
  readonly status: FileStatus;
  readonly walkedAs: number;
  /** When it was begun. */
  readonly now: number;
  readonly fileNames: string[];
  readonly folderNames: string[];
  readonly numbers: number[];
  /** Something is not as it was. */
  isNews: boolean;
  /** Names of everything in it are here. */
  isListed: boolean;
}

export class FolderJournal {
  readonly #isClean: (name: string) => boolean;
  #folder: OpenFolder | undefined;
  #records: Uint8Array[] = [];
  #length = 0;

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
   * @param walkedAs tells apart the settings that decide which entries count
   * @param now milliseconds since 1970
   */
  begin(path: string, status: FileStatus, walkedAs: number, now: number): void {
    this.#folder = this.#isClean(path)
      ? {
          path,
          status,
          walkedAs,
          now,
          fileNames: [],
          folderNames: [],
          numbers: [],
          links: 0,
          specials: 0,
          excluded: 0,
          others: 0,
          isNews: false,
          isListed: true,
        }
      : undefined;
  }

  /** The folder is not as it was. */
  changed(): void {
    if (this.#folder) this.#folder.isNews = true;
  }

  subfolder(name: string): void {
    if (this.#keepsName(name)) this.#folder?.folderNames.push(name);
  }

  count(what: keyof Counts, by = 1): void {
    if (this.#folder) this.#folder[what] += by;
  }

  /** A file that is as it was. */
  unchanged(name: string, { numbers }: KnownFolder, index: number): void {
    if (!this.#folder) return;
    this.#folder.fileNames.push(name);
    for (let n = 4 * index; n < 4 * index + 4; n += 1) this.#folder.numbers.push(numbers[n] ?? Number.NaN);
  }

  /** A file that is about to be examined, or has a record of its own. */
  file(name: string): void {
    if (!this.#folder || !this.#keepsName(name)) return;
    this.#folder.fileNames.push(name);
    this.#folder.numbers.push(0, Number.NaN, 0, 0);
  }

  /** The file that was named last has been read to its end. `status` is from before the first byte was read. */
  examined(path: string, status: FileStatus, isBinary: boolean): void {
    const folder = this.#folder;
    if (folder === undefined || status.dev !== folder.status.dev || !isQuiet(status, folder.now)) return;
    const name = folder.fileNames.at(-1);
    if (name === undefined || !path.endsWith(name) || path.length <= folder.path.length) return;
    const { size, mtimeMs, ctimeMs, ino } = status;
    folder.isNews = true;
    folder.numbers.splice(-4, 4, isBinary ? -1 - size : size, mtimeMs, ctimeMs, ino);
  }

  /** @param isWhole every entry had its turn */
  end(isWhole: boolean): void {
    const folder = this.#folder;
    this.#folder = undefined;
    if (folder === undefined || (!folder.isNews && isWhole)) return;
    const { status, now, isListed } = folder;
    const { dev, ino, ctimeMs } = status;
    const mtimeMs = isWhole && isListed && isQuiet(status, now) ? status.mtimeMs : Number.NaN;
    this.#add(encodeFolder({ ...folder, dev, ino, mtimeMs, ctimeMs }));
  }

  /** Nothing is known of the folder: it could not be listed. */
  drop(): void {
    this.#folder = undefined;
  }

  /** A file on its own, which was examined apart from its folder. */
  lone(path: string, stamp: Stamp, now: number): void {
    const { dev, ino, size, mtimeMs, ctimeMs } = stamp;
    if (!this.#isClean(path) || !isQuiet(stamp, now)) return;
    const counts = { links: 0, specials: 0, excluded: 0, others: 0, walkedAs: 0 };
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
    );
  }

  /** The records so far, one behind the other. What was found in their files must have been handed on before. */
  take(): Uint8Array<ArrayBuffer> {
    const all = new Uint8Array(this.#length);
    let offset = 0;
    for (const record of this.#records) {
      all.set(record, offset);
      offset += record.length;
    }
    this.#records = [];
    this.#length = 0;
    return all;
  }

  #add(record: Uint8Array): void {
    this.#records.push(record);
    this.#length += record.length;
  }

  /** A folder with a name that is not kept must be listed to be known. */
  #keepsName(name: string): boolean {
    if (this.#isClean(name)) return true;
    if (this.#folder) this.#folder.isListed = false;
    return false;
  }
}

/** True when no change of what the status is of could go unseen from `now` on. */
function isQuiet({ mtimeMs, ctimeMs }: Pick<FileStatus, 'mtimeMs' | 'ctimeMs'>, now: number): boolean {
  const limit = now - GRANULARITY;
  // A time in the future was set by somebody; the time of the change cannot be.
  return ctimeMs < limit && (mtimeMs < limit || mtimeMs > now);
}
