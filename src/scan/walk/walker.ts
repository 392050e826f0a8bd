/**
 * The walk: which files of the roots are to be examined, one after the other. Never follows a link, never recurses, never
 * opens a file; a folder that cannot be read is a gap and the walk goes on. Memory grows with the folders that wait, not
 * with the files. Several threads can walk together: the work that waits is passed in.
 */
import type { DirectoryEntry, ForeignMount, Platform } from '../../platform/index.ts';
import type { CoverageRecorder } from '../coverage.ts';
import type { Excludes } from './excludes.ts';
import type { Root } from './roots.ts';
import type { Folder, RestOfFile, WaitingWork } from './work.ts';

export interface WalkOptions {
  readonly platform: Platform;
  /** By mount point: what `foreignMounts` says. */
  readonly mounts: ReadonlyMap<string, ForeignMount>;
  readonly excludes: Excludes;
  readonly coverage: CoverageRecorder;
  /** Asked between files; once true, what is left becomes gaps. */
  readonly isOver: () => boolean;
}

/** Puts the folders among the roots to those that wait; the paths of the files among them. */
export function* enter(
  roots: readonly Root[],
  waiting: WaitingWork,
  { platform, mounts, coverage, isOver }: WalkOptions,
): Generator<string, void, undefined> {
  const found: Folder[] = [];
  for (const { path, kind } of roots) {
    if (isOver()) coverage.gap(path, 'stopped-early');
    else if (isPseudo(path, mounts, platform)) coverage.gap(path, 'root-on-pseudo-file-system');
    else if (kind === 'file') yield path;
    else found.push({ root: path, path });
  }
  // The last folder that waits is walked first.
  for (const folder of found.toReversed()) waiting.push(folder);
}

/**
 * The paths of the regular files in the folders that wait and in those below them, absolute; and the rests of files that
 * wait, as they are. `undefined` while there is nothing to do here but another thread may still find something.
 */
export function* walk(
  waiting: WaitingWork,
  options: WalkOptions,
): Generator<string | RestOfFile | undefined, void, undefined> {
  while (!waiting.isFinished) {
    const work = waiting.pop();
    if (work === undefined) {
      yield undefined;
      continue;
    }
    if ('root' in work) yield* filesOf(work, waiting, options);
    else yield work;
    waiting.done();
  }
}

function* filesOf(
  { root, path: folder }: Folder,
  waiting: WaitingWork,
  { platform, mounts, excludes, coverage, isOver }: WalkOptions,
): Generator<string, void, undefined> {
  const mount = folder === root ? undefined : mounts.get(folder);
  if (isOver()) {
    coverage.gap(folder, 'stopped-early');
    return;
  }
  if (mount !== undefined) {
    coverage.skip(mount);
    return;
  }
  const prefix = folder.endsWith(platform.path.sep) ? folder : folder + platform.path.sep;
  for (const entry of entriesOf(folder, platform, coverage)) {
    const path = prefix + entry.name;
    if (entry.isSymbolicLink()) coverage.skip('link');
    else if (excludes(path, entry.name, root)) coverage.skip('excluded');
    else if (entry.isDirectory()) waiting.push({ root, path });
    else if (!entry.isFile()) coverage.skip('special-file');
    else if (isOver()) coverage.gap(path, 'stopped-early');
    else yield path;
  }
}

function entriesOf(
  folder: string,
  platform: Platform,
  coverage: CoverageRecorder,
): readonly DirectoryEntry[] {
  try {
    const entries = platform.fs.list(folder);
    coverage.folders += 1;
    return entries;
  } catch (error) {
    coverage.failed(folder, error);
    return [];
  }
}

/** True for a root at or below the mount of a pseudo file system. A network mount may be a root, when it is named. */
function isPseudo(path: string, mounts: WalkOptions['mounts'], { path: paths }: Platform): boolean {
  for (let place = path; ; place = paths.dirname(place)) {
    if (mounts.get(place) === 'pseudo-file-system') return true;
    if (paths.dirname(place) === place) return false;
  }
}
