/**
 * Where a run begins that may not come to its end: for each owner, where credentials are usually kept, then what the last run
 * did not come to. The owners take turns, and each run begins with another one: a user whose files take all the time that a
 * run has keeps it from those of the others for one run at most, before each of them has had its turn.
 */
import type { FileStatus, MountTable, Platform } from '../../host/platform/index.ts';
import { ownersOn } from '../model/file-owner.ts';
import type { Excludes } from './excludes.ts';
import type { Root } from './roots.ts';
import type { Folder } from './work.ts';

/** What a run did not come to, as it is remembered. */
export interface Remembered extends Folder {
  /** How many runs ended in the middle of it, or of what it was found in. */
  readonly turns: number;
}

/** Below a root, which is often somebody's home. */
const valuable = [
  '.aws',
  '.azure',
  '.config/gcloud',
  '.config/gh',
  '.docker',
  '.gnupg',
  '.kube',
  '.m2',
  '.oci',
  '.ssh',
  '.terraform.d',
  'AppData/Roaming/gcloud',
];

export interface FirstOptions {
  readonly platform: Platform;
  readonly excludes: Excludes;
  readonly mounts: MountTable;
  /** `FoldersFirst.group` of the last run. */
  readonly lastGroup?: string | undefined;
}

export interface FoldersFirst {
  /** The first one first. */
  readonly folders: readonly Folder[];
  /** Whose turn it is: names a root and an owner of folders. Undefined when there is no folder to begin with. */
  readonly group: string | undefined;
}

/**
 * The folders to begin with. Only those that a walk from the roots would come to: no link is followed on the way, nothing
 * that is excluded now.
 * @param unfinished what the last run did not come to; of those that have had as many turns, the one that waits longest first
 */
export function priorityFolders(
  roots: readonly Root[],
  unfinished: readonly Remembered[],
  options: FirstOptions,
): FoldersFirst {
  const { path: paths } = options.platform;
  const known = new Map(unfinished.map((folder) => [folder.path, folder]));
  const early = roots.flatMap(({ path: root, kind }) => {
    if (kind !== 'folder') return [];
    const inRoot = valuable.map((name) => ({ root, path: paths.join(root, ...name.split('/')), turns: 0 }));
    // One that a run has ended in waits with the others.
    return inRoot.filter(({ path }) => (known.get(path)?.turns ?? 0) === 0);
  });
  const names = new Set(roots.flatMap(({ path, kind }) => (kind === 'folder' ? [path] : [])));
  // What one run does not come to the end of must not keep the next one from all else. The time of a change says nothing:
  // it is the owner's to set.
  const waiting = unfinished.filter(({ root }) => names.has(root)).toSorted((a, b) => a.turns - b.turns);
  const all = new Map<string, Folder>();
  for (const { path, root } of [...early, ...waiting]) if (!all.has(path)) all.set(path, { path, root });
  return inTurns(groupsOf([...all.values()], options), options.lastGroup);
}

function groupsOf(folders: readonly Folder[], options: FirstOptions): Map<string, Folder[]> {
  const ownerOf = ownersOn(options.platform);
  const statusOf = reachability(options);
  const groups = new Map<string, Folder[]>();
  for (const folder of folders) {
    const status = statusOf(folder);
    if (status === undefined) continue;
    const name = JSON.stringify([folder.root, ownerOf(folder.path, status)]);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [folder]);
    else group.push(folder);
  }
  return groups;
}

/** One folder of each group after the other, from the group behind the one that came first the last time. */
function inTurns(groups: ReadonlyMap<string, readonly Folder[]>, last: string | undefined): FoldersFirst {
  const names = [...groups.keys()].sort();
  const next = last === undefined ? 0 : names.findIndex((name) => name > last);
  const order = next < 0 ? names : [...names.slice(next), ...names.slice(0, next)];
  const queues = order.map((name) => groups.get(name) ?? []);
  const rounds = queues.reduce((most, { length }) => Math.max(most, length), 0);
  const folders: Folder[] = [];
  for (let round = 0; round < rounds; round += 1) {
    for (const queue of queues) {
      const folder = queue[round];
      if (folder !== undefined) folders.push(folder);
    }
  }
  return { folders, group: order[0] };
}

/** Gives a folder's status; undefined for one that the walk would not come to. */
function reachability({
  platform,
  excludes,
  mounts,
}: FirstOptions): (folder: Folder) => FileStatus | undefined {
  const { path: paths, fs } = platform;
  const answers = new Map<string, FileStatus | undefined>();
  const ask = (path: string, root: string): FileStatus | undefined => {
    if (answers.has(path)) return answers.get(path);
    let answer: FileStatus | undefined;
    const isAllowed =
      path === root ||
      (paths.dirname(path) !== path &&
        mounts.foreignAt(path) === undefined &&
        !excludes(path, paths.basename(path), root) &&
        ask(paths.dirname(path), root) !== undefined);
    try {
      const status = isAllowed ? fs.status(path) : undefined;
      if (status?.isDirectory() === true) answer = status;
    } catch {
      // The walk from the root tells, if there is anything to tell.
    }
    answers.set(path, answer);
    return answer;
  };
  return ({ path, root }) => ask(path, root);
}
