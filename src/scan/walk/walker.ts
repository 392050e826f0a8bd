/**
 * The walk: which files of the roots are to be examined, one after the other. Never follows a link, never recurses, never
 * opens a file; a folder that cannot be read is a gap and the walk goes on. Memory grows with the folders that wait, not
 * with the files. Several threads can walk together: the work that waits is passed in.
 */
import { FolderVisit, isKnown } from './folder-visit.ts';
import { Folders, ForeignFolder, realRoot } from './folders.ts';
import type { Root } from './roots.ts';
import { isOthers } from './shard.ts';
import type { WalkOptions } from './walk-options.ts';
import type { Folder, FoundFile, WaitingFolder, WaitingWork, WalkStep } from './work.ts';

/** Puts the folders among the roots to those that wait; the files among them. */
export function* enter(
  roots: readonly Root[],
  waiting: Pick<WaitingWork, 'push'>,
  { platform, coverage, isCancelled, memory, shard, visitedSeparately }: WalkOptions,
): Generator<FoundFile, void, undefined> {
  const { path: paths } = platform;
  const found: WaitingFolder[] = [];
  for (const { path, kind } of roots) {
    if (kind === 'folder') {
      if (!visitedSeparately.has(path)) found.push({ kind: 'folder', root: path, path });
    } else if (isOthers(path, path, shard, platform)) coverage.skip('other-shard');
    else if (isKnown(memory?.lone(path), coverage)) continue;
    else if (isCancelled()) coverage.gap(path, 'stopped-early');
    else {
      try {
        const parent = paths.dirname(realRoot(path, platform));
        yield { kind: 'file', path, name: paths.basename(path), parent, folder: undefined };
      } catch (error) {
        coverage.failed(path, error);
      }
    }
  }
  // The last folder that waits is walked first.
  for (const folder of found.toReversed()) waiting.push(folder);
}

/**
 * The regular files in the folders that wait and in those below them, and the rests of files that wait. Files that are as they
 * were when they were examined are left out, and counted.
 */
export function* walk(waiting: WaitingWork, options: WalkOptions): Generator<WalkStep, void, undefined> {
  const folders = new Folders(options.platform, options.mounts);
  try {
    while (!waiting.isFinished) {
      const work = waiting.pop();
      if (work === undefined) {
        yield { kind: 'idle' };
        continue;
      }
      if (work.kind === 'folder') yield* filesOf(work, folders, waiting, options);
      else yield work;
      waiting.done();
      yield { kind: 'pause' };
    }
  } finally {
    folders.close();
  }
}

/** The files of one folder that are to be examined; its folders are pushed. */
function* filesOf(
  folder: Folder,
  folders: Folders,
  waiting: Pick<WaitingWork, 'push'>,
  options: WalkOptions,
): Generator<WalkStep, void, undefined> {
  const { coverage, isCancelled, memory, onUnfinished } = options;
  const { path, root } = folder;
  if (isCancelled()) {
    coverage.gap(path, 'stopped-early', { root, rootStatus: folders.statusOfRoot(root) });
    onUnfinished({ path, root, isBegun: false });
    return;
  }
  try {
    yield* new FolderVisit(folder, folders.place(folder), waiting, options).files();
  } catch (error) {
    if (error instanceof ForeignFolder) coverage.skip(error.reason);
    else coverage.failed(path, error, { root, rootStatus: folders.statusOfRoot(root) });
    memory?.journal.drop();
    return;
  }
  memory?.journal.end(!isCancelled());
  if (isCancelled()) onUnfinished({ path, root, isBegun: true });
}
