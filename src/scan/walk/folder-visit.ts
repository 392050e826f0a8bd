/** Walks one folder, with or without a memory of the last time. Huge folders are remembered in slices. */
import { type DirectoryEntry, statusIfKnown } from '../../host/platform/index.ts';
import type { CoverageRecorder, SkipReason } from '../model/coverage.ts';
import { type Counts, type KnownFolder, keyOfSlice } from './file-index/index-format.ts';
import type { Examined, FolderMemory } from './file-index/walk-memory.ts';
import { EntryTable } from './entry-table.ts';
import { isOthers } from './shard.ts';
import {
  MAX_UNSLICED_WEIGHT,
  type Slicing,
  hashName,
  newSeed,
  slicingOf,
  weightOf,
} from './file-index/slice.ts';
import type { WalkOptions } from './walk-options.ts';
import type { FolderPlace } from './folders.ts';
import type { Folder, WaitingWork, WalkStep } from './work.ts';

/** Maximum number of entries between two steps: a few milliseconds. */
const ENTRIES_PER_PAUSE = 1000;
/** Size of a folder in bytes up to which its entries are read all at once: some 1,000 of them. */
const SMALL_FOLDER_BYTES = 16 * 1024;
/** Number of slices whose names are in memory together, if all names are too many. */
const SLICES_AT_A_TIME = 20;
/** iCloud's placeholder for a file that is not on this machine, on macOS up to 13. */
const ICLOUD_STUB = /^\..+\.icloud$/;

/** Throws the file system's error. */
export class FolderVisit {
  readonly #folder: Folder;
  readonly #place: FolderPlace;
  readonly #prefix: string;
  readonly #waiting: Pick<WaitingWork, 'push'>;
  readonly #options: WalkOptions;
  /** The record of the folder, or of the current slice. */
  #last: FolderMemory | undefined;
  #quiet = 0;

  constructor(folder: Folder, place: FolderPlace, waiting: Pick<WaitingWork, 'push'>, options: WalkOptions) {
    const { sep } = options.platform.path;
    this.#folder = folder;
    this.#place = place;
    this.#prefix = folder.path.endsWith(sep) ? folder.path : folder.path + sep;
    this.#waiting = waiting;
    this.#options = options;
    this.#last = options.memory?.enter(folder.path, folder.root, place);
  }

  *files(): Generator<WalkStep, void, undefined> {
    const { isAsItWas = false, known } = this.#last ?? {};
    if (isAsItWas) this.#options.coverage.folders += 1;
    if (isAsItWas && known?.slicing !== undefined) yield* this.#knownSlices(known.slicing);
    else if (isAsItWas && known !== undefined) yield* this.#knownFiles(known);
    else yield* this.#listedFiles();
  }

  *#listedFiles(): Generator<WalkStep, void, undefined> {
    const { mounts, memory } = this.#options;
    const { size, dev } = this.#place.open().status;
    const isSmall = size <= SMALL_FOLDER_BYTES && mounts.hasSizedFolders(dev);
    // Without a memory, entries are handled as they are read.
    const entries = this.#list(isSmall);
    this.#options.coverage.folders += 1;
    if (isSmall || memory === undefined) yield* this.#entries(entries);
    else yield* this.#rememberedFiles(entries);
  }

  #list(isSmall = false): Iterable<DirectoryEntry> {
    return this.#options.platform.fs.list(this.#place.open(), isSmall);
  }

  *#rememberedFiles(entries: Iterable<DirectoryEntry>): Generator<WalkStep, void, undefined> {
    const last = this.#last?.known?.slicing;
    const seed = last?.seed ?? newSeed();
    const table = new EntryTable(seed);
    let weight = 0;
    for (const entry of entries) {
      weight += weightOf(entry.name);
      table.add(entry);
      const step = this.#pauseIfDue();
      if (step !== undefined) yield step;
    }
    if (weight <= MAX_UNSLICED_WEIGHT) {
      yield* this.#entries(table.all());
      return;
    }
    const slicing = slicingOf(weight, seed, last);
    this.#options.memory?.journal.sliced(slicing);
    this.#end();
    yield* this.#listedSlices(
      Array.from({ length: slicing.count }, (_, index) => index),
      slicing,
      table.isOverfull ? undefined : table,
    );
  }

  /** @param wanted which slices; @param whole all entries, if they are in memory */
  *#listedSlices(
    wanted: readonly number[],
    slicing: Slicing,
    whole?: EntryTable,
  ): Generator<WalkStep, void, undefined> {
    const step = whole === undefined ? SLICES_AT_A_TIME : wanted.length;
    for (let from = 0; from < wanted.length; from += step) {
      const some = wanted.slice(from, from + step);
      const table = whole ?? (yield* this.#tableOf(new Set(some), slicing));
      for (const index of some) {
        this.#enterSlice(index, slicing);
        // Overfull if the folder has grown since it was counted.
        yield* this.#entries(
          table.isOverfull ? this.#listOfSlice(index, slicing) : table.ofSlice(index, slicing.count),
        );
        this.#end();
      }
    }
  }

  *#listOfSlice(index: number, { count, seed }: Slicing): Generator<DirectoryEntry, void, undefined> {
    for (const entry of this.#list()) if (hashName(entry.name, seed) % count === index) yield entry;
  }

  *#tableOf(
    slices: ReadonlySet<number>,
    { count, seed }: Slicing,
  ): Generator<WalkStep, EntryTable, undefined> {
    const table = new EntryTable(seed);
    for (const entry of this.#list()) {
      const hash = hashName(entry.name, seed);
      if (slices.has(hash % count)) table.add(entry, hash);
      const step = this.#pauseIfDue();
      if (step !== undefined) yield step;
    }
    return table;
  }

  *#knownSlices(slicing: Slicing): Generator<WalkStep, void, undefined> {
    const others: number[] = [];
    for (let index = 0; index < slicing.count; index += 1) {
      const { isAsItWas = false, known } = this.#enterSlice(index, slicing) ?? {};
      if (isAsItWas && known !== undefined) {
        yield* this.#knownFiles(known);
        this.#end();
      } else {
        this.#options.memory?.journal.drop();
        others.push(index);
      }
    }
    yield* this.#listedSlices(others, slicing);
  }

  #enterSlice(index: number, slicing: Slicing): FolderMemory | undefined {
    const { path, root } = this.#folder;
    this.#last = this.#options.memory?.enter(keyOfSlice(path, index, slicing), root, this.#place);
    return this.#last;
  }

  #end(): void {
    this.#options.memory?.journal.end(!this.#options.isCancelled());
  }

  *#entries(entries: Iterable<DirectoryEntry>): Generator<WalkStep, void, undefined> {
    const hasMounts = this.#options.mounts.hasMountsIn(this.#place.path);
    for (const entry of entries) {
      const step = this.#entry(entry, hasMounts);
      if (step !== undefined) yield step;
    }
  }

  #entry(entry: DirectoryEntry, hasMounts: boolean): WalkStep | undefined {
    const { excludes, mounts, platform } = this.#options;
    const { name } = entry;
    const path = this.#prefix + name;
    if (entry.isSymbolicLink()) this.#skip('link', 'links');
    else if (excludes(path, name, this.#folder.root)) this.#skip('excluded', 'excluded');
    else if (entry.isNotUnicode === true && (entry.isDirectory() || entry.isFile())) {
      this.#options.coverage.gap(path, 'name-not-unicode');
      this.#options.memory?.journal.mustList();
    } else if (entry.isDirectory()) this.#push(name);
    else if (!entry.isFile()) this.#skip('special-file', 'specials');
    else {
      const foreign = hasMounts ? mounts.foreignAt(platform.path.join(this.#place.path, name)) : undefined;
      if (foreign === undefined) return this.#file(path, name, this.#last?.indexOf(name));
      this.#options.coverage.skip(foreign);
      this.#options.memory?.journal.mustList();
    }
    return undefined;
  }

  *#knownFiles(known: KnownFolder): Generator<WalkStep, void, undefined> {
    this.#skip('link', 'links', known.links);
    this.#skip('excluded', 'excluded', known.excluded);
    this.#skip('special-file', 'specials', known.specials);
    this.#skip('other-shard', 'others', known.others);
    for (const name of known.folderNames) this.#push(name);
    for (const [index, name] of known.fileNames.entries()) {
      const step = this.#file(this.#prefix + name, name, index);
      if (step !== undefined) yield step;
    }
  }

  #file(path: string, name: string, index: number | undefined): WalkStep | undefined {
    if (!this.#isToDo(path, name, index)) return this.#pauseIfDue();
    return { kind: 'file', path, name, parent: this.#place.path, folder: this.#place.open() };
  }

  /** Yields after many entries without a file to scan. */
  #pauseIfDue(): WalkStep | undefined {
    this.#quiet = (this.#quiet + 1) % ENTRIES_PER_PAUSE;
    return this.#quiet === 0 ? { kind: 'pause' } : undefined;
  }

  #skip(reason: SkipReason, what: keyof Counts, count = 1): void {
    this.#options.coverage.skip(reason, count);
    this.#options.memory?.journal.count(what, count);
  }

  #push(name: string): void {
    const path = this.#prefix + name;
    this.#options.memory?.journal.subfolder(name);
    if (name === 'objects') this.#lookForRepository();
    if (!this.#options.visitedSeparately.has(path))
      this.#waiting.push({ kind: 'folder', root: this.#folder.root, path });
  }

  #lookForRepository(): void {
    const { onRepository, platform, shard } = this.#options;
    const { path, root } = this.#folder;
    if (onRepository === undefined || isOthers(path, root, shard, platform)) return;
    const { path: place } = this.#place;
    // Other folders of this name have no such file.
    const head = statusIfKnown(platform.fs, platform.path.join(place, 'HEAD'));
    if (head?.isFile() === true) onRepository({ root, path, place });
  }

  /** True for a file that must be scanned now. The others are counted. */
  #isToDo(path: string, name: string, index: number | undefined): boolean {
    const { coverage, isCancelled, memory, shard, platform } = this.#options;
    if (isOthers(path, this.#folder.root, shard, platform)) {
      this.#skip('other-shard', 'others');
      return false;
    }
    if (platform.os === 'macOS' && ICLOUD_STUB.test(name)) {
      coverage.skip('not-on-this-machine');
      memory?.journal.mustList();
      return false;
    }
    const { known } = this.#last ?? {};
    if (known !== undefined && index !== undefined && isKnown(this.#last?.examined(path, index), coverage)) {
      memory?.journal.unchanged(name, known, index);
      return false;
    }
    memory?.journal.file(name, index);
    if (isKnown(memory?.lone(path), coverage)) return false;
    if (!isCancelled()) return true;
    coverage.gap(path, 'stopped-early', this.#place.known ?? { root: this.#folder.root });
    return false;
  }
}

/** Counts an unchanged file. */
export function isKnown(examined: Examined | undefined, coverage: CoverageRecorder): boolean {
  if (examined === 'text') coverage.unchanged += 1;
  else if (examined !== undefined) coverage.skip(examined);
  return examined !== undefined;
}
