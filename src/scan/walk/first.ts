/**
 * Where a run begins that may not come to its end: where credentials are usually kept, then what the last run did not come
 * to, what was changed last before the rest.
 */
import type { MountTable, Platform } from '../../platform/index.ts';
import type { Excludes } from './excludes.ts';
import type { Root } from './roots.ts';
import type { Folder } from './work.ts';

/** What a run did not come to, as it is remembered. */
export interface Remembered extends Folder {
  /** How many runs ended in the middle of it. */
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
}

/**
 * The folders to begin with, the first one first. Only those that a walk from the roots would come to: no link is followed
 * on the way, nothing that is excluded now.
 * @param left what the last run did not come to
 */
export function foldersFirst(
  roots: readonly Root[],
  left: readonly Remembered[],
  options: FirstOptions,
): Folder[] {
  const { path: paths } = options.platform;
  const folders = roots.flatMap(({ path, kind }) => (kind === 'folder' ? [path] : []));
  const isReachable = reachability(options);
  const early = folders.flatMap((root) =>
    valuable.map((name) => ({ root, path: paths.join(root, ...name.split('/')) })),
  );
  const known = left.filter(({ root }) => folders.includes(root));
  const ages = known.flatMap((folder) => {
    const changed = isReachable(folder);
    return changed === undefined ? [] : [{ folder, changed }];
  });
  // What one run does not come to the end of must not keep the next one from all else.
  ages.sort((a, b) => a.folder.turns - b.folder.turns || b.changed - a.changed);
  const all = [
    ...early.filter((folder) => isReachable(folder) !== undefined),
    ...ages.map(({ folder: { path, root } }) => ({ path, root })),
  ];
  return [...new Map(all.map((folder) => [folder.path, folder])).values()];
}

/** Says when a folder was changed, in milliseconds since 1970; undefined for one that the walk would not come to. */
function reachability({ platform, excludes, mounts }: FirstOptions): (folder: Folder) => number | undefined {
  const { path: paths, fs } = platform;
  const answers = new Map<string, number | undefined>();
  const ask = (path: string, root: string): number | undefined => {
    if (answers.has(path)) return answers.get(path);
    let answer: number | undefined;
    const isAllowed =
      path === root ||
      (paths.dirname(path) !== path &&
        mounts.foreignAt(path) === undefined &&
        !excludes(path, paths.basename(path), root) &&
        ask(paths.dirname(path), root) !== undefined);
    try {
      const status = isAllowed ? fs.status(path) : undefined;
      if (status?.isDirectory() === true) answer = status.mtimeMs;
    } catch {
      // The walk from the root tells, if there is anything to tell.
    }
    answers.set(path, answer);
    return answer;
  };
  return ({ path, root }) => ask(path, root);
}
