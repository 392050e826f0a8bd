/**
 * State directories, to be locked and removed. The folder that an option names may be any other folder: only one that runs have made is
 * touched.
 */
import { type Stats, lstatSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { TaskError, codeOf, systemReason } from '../../exit/task-error.ts';
import { type Platform, openFolder, openStateDirectory, requireAnswer } from '../../platform/index.ts';
import { namesIn, remove } from './safe-folder.ts';

/** A file that each run creates, before anything else. */
const MARKER = 'run.lock';

export interface StateFolders {
  /** Absolute paths of directories in which runs have kept state. */
  readonly used: readonly string[];
  /** Folders that exist and have no state. */
  readonly others: readonly string[];
}

/**
 * @throws TaskError `cannot-write` for a state directory that other users can access, or that this user cannot, and for one whose file
 *   system does not answer
 */
export async function stateFolders(
  directories: readonly string[],
  platform: Platform,
  signal: AbortSignal,
): Promise<StateFolders> {
  for (const path of directories) {
    await requireAnswer({
      path,
      what: 'the state directory',
      kind: 'cannot-write',
      remedy: 'choose another with --state-dir',
      signal,
    });
  }
  const existing = directories.filter((path) => statusOf(path) !== undefined);
  const hasState = (path: string) => statusOf(join(path, MARKER)) !== undefined;
  return {
    used: await Promise.all(existing.filter(hasState).map((path) => openStateDirectory(platform, path))),
    others: existing.filter((path) => !hasState(path)),
  };
}

/** Undefined if there is nothing at this path. */
function statusOf(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch (error) {
    if (codeOf(error) === 'ENOTDIR') return undefined;
    throw new TaskError(
      'cannot-write',
      `the state directory ${path} cannot be used: ${systemReason(error)}; choose another with --state-dir`,
    );
  }
}

/** @throws TaskError `cannot-write` if a state directory contains anything but files, which are all that runs create */
export function requireOnlyFiles(directory: string): void {
  const folder = openFolder(directory);
  try {
    const other = namesIn(folder).find((name) => !lstatSync(folder.pathOf(name)).isFile());
    if (other === undefined) return;
    throw new TaskError(
      'cannot-write',
      `the state directory ${directory} contains ${other}, which no run created; move it elsewhere, or omit --with-state`,
    );
  } finally {
    folder.close();
  }
}

/** Removes a state directory. */
export function removeFolder(directory: string): void {
  const parent = openFolder(dirname(directory));
  try {
    remove(parent, basename(directory));
  } finally {
    parent.close();
  }
}
