/**
 * State directories, to be locked and removed. The folder that an option names may be any other folder: only one that runs have made is
 * touched.
 */
import { lstatSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { TaskError } from '../../exit/task-error.ts';
import { type Platform, openFolder, openStateDirectory } from '../../platform/index.ts';
import { namesIn, remove } from './safe-folder.ts';

/** A file that each run creates, before anything else. */
const MARKER = 'run.lock';

export interface StateFolders {
  /** Absolute paths of directories in which runs have kept state. */
  readonly used: readonly string[];
  /** Folders that exist and have no state. */
  readonly others: readonly string[];
}

/** @throws TaskError `cannot-write` for a state directory that other users can access, or that this user cannot */
export async function stateFolders(
  directories: readonly string[],
  platform: Platform,
): Promise<StateFolders> {
  const existing = directories.filter((path) => lstatSync(path, { throwIfNoEntry: false }) !== undefined);
  const hasState = (path: string) => lstatSync(join(path, MARKER), { throwIfNoEntry: false }) !== undefined;
  return {
    used: await Promise.all(existing.filter(hasState).map((path) => openStateDirectory(platform, path))),
    others: existing.filter((path) => !hasState(path)),
  };
}

/** @throws TaskError `cannot-write` if a state directory contains anything but files, which are all that runs create */
export function requireOnlyFiles(directory: string): void {
  const folder = openFolder(directory);
  try {
    const other = namesIn(folder).find((name) => !lstatSync(folder.pathOf(name)).isFile());
    if (other === undefined) return;
    throw new TaskError(
      'cannot-write',
      `the state directory ${directory} contains ${other}, which no run made: move it elsewhere, or leave out --with-state`,
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
