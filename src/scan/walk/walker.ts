/**
 * The walk: which files of the roots are to be examined, one after the other. Never follows a link, never recurses, never
 * opens a file; a folder that cannot be read is a gap and the walk goes on. Memory grows with the folders that wait, not
 * with the files. Several threads can walk together: the work that waits is passed in.
 */
import type { ForeignMount, Platform } from '../../platform/index.ts';
import type { CoverageRecorder, SkipReason } from '../coverage.ts';
import type { Counts, KnownFolder } from '../state/index-format.ts';
import type { Examined, FolderMemory, WalkMemory } from '../state/walk-memory.ts';
import type { Excludes } from './excludes.ts';
import type { Root } from './roots.ts';
import { type Shard, isOthers } from './shard.ts';
import type { Folder, LeftFolder, RestOfFile, WaitingWork } from './work.ts';

export interface WalkOptions {
  readonly platform: Platform;
  /** By mount point: what `foreignMounts` says. */
  readonly mounts: ReadonlyMap<string, ForeignMount>;
  readonly excludes: Excludes;
  readonly coverage: CoverageRecorder;
  /** Asked between files; once true, what is left becomes gaps. */
  readonly isOver: () => boolean;
  readonly shard: Shard | undefined;
  /** Where state is kept. */
  readonly memory: WalkMemory | undefined;
  /** Folders that have a turn of their own: the walk does not enter them from above. */
  readonly apart: ReadonlySet<string>;
  /** Told of each folder that did not have its turn to the end. */
  readonly onLeft: (folder: LeftFolder) => void;
}

/** Entries that are passed over at a time: a few milliseconds. */
const BETWEEN_RESTS = 1000;

/** Puts the folders among the roots to those that wait; the paths of the files among them. */
export function* enter(
  roots: readonly Root[],
  waiting: Pick<WaitingWork, 'push'>,
  { platform, mounts, coverage, isOver, memory, shard, apart }: WalkOptions,
): Generator<string, void, undefined> {
  const found: Folder[] = [];
  for (const { path, kind } of roots) {
    if (isPseudo(path, mounts, platform)) coverage.gap(path, 'root-on-pseudo-file-system');
    else if (kind === 'folder') {
      if (!apart.has(path)) found.push({ root: path, path });
    } else if (isOthers(path, path, shard, platform)) coverage.skip('other-shard');
    else if (isKnown(memory?.lone(path), coverage)) continue;
    else if (isOver()) coverage.gap(path, 'stopped-early');
    else yield path;
  }
  // The last folder that waits is walked first.
  for (const folder of found.toReversed()) waiting.push(folder);
}

/**
 * The paths of the regular files in the folders that wait and in those below them, absolute; and the rests of files that
 * wait, as they are. `undefined` while there is nothing to do here but another thread may still find something, `null` when
 * there is, and a rest could be taken. Files that are as they were when they were examined are left out, and counted.
 */
export function* walk(
  waiting: WaitingWork,
  options: WalkOptions,
): Generator<string | RestOfFile | null | undefined, void, undefined> {
  while (!waiting.isFinished) {
    const work = waiting.pop();
    if (work === undefined) {
      yield undefined;
      continue;
    }
    if ('root' in work) yield* filesOf(work, waiting, options);
    else yield work;
    waiting.done();
    yield null;
  }
}

/** The paths of the files of one folder that are to be examined; its folders are pushed. */
export function* filesOf(
  folder: Folder,
  waiting: Pick<WaitingWork, 'push'>,
  options: WalkOptions,
): Generator<string | null, void, undefined> {
  const { mounts, coverage, isOver, memory, onLeft } = options;
  const mount = folder.path === folder.root ? undefined : mounts.get(folder.path);
  if (isOver()) {
    coverage.gap(folder.path, 'stopped-early');
    onLeft({ ...folder, isBegun: false });
    return;
  }
  if (mount !== undefined) {
    coverage.skip(mount);
    return;
  }
  try {
    yield* new FolderVisit(folder, waiting, options).files();
  } catch (error) {
    coverage.failed(folder.path, error);
    memory?.journal.drop();
    return;
  }
  memory?.journal.end(!isOver());
  if (isOver()) onLeft({ ...folder, isBegun: true });
}

/** One folder while it is walked, with or without a memory of the last time. Throws what the file system does. */
class FolderVisit {
  readonly #folder: Folder;
  readonly #prefix: string;
  readonly #waiting: Pick<WaitingWork, 'push'>;
  readonly #options: WalkOptions;
  readonly #last: FolderMemory | undefined;
  #quiet = 0;

  constructor(folder: Folder, waiting: Pick<WaitingWork, 'push'>, options: WalkOptions) {
    const { sep } = options.platform.path;
    this.#folder = folder;
    this.#prefix = folder.path.endsWith(sep) ? folder.path : folder.path + sep;
    this.#waiting = waiting;
    this.#options = options;
    this.#last = options.memory?.enter(folder.path, folder.root);
  }

  *files(): Generator<string | null, void, undefined> {
    const { isAsItWas = false, known } = this.#last ?? {};
    if (isAsItWas && known !== undefined) yield* this.#knownFiles(known);
    else yield* this.#listedFiles();
  }

  *#listedFiles(): Generator<string | null, void, undefined> {
    const { platform, excludes, coverage } = this.#options;
    const entries = platform.fs.list(this.#folder.path);
    coverage.folders += 1;
    for (const entry of entries) {
      const path = this.#prefix + entry.name;
      if (entry.isSymbolicLink()) this.#skip('link', 'links');
      else if (excludes(path, entry.name, this.#folder.root)) this.#skip('excluded', 'excluded');
      else if (entry.isDirectory()) this.#push(entry.name);
      else if (!entry.isFile()) this.#skip('special-file', 'specials');
      else if (this.#isToDo(path, entry.name, this.#last?.indexOf(entry.name))) yield path;
      else if (this.#isRestDue) yield null;
    }
  }

  *#knownFiles(known: KnownFolder): Generator<string | null, void, undefined> {
    this.#options.coverage.folders += 1;
    this.#skip('link', 'links', known.links);
    this.#skip('excluded', 'excluded', known.excluded);
    this.#skip('special-file', 'specials', known.specials);
    this.#skip('other-shard', 'others', known.others);
    for (const name of known.folderNames) this.#push(name);
    for (const [index, name] of known.fileNames.entries()) {
      const path = this.#prefix + name;
      if (this.#isToDo(path, name, index)) yield path;
      else if (this.#isRestDue) yield null;
    }
  }

  /** Many entries went by without a file to examine. */
  get #isRestDue(): boolean {
    this.#quiet = (this.#quiet + 1) % BETWEEN_RESTS;
    return this.#quiet === 0;
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

  /** True for a file that is to be examined now. The others are counted. */
  #isToDo(path: string, name: string, index: number | undefined): boolean {
    const { coverage, isOver, memory, shard, platform } = this.#options;
    if (isOthers(path, this.#folder.root, shard, platform)) {
      this.#skip('other-shard', 'others');
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
function isKnown(examined: Examined | undefined, coverage: CoverageRecorder): boolean {
  if (examined === 'text') coverage.unchanged += 1;
  else if (examined === 'binary') coverage.skip('binary');
  return examined !== undefined;
}

/** True for a root at or below the mount of a pseudo file system. A network mount may be a root, when it is named. */
function isPseudo(path: string, mounts: WalkOptions['mounts'], { path: paths }: Platform): boolean {
  for (let place = path; ; place = paths.dirname(place)) {
    if (mounts.get(place) === 'pseudo-file-system') return true;
    if (paths.dirname(place) === place) return false;
  }
}
