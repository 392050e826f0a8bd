/**
 * Where a run begins that may not come to its end: where credentials are usually kept, then what the last run did not come
 * to, what was changed last before the rest.
 */
import type { Platform } from '../../platform/index.ts';
import type { Excludes } from './excludes.ts';
import type { Root } from './roots.ts';
import type { Folder } from './work.ts';

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
}

/**
 * The folders to begin with, the first one first. Only those that a walk from the roots would come to: no link is followed
 * on the way, nothing that is excluded now.
 * @param left what the last run did not come to
 */
export function foldersFirst(
  roots: readonly Root[],
  left: readonly Folder[],
  { platform, excludes }: FirstOptions,
): Folder[] {
  const { path: paths } = platform;
  const folders = roots.flatMap(({ path, kind }) => (kind === 'folder' ? [path] : []));
  const isReachable = reachability({ platform, excludes });
  const early = folders.flatMap((root) =>
    valuable.map((name) => ({ root, path: paths.join(root, ...name.split('/')) })),
  );
  const known = left.filter(({ root }) => folders.includes(root));
  const ages = known.flatMap((folder) => {
    const changed = isReachable(folder);
    return changed === undefined ? [] : [{ folder, changed }];
  });
  const newestFirst = ages.toSorted((a, b) => b.changed - a.changed).map(({ folder }) => folder);
  const all = [...early.filter((folder) => isReachable(folder) !== undefined), ...newestFirst];
  return [...new Map(all.map((folder) => [folder.path, folder])).values()];
}

/** Says when a folder was changed, in milliseconds since 1970; undefined for one that the walk would not come to. */
function reachability({ platform, excludes }: FirstOptions): (folder: Folder) => number | undefined {
  const { path: paths, fs } = platform;
  const answers = new Map<string, number | undefined>();
  const ask = (path: string, root: string): number | undefined => {
    if (answers.has(path)) return answers.get(path);
    let answer: number | undefined;
    const isAllowed =
      path === root ||
      (paths.dirname(path) !== path &&
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
