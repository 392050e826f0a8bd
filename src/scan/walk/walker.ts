/**
 * The walk: which files of the roots are to be examined, one after the other. Never follows a link, never recurses, never
 * opens a file; a folder that cannot be read is a gap and the walk goes on. Memory grows with the folders that wait, not
 * with the files.
 */
import { type DirectoryEntry, type Platform, foreignMounts } from '../../platform/index.ts';
import type { CoverageRecorder } from '../coverage.ts';
import type { Excludes } from './excludes.ts';
import type { Root } from './roots.ts';

export interface WalkOptions {
  readonly platform: Platform;
  readonly excludes: Excludes;
  readonly coverage: CoverageRecorder;
  /** Asked between files; once true, what is left becomes gaps. */
  readonly isOver: () => boolean;
}

/** The paths of the regular files below the roots, absolute. */
export function* walk(roots: readonly Root[], options: WalkOptions): Generator<string, void, undefined> {
  const mounts = foreignMounts(options.platform);
  for (const root of roots) {
    if (options.isOver()) options.coverage.gap(root.path, 'stopped-early');
    else if (isPseudo(root.path, mounts, options.platform))
      options.coverage.gap(root.path, 'root-on-pseudo-file-system');
    else if (root.kind === 'file') yield root.path;
    else yield* walkFolder(root.path, mounts, options);
  }
}

function* walkFolder(
  root: string,
  mounts: ReturnType<typeof foreignMounts>,
  { platform, excludes, coverage, isOver }: WalkOptions,
): Generator<string, void, undefined> {
  const waiting = [root];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    if (isOver()) {
      coverage.gap(folder, 'stopped-early');
      continue;
    }
    const mount = folder === root ? undefined : mounts.get(folder);
    if (mount !== undefined) {
      coverage.skip(mount);
      continue;
    }
    const prefix = folder.endsWith(platform.path.sep) ? folder : folder + platform.path.sep;
    for (const entry of entriesOf(folder, platform, coverage)) {
      const path = prefix + entry.name;
      if (entry.isSymbolicLink()) coverage.skip('link');
      else if (excludes(path, entry.name, root)) coverage.skip('excluded');
      else if (entry.isDirectory()) waiting.push(path);
      else if (!entry.isFile()) coverage.skip('special-file');
      else if (isOver()) coverage.gap(path, 'stopped-early');
      else yield path;
    }
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
function isPseudo(
  path: string,
  mounts: ReturnType<typeof foreignMounts>,
  { path: paths }: Platform,
): boolean {
  for (let place = path; ; place = paths.dirname(place)) {
    if (mounts.get(place) === 'pseudo-file-system') return true;
    if (paths.dirname(place) === place) return false;
  }
}
