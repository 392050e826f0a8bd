/**
 * Roots: from the named paths, or the system's defaults, to a list of folders and files that exist and do not
 * overlap.
 */
import { TaskError, codeOf } from '../../host/exit/task-error.ts';
import { type MountTable, type Platform, isLinkInPath } from '../../host/platform/index.ts';
import { defaultRoots } from './default-roots.ts';
import type { CoverageRecorder } from '../model/coverage.ts';
import type { Excludes } from './excludes.ts';
import { realRoot } from './folders.ts';
import { type Shard, isOthers } from './shard.ts';
import type { UnfinishedFolder } from './work.ts';

export interface Root {
  /** Absolute, as it was named: a link above it may belong to root or to the current user. */
  readonly path: string;
  readonly kind: 'file' | 'folder';
  /** It may not respond, so it was not accessed: it may be missing, or not a folder. */
  readonly isRemote?: boolean;
}

/**
 * Makes the named roots absolute and drops those that are named twice or are inside another. A root that cannot be
 * scanned becomes a gap.
 * @param named empty for the system's default roots.
 * @param isRemote true for a root that must not be accessed here
 * @throws TaskError `no-root` when none of them exists.
 */
export function resolveRoots(
  named: readonly string[],
  platform: Platform,
  mounts: MountTable,
  coverage: CoverageRecorder,
  isRemote: (path: string) => boolean = () => false,
): Root[] {
  const skipped = (path: string) => coverage.skip(mounts.mountOf(path)?.foreign ?? 'unknown-file-system');
  const paths =
    named.length > 0
      ? named.map((path) => platform.path.resolve(path))
      : defaultRoots(platform, mounts, skipped);
  const distinct = [...new Map(paths.map((path) => [comparable(path, platform), path])).values()];
  const missing: string[] = [];
  const roots: Root[] = [];
  for (const path of distinct) {
    // Decided by the mount table alone: access might trigger a mount, and wait for it.
    if (mounts.mountOf(path)?.foreign === 'pseudo-file-system') {
      coverage.gap(path, 'root-on-pseudo-file-system');
      continue;
    }
    if (isRemote(path)) {
      roots.push({ path, kind: 'folder', isRemote: true });
      continue;
    }
    try {
      const root = rootAt(path, platform, coverage);
      if (root !== undefined) roots.push(root);
    } catch (error) {
      if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') missing.push(path);
      else coverage.failed(path, error);
    }
  }
  if (missing.length === distinct.length) {
    const which = missing.length === 0 ? 'no default root exists' : `no root exists: ${missing.join(', ')}`;
    throw new TaskError('no-root', which);
  }
  for (const path of missing) coverage.gap(path, 'root-missing');
  // A walk from another file system does not enter remote roots.
  const covers = (other: Root, root: Root) =>
    isInside(root.path, other, platform.path) && (root.isRemote !== true || other.isRemote === true);
  return roots.filter((root) => !roots.some((other) => covers(other, root)));
}

function rootAt(path: string, platform: Platform, coverage: CoverageRecorder): Root | undefined {
  let status;
  try {
    status = platform.fs.status(realRoot(path, platform));
  } catch (error) {
    if (!isLinkInPath(error)) throw error;
    coverage.gap(path, 'root-is-a-link');
    return undefined;
  }
  if (status.isDirectory()) return { path, kind: 'folder' };
  if (status.isFile()) return { path, kind: 'file' };
  coverage.gap(path, status.isSymbolicLink() ? 'root-is-a-link' : 'root-is-no-file');
  return undefined;
}

/** True for a path below a root. */
export function isInside(path: string, other: Root, paths: Platform['path']): boolean {
  if (other.kind === 'file') return false;
  const relative = paths.relative(other.path, path);
  return relative !== '' && !/^\.\.(?:[\\/]|$)/.test(relative) && !paths.isAbsolute(relative);
}

/** File names on Windows are case-insensitive. */
function comparable(path: string, platform: Platform): string {
  return platform.os === 'windows' ? path.toLowerCase() : path;
}

/** The folder of a file below one of the roots, as an unfinished one; none for a file that is a root itself. */
export function folderBelow(
  path: string,
  roots: readonly Root[],
  { path: paths }: Platform,
): UnfinishedFolder[] {
  const root = roots.find((candidate) => isInside(path, candidate, paths));
  return root === undefined ? [] : [{ path: paths.dirname(path), root: root.path, isBegun: true }];
}

/**
 * True for the path of a file at or below one of the roots that nothing excludes: the scope of a run with these
 * roots.
 */
export function scopeOf(
  roots: readonly Root[],
  excludes: Excludes,
  shard: Shard | undefined,
  platform: Platform,
): (path: string) => boolean {
  return (path) => {
    const root = roots.find(
      (candidate) => candidate.path === path || isInside(path, candidate, platform.path),
    );
    if (root === undefined || isOthers(path, root.path, shard, platform)) return false;
    for (let place = path; place !== root.path; place = platform.path.dirname(place)) {
      if (excludes(place, platform.path.basename(place), root.path)) return false;
    }
    return true;
  };
}

/** The bytes of the roots, if all of them are files on this machine. */
export function bytesOfFiles(roots: readonly Root[], platform: Platform): number | undefined {
  if (roots.some(({ kind, isRemote }) => kind !== 'file' || isRemote === true)) return undefined;
  try {
    return roots.reduce((sum, { path }) => sum + platform.fs.status(realRoot(path, platform)).size, 0);
  } catch {
    // One of them is gone.
    return undefined;
  }
}
