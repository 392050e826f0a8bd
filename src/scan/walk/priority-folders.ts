/**
 * Where a run begins that may not finish: for each owner, where credentials are usually stored, then what the last
 * run did not reach. The owners take turns, and each run begins with another one: a user whose files take up all
 * the time of a run delays the others by one run at most before each of them has had a turn.
 */
import type { FileStatus, MountTable, Platform } from '../../host/platform/index.ts';
import { ownersOn } from '../model/file-owner.ts';
import type { Excludes } from './excludes.ts';
import type { Root } from './roots.ts';
import type { Folder } from './work.ts';

/** A folder that a run did not reach, as it is stored. */
export interface Remembered extends Folder {
  /** How many runs ended while scanning it, or the folder in which it was found. */
  readonly turns: number;
}

/** Paths below a root, which is often somebody's home. */
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
  /**
   * The group whose turn it is: names a root and an owner of folders. Undefined when there is no folder to
   * begin with.
   */
  readonly group: string | undefined;
}

/**
 * The folders to begin with. Only those that a walk from the roots would reach: no link is followed on the way,
 * nothing that is excluded now.
 * @param unfinished what the last run did not reach; of those that have had equally many turns, the one that has
 *   waited longest comes first
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
    // A folder in which a run has ended waits with the others.
    return inRoot.filter(({ path }) => (known.get(path)?.turns ?? 0) === 0);
  });
  const names = new Set(roots.flatMap(({ path, kind }) => (kind === 'folder' ? [path] : [])));
  // A folder that a run cannot finish must not keep the next run from everything else. The modification time
  // proves nothing: its owner can set it.
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

/** One folder of each group after another, starting with the group after the one that came first the last time. */
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

/** Reads a folder's status; undefined for one that the walk would not reach. */
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
      // A root may be a link.
      const place = path === root ? fs.withoutLinks(root) : path;
      const status = isAllowed ? fs.status(place) : undefined;
      if (status?.isDirectory() === true) answer = status;
    } catch {
      // The walk from the root reports the problem, if there is one.
    }
    answers.set(path, answer);
    return answer;
  };
  return ({ path, root }) => ask(path, root);
}
