/**
 * The walk: which files of the roots must be scanned, one after another. Never follows a link, never recurses,
 * never opens a file; a folder that cannot be read is a gap and the walk continues. Memory grows with the number of
 * pending folders, not with the number of files. Several threads can walk together: the pending work is passed in.
 */
import { FolderVisit, isKnown } from './folder-visit.ts';
import { Folders, ForeignFolder, realRoot } from './folders.ts';
import type { Root } from './roots.ts';
import { isOthers } from './shard.ts';
import type { WalkOptions } from './walk-options.ts';
import type { Folder, FoundFile, WaitingFolder, WaitingWork, WalkStep } from './work.ts';

/** Adds the folders among the roots to the pending ones; yields the files among them. */
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
        const place = realRoot(path, platform);
        const [parent, name] = [paths.dirname(place), paths.basename(place)];
        yield { kind: 'file', path, name, parent, folder: undefined };
      } catch (error) {
        coverage.failed(path, error);
      }
    }
  }
  // The last pending folder is walked first.
  for (const folder of found.toReversed()) waiting.push(folder);
}

/**
 * Yields the regular files in the pending folders and in those below them, and the pending rests of files. Files
 * that are unchanged since they were scanned are skipped, and counted.
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

/** The files of one folder that must be scanned; its folders are pushed. */
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
