/**
 * Roots: from the named paths, or the system's defaults, to a list of folders and files that can be scanned and do not
 * overlap.
 */
import { TaskError, codeOf, describeError, systemReason } from '../../host/exit/task-error.ts';
import { type MountTable, type Platform, isLinkInPath, mayNotAnswer } from '../../host/platform/index.ts';
import { defaultRoots } from './default-roots.ts';
import type { CoverageRecorder, GapReason } from '../model/coverage.ts';
import type { Excludes } from './excludes.ts';
import { besideLinks, realRoot } from './folders.ts';
import { type Shard, isOthers } from './shard.ts';
import type { UnfinishedFolder } from './work.ts';

export interface Root {
  /** Absolute. A folder as it was named, which may be a link, or behind one, of root or of the current user. */
  readonly path: string;
  readonly kind: 'file' | 'folder';
  /** It may not respond, so it was not accessed: it may be missing, or not a folder. */
  readonly isRemote?: boolean;
}

/** A path that was named as a root and cannot be scanned. */
export interface UnusableRoot {
  readonly path: string;
  readonly reason: GapReason;
  /** What is wrong, for people, with the path. */
  readonly text: string;
}

export interface Roots {
  /** Without those that are named twice or are inside another. */
  readonly roots: readonly Root[];
  readonly unusable: readonly UnusableRoot[];
}

/** Roots that nobody named: one that does not exist is left out, and so is one that may not respond. */
export interface RootsBesides {
  readonly paths: readonly string[];
  /** If no root is named, the system's default roots are not scanned either. */
  readonly areAlone: boolean;
}

const NONE: RootsBesides = { paths: [], areAlone: false };

/** Paths that one error names. */
const MAX_NAMED = 3;

/**
 * Makes the named roots absolute and looks at each: it must be a file or a folder that can be read. A link is followed if it belongs to root or to
 * the current user, and a file behind one is scanned under its own path.
 * @param named empty for the system's default roots; a default root that does not exist or cannot be read is not unusable
 * @param isRemote true for a root that must not be accessed here
 */
export function findRoots(
  named: readonly string[],
  platform: Platform,
  mounts: MountTable,
  coverage: CoverageRecorder,
  isRemote: (path: string) => boolean = () => false,
  besides: RootsBesides = NONE,
): Roots {
  const skipped = (path: string) => coverage.skip(mounts.mountOf(path)?.foreign ?? 'unknown-file-system');
  const areNamed = named.length > 0;
  const paths = areNamed
    ? named.map((path) => platform.path.resolve(path))
    : besides.areAlone
      ? []
      : defaultRoots(platform, mounts, skipped);
  const candidates: Candidate[] = [];
  const unusable: UnusableRoot[] = [];
  for (const path of distinct(paths, platform)) {
    // Decided by the mount table alone: access might trigger a mount, and wait for it.
    if (mounts.mountOf(path)?.foreign === 'pseudo-file-system') unusable.push(onPseudoFileSystem(path));
    else if (isRemote(path)) candidates.push({ root: { path, kind: 'folder', isRemote: true }, place: path });
    else {
      const found = rootAt(path, platform, mounts, areNamed);
      if ('reason' in found) unusable.push(found);
      else candidates.push(found);
    }
  }
  for (const path of distinct(besides.paths, platform)) {
    if (mayNotAnswer(path, platform, mounts)) {
      skipped(path);
      continue;
    }
    const found = rootAt(path, platform, mounts, false);
    if (!('reason' in found)) candidates.push(found);
    else if (found.reason !== 'root-missing') coverage.gap(path, found.reason);
  }
  return { roots: withoutOverlaps(candidates, platform), unusable };
}

function distinct(paths: readonly string[], platform: Platform): Iterable<string> {
  return new Map(paths.map((path) => [comparable(path, platform), path])).values();
}

/** A root, and its path without links. */
interface Candidate {
  readonly root: Root;
  readonly place: string;
}

/** Of several roots that lead to the same files, the one that contains the others, or comes first. */
function withoutOverlaps(candidates: readonly Candidate[], platform: Platform): Root[] {
  const { path: paths } = platform;
  const known = new Map<string, Candidate>();
  for (const candidate of candidates) {
    const key = comparable(candidate.place, platform);
    if (!known.has(key)) known.set(key, candidate);
  }
  const at = (place: string) => known.get(comparable(place, platform));
  // A walk from another file system does not enter remote roots.
  const covers = (other: Candidate, { root }: Candidate) =>
    other.root !== root && (root.isRemote !== true || other.root.isRemote === true);
  const isCovered = (one: Candidate) => {
    const same = at(one.place);
    if (same !== undefined && covers(same, one)) return true;
    for (let place = one.place; paths.dirname(place) !== place; place = paths.dirname(place)) {
      const above = at(paths.dirname(place));
      if (above?.root.kind === 'folder' && covers(above, one)) return true;
    }
    return false;
  };
  return candidates.filter((one) => !isCovered(one)).map(({ root }) => root);
}

/**
 * The error for named roots that cannot be scanned.
 * @param unusable at least one
 */
export function unusableRoots(
  unusable: readonly UnusableRoot[],
  redact: (text: string) => string = (text) => text,
): TaskError {
  const texts = unusable.slice(0, MAX_NAMED).map(({ text }) => redact(text));
  const others = unusable.length - texts.length;
  const more = others > 0 ? `, and ${others} more cannot be scanned` : '';
  const [it, path] = unusable.length === 1 ? ['it', 'path'] : ['them', 'paths'];
  return new TaskError(
    'no-root',
    `${texts.join(', ')}${more}; correct the ${path}, or give --allow-missing-roots to continue without ${it}`,
  );
}

/** @param mustBeReadable a named root; what cannot be read of a default root is a gap of the walk */
function rootAt(
  path: string,
  platform: Platform,
  mounts: MountTable,
  mustBeReadable: boolean,
): Candidate | UnusableRoot {
  const { fs } = platform;
  try {
    const place = realRoot(path, platform);
    if (mounts.mountOf(place)?.foreign === 'pseudo-file-system') return onPseudoFileSystem(path);
    const status = fs.status(place);
    const kind = status.isDirectory() ? 'folder' : 'file';
    if (!status.isDirectory() && !status.isFile()) {
      if (status.isSymbolicLink()) return { path, reason: 'root-is-a-link', text: `${path} is a link` };
      const text = `${path} is a device, pipe or socket`;
      return { path, reason: 'root-is-no-file', text };
    }
    if (mustBeReadable) requireReadable(place, kind, fs);
    const isLinkToFile = kind === 'file' && fs.status(besideLinks(path, platform)).isSymbolicLink();
    return { root: { path: isLinkToFile ? place : path, kind }, place };
  } catch (error) {
    return unusableFor(path, error);
  }
}

function onPseudoFileSystem(path: string): UnusableRoot {
  const text = `${path} is on a file system without stored files, such as /proc`;
  return { path, reason: 'root-on-pseudo-file-system', text };
}

function unusableFor(path: string, error: unknown): UnusableRoot {
  const code = codeOf(error);
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return { path, reason: 'root-missing', text: `${path} does not exist` };
  }
  if (isLinkInPath(error)) return { path, reason: 'root-is-a-link', text: describeError(error) };
  return { path, reason: 'root-unreadable', text: `${path} cannot be read: ${systemReason(error)}` };
}

/** Opens a file, or lists the first entry of a folder. @throws the system's error */
export function requireReadable(place: string, kind: Root['kind'], fs: Platform['fs']): void {
  if (kind === 'file') {
    fs.close(fs.open(place));
    return;
  }
  const walk = fs.folderWalk();
  try {
    // Closes the folder after the first entry.
    for (const _ of fs.list(walk.open(place))) break;
  } finally {
    walk.close();
  }
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
