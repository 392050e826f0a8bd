/**
 * What a walk remembers about the last one: unchanged folders need not be listed, unchanged files need not be
 * opened. Each thread has its own.
 */
import { crc32 } from 'node:zlib';
import type { FileStatus, Platform } from '../../../host/platform/index.ts';
import type { BinaryKind } from '../../model/coverage.ts';
import { type OwnerOf, ownersOn } from '../../model/file-owner.ts';
import { FolderJournal } from './folder-journal.ts';
import { type KnownFolder, kindIn, sizeIn } from './index-format.ts';
import { IndexReader, type SharedIndex } from './index-reader.ts';
import { PlaceFilter } from '../../model/place-filter.ts';

/** A folder whose status can be read, and which can be opened. */
export interface OpenableFolder {
  status(): FileStatus;
  open(): { readonly status: FileStatus };
}

/** The state of a file when it was scanned: `text` if it was read to its end, or the kind of binary that was skipped. */
export type Examined = 'text' | BinaryKind;

/** Files that are read again even if they are unchanged, because some of their findings are not kept. */
export interface ReadAgain {
  /** The buffer of a `PlaceFilter`: paths. */
  readonly places: SharedArrayBuffer;
  /** All files of these owners. */
  readonly owners: ReadonlySet<string>;
}

/**
 * What a thread remembers about the last walk.
 * @param walkOptionsKey a string that differs when other entries of a folder count: excludes, shard ...
 * @param redact a name that it changes is not stored
 */
export function openMemory(
  platform: Platform,
  index: SharedIndex,
  walkOptionsKey: string,
  redact: (text: string) => string,
  readAgain?: ReadAgain,
): WalkMemory {
  const journal = new FolderJournal((name) => redact(name) === name);
  return new WalkMemory(
    platform,
    new IndexReader(index),
    journal,
    walkOptionsKey,
    filesToRead(platform, readAgain),
  );
}

/** Files that must be read even if they are unchanged. */
interface FilesToRead {
  has(path: string): boolean;
  hasOwner(path: string, status: FileStatus): boolean;
}

function filesToRead(platform: Platform, again: ReadAgain | undefined): FilesToRead | undefined {
  if (again === undefined) return undefined;
  const filter = new PlaceFilter(again.places);
  const { owners } = again;
  const ownerOf: OwnerOf = ownersOn(platform);
  return {
    has: (path) => filter.has(path),
    hasOwner: (path, status) => owners.size > 0 && owners.has(ownerOf(path, status)),
  };
}

export class WalkMemory {
  readonly journal: FolderJournal;
  readonly #platform: Platform;
  readonly #index: IndexReader;
  readonly #walkOptionsKey: string;
  readonly #toRead: FilesToRead | undefined;
  /** By root. */
  readonly #walkedBelow = new Map<string, number>();

  constructor(
    platform: Platform,
    index: IndexReader,
    journal: FolderJournal,
    walkOptionsKey: string,
    toRead: FilesToRead | undefined,
  ) {
    this.#platform = platform;
    this.#index = index;
    this.journal = journal;
    this.#walkOptionsKey = walkOptionsKey;
    this.#toRead = toRead;
  }

  /**
   * Starts a folder, or a slice of one.
   * @param key its path, or the result of `keyOfSlice`
   * @throws the file system's error when its status cannot be read
   */
  enter(key: string, root: string, place: OpenableFolder): FolderMemory {
    const now = this.#platform.clock.now();
    const walkOptionsKey = this.#walkedBelow.get(root) ?? crc32(`${root}\0${this.#walkOptionsKey}`);
    this.#walkedBelow.set(root, walkOptionsKey);
    const known = this.#index.find(key);
    const isAsItWas =
      known !== undefined && known.walkOptionsKey === walkOptionsKey && isSame(known, place.status());
    if (isAsItWas) this.journal.beginKnown(known, now);
    else this.journal.begin(key, place.open().status, walkOptionsKey, now);
    return new FolderMemory(this.#platform, known, isAsItWas, this.#toRead);
  }

  close(): void {
    this.#index.close();
  }

  /** The state of a file that was scanned separately from its folder; undefined when it has changed. */
  lone(path: string): Examined | undefined {
    const known = this.#index.find(path);
    return known && new FolderMemory(this.#platform, known, false, this.#toRead).examined(path, 0);
  }
}

function isSame(known: KnownFolder, { mtimeMs, ctimeMs, ino, dev }: FileStatus): boolean {
  return known.mtimeMs === mtimeMs && known.ctimeMs === ctimeMs && known.ino === ino && known.dev === dev;
}

/** One folder, while it is being walked. */
export class FolderMemory {
  readonly #platform: Platform;
  readonly known: KnownFolder | undefined;
  /** Its entries are those of `known`. */
  readonly isAsItWas: boolean;
  readonly #toRead: FilesToRead | undefined;
  #indices: Map<string, number> | undefined;

  constructor(platform: Platform, known: KnownFolder | undefined, isAsItWas: boolean, toRead?: FilesToRead) {
    this.#toRead = toRead;
    this.#platform = platform;
    this.known = known;
    this.isAsItWas = isAsItWas;
  }

  /** The index of the known file with this name; undefined for none. */
  indexOf(name: string): number | undefined {
    if (this.known === undefined) return undefined;
    this.#indices ??= new Map(this.known.fileNames.map((known, index) => [known, index]));
    return this.#indices.get(name);
  }

  /** The state of a known file when it was scanned; undefined when it has changed since, or was not scanned. */
  examined(path: string, index: number): Examined | undefined {
    const { numbers, dev } = this.known ?? {};
    const mtimeMs = numbers?.[4 * index + 1] ?? Number.NaN;
    if (numbers === undefined || Number.isNaN(mtimeMs) || this.#toRead?.has(path) === true) return undefined;
    let status: FileStatus;
    try {
      status = this.#platform.fs.status(path);
    } catch {
      // The reason is reported when the file is opened.
      return undefined;
    }
    const size = numbers[4 * index] ?? 0;
    const isSame =
      status.mtimeMs === mtimeMs &&
      status.ctimeMs === numbers[4 * index + 2] &&
      status.ino === numbers[4 * index + 3] &&
      status.dev === dev &&
      status.size === sizeIn(size) &&
      status.isFile();
    if (!isSame || this.#toRead?.hasOwner(path, status) === true) return undefined;
    return kindIn(size) ?? 'text';
  }
}
