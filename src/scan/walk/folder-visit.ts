/** One folder while it is walked, with or without a memory of the last time. Huge ones are put back in slices. */
import type { DirectoryEntry } from '../../platform/index.ts';
import type { CoverageRecorder, SkipReason } from '../coverage.ts';
import type { Counts, KnownFolder } from '../state/index-format.ts';
import type { Examined, FolderMemory } from '../state/walk-memory.ts';
import { isOthers } from './shard.ts';
import { MAX_UNSLICED, type Slicing, isInSlice, slicingOf } from './slice.ts';
import type { WalkOptions } from './walker.ts';
import type { FolderPlace } from './folders.ts';
import type { Folder, WaitingWork, WalkStep } from './work.ts';

/** Entries that go by between two steps, at most: a few milliseconds. */
const ENTRIES_PER_PAUSE = 1000;
/** Bytes of a folder whose entries are read all at once: some 1,000 of them. */
const SMALL_FOLDER_BYTES = 16 * 1024;
/** iCloud's stand-in for a file that is not here, on macOS up to 13. */
const ICLOUD_STUB = /^\..+\.icloud$/;

/** Throws what the file system does. */
export class FolderVisit {
  readonly #folder: Folder;
  readonly #place: FolderPlace;
  readonly #prefix: string;
  readonly #waiting: Pick<WaitingWork, 'push'>;
  readonly #options: WalkOptions;
  readonly #last: FolderMemory | undefined;
  #quiet = 0;

  constructor(folder: Folder, place: FolderPlace, waiting: Pick<WaitingWork, 'push'>, options: WalkOptions) {
    const { sep } = options.platform.path;
    this.#folder = folder;
    this.#place = place;
    this.#prefix = folder.path.endsWith(sep) ? folder.path : folder.path + sep;
    this.#waiting = waiting;
    this.#options = options;
    this.#last = options.memory?.enter(folder, place);
  }

  *files(): Generator<WalkStep, void, undefined> {
    const { isAsItWas = false, known } = this.#last ?? {};
    const { slice } = this.#folder;
    // The first slice counts the folder.
    if (slice === undefined || slice.index === 0) this.#options.coverage.folders += 1;
    if (isAsItWas && known?.slicing !== undefined) this.#pushSlices(known.slicing);
    else if (isAsItWas && known !== undefined) yield* this.#knownFiles(known);
    else yield* this.#listedFiles();
  }

  *#listedFiles(): Generator<WalkStep, void, undefined> {
    const { platform, mounts } = this.#options;
    const { slice } = this.#folder;
    const opened = this.#place.open();
    const { size, dev } = opened.status;
    const isSmall = size <= SMALL_FOLDER_BYTES && mounts.hasSizedFolders(dev);
    const entries = platform.fs.list(opened, isSmall);
    const hasMounts = mounts.hasMountsIn(opened.path);
    if (isSmall) {
      yield* this.#entries(entries, hasMounts);
    } else if (slice !== undefined) {
      for (const entry of entries) {
        const step = isInSlice(entry.name, slice) ? this.#entry(entry, hasMounts) : this.#pauseIfDue();
        if (step !== undefined) yield step;
      }
    } else {
      let count = 0;
      let first: DirectoryEntry[] = [];
      for (const entry of entries) {
        count += 1;
        if (count <= MAX_UNSLICED) first.push(entry);
        else if (first.length > 0) first = [];
        const step = this.#pauseIfDue();
        if (step !== undefined) yield step;
      }
      yield* this.#entries(first, hasMounts);
      if (count > MAX_UNSLICED) this.#slice(slicingOf(count, this.#last?.known?.slicing));
    }
  }

  *#entries(entries: Iterable<DirectoryEntry>, hasMounts: boolean): Generator<WalkStep, void, undefined> {
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
    else if (entry.isDirectory()) this.#push(name);
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

  /** Once many entries went by without a file to examine. */
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
    if (!this.#options.apart.has(path)) this.#waiting.push({ root: this.#folder.root, path });
  }

  #slice(slicing: Slicing): void {
    this.#options.memory?.journal.sliced(slicing);
    this.#pushSlices(slicing);
  }

  #pushSlices({ count, seed }: Slicing): void {
    const { path, root } = this.#folder;
    this.#options.coverage.folders -= 1;
    for (let index = 0; index < count; index += 1) {
      this.#waiting.push({ path, root, slice: { index, count, seed } });
    }
  }

  /** True for a file that is to be examined now. The others are counted. */
  #isToDo(path: string, name: string, index: number | undefined): boolean {
    const { coverage, isOver, memory, shard, platform } = this.#options;
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
    if (!isOver()) return true;
    coverage.gap(path, 'stopped-early');
    return false;
  }
}

/** Counts a file that is as it was. */
export function isKnown(examined: Examined | undefined, coverage: CoverageRecorder): boolean {
  if (examined === 'text') coverage.unchanged += 1;
  else if (examined === 'binary') coverage.skip('binary');
  return examined !== undefined;
}
