/**
 * Paths that may not answer: those on file systems that are not local, or behind a link to one. The mount table is checked before
 * anything is accessed, so the calling thread never waits.
 */
import type { Mount, MountTable } from './mounts.ts';
import type { Platform } from './platform.ts';

/** The same limit as for `withoutLinks`. */
const MAX_LINKS = 40;

/** True if access to this path may have to wait for another machine or a process. */
export function mayNotAnswer(path: string, platform: Platform, mounts: MountTable): boolean {
  return mountThatMayNotAnswer(path, platform, mounts) !== undefined;
}

/** The first mount on an absolute path that is not local; undefined if there is none. */
export function mountThatMayNotAnswer(
  path: string,
  { path: paths, fs }: Platform,
  mounts: MountTable,
): Mount | undefined {
  if (!mounts.isLocal(path)) return mounts.mountOf(path);
  let parts = partsOf(path, paths);
  let place = paths.parse(path).root;
  for (let links = 0; parts.length > 0;) {
    const [name = '', ...rest] = parts;
    const next = paths.join(place, name);
    if (!mounts.isLocal(next)) return mounts.mountOf(next);
    parts = rest;
    place = next;
    try {
      if (!fs.status(next).isSymbolicLink()) continue;
      links += 1;
      if (links > MAX_LINKS) return undefined;
      place = paths.resolve(paths.dirname(next), fs.readLink(next));
    } catch {
      // Missing or not accessible: there is nothing to wait for.
      return undefined;
    }
    parts = [...partsOf(place, paths), ...rest];
    place = paths.parse(place).root;
  }
  return undefined;
}

function partsOf(path: string, paths: Platform['path']): string[] {
  return paths
    .relative(paths.parse(path).root, path)
    .split(paths.sep)
    .filter((part) => part !== '');
}
