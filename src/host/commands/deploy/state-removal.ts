/** Removes a state directory, and never anything else: the folder that was named may be another one. */
import { lstatSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { TaskError } from '../../exit/task-error.ts';
import { type OpenFolder, type Platform, openFolder, openStateDirectory } from '../../platform/index.ts';
import { namesIn, remove } from './safe-folder.ts';

/** Files of every state directory. */
const markers = ['run.lock', 'state.db'];

/**
 * Removes the directory if it exists.
 * @returns the removed path, if any
 * @throws TaskError `cannot-write` when it is not a state directory, or cannot be removed
 */
export function removeState(directory: string, platform: Platform): string[] {
  if (lstatSync(directory, { throwIfNoEntry: false }) === undefined) return [];
  const path = openStateDirectory(platform, directory);
  const parent = openFolder(dirname(path));
  try {
    requireState(path);
    remove(parent, basename(path));
    return [path];
  } finally {
    parent.close();
  }
}

function requireState(path: string): void {
  const folder = openFolder(path);
  try {
    const names = namesIn(folder);
    const other = names.find((name) => !isFile(folder, name));
    if (other === undefined && markers.some((name) => names.includes(name))) return;
    const reason = other === undefined ? `it has no ${markers.join(' or ')}` : `it contains ${other}`;
    throw new TaskError('cannot-write', `${path} is not removed, because no run made it: ${reason}`);
  } finally {
    folder.close();
  }
}

function isFile(folder: OpenFolder, name: string): boolean {
  return lstatSync(folder.pathOf(name)).isFile();
}
