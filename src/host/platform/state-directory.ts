/**
 * The folder for state: created for this user only, and refused if another user could change it. In a private folder, files can be
 * opened by their paths (SQLite has no other way): no other user can enter it or replace a folder above it.
 */
import { lstatSync, mkdirSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { TaskError, codeOf, systemReason } from '../exit/task-error.ts';
import { foreignOwner, modeForOthers } from './file-access.ts';
import { openFolder, withoutLinks } from './open-folder.ts';
import type { Platform } from './platform.ts';
import { RefusedDirectory } from './refused-directory.ts';
import { UntrustedPath, trustedPath } from './trusted-path.ts';

/** Files in it that are not checked when they are opened. SQLite follows links. */
const OPENED_BY_PATH = ['run.lock-journal', 'run.holder', 'state.db-wal', 'state.db-shm', 'state.db-journal'];

/** What the directory depends on. */
type Machine = Pick<Platform, 'elevated' | 'os' | 'path' | 'systemRoot'>;

/**
 * Creates the directory, and missing parents, for this user only. On Windows, a run as SYSTEM creates it for SYSTEM and
 * administrators only; a user's own directory inherits the access list of that user's profile.
 * @param signal aborted when the run must end
 * @returns its absolute path without links; use only this path from now on
 * @throws TaskError `cannot-write` when it cannot be created, belongs to another user or is accessible to others, when a link of
 *   another user leads to it, or when the run is privileged and other users can write to a folder on the path
 */
export async function openStateDirectory(
  machine: Machine,
  path: string,
  signal?: AbortSignal,
): Promise<string> {
  const { elevated, os } = machine;
  const resolved = () => (elevated ? trustedPath : withoutLinks)(resolve(path));
  try {
    const directory = resolved();
    makeFolders(directory);
    if (os === 'windows' && elevated) {
      const { makePrivateOnWindows } = await import('./windows-state.ts');
      await makePrivateOnWindows(machine, directory, signal);
    }
    // Another user may have created a missing folder.
    if (resolved() !== directory)
      throw new RefusedDirectory('was moved while it was being opened: try again');
    refuseOpenToOthers(directory);
    for (const name of OPENED_BY_PATH) refuseForeign(directory, name);
    return directory;
  } catch (cause) {
    const reason =
      cause instanceof RefusedDirectory
        ? cause.message
        : cause instanceof UntrustedPath
          ? `is not safe: ${cause.message}`
          : `cannot be made: ${systemReason(cause)}`;
    throw new TaskError(
      'cannot-write',
      `the state directory ${path} ${reason} (or choose another with --state-dir)`,
    );
  }
}

/**
 * Creates each folder inside the previous one, which is held open. Node's recursive `mkdir` never returns if the system denies the
 * existence of an existing folder (`/proc/x`).
 */
function makeFolders(path: string): void {
  const missing: string[] = [];
  let existing = path;
  while (lstatSync(existing, { throwIfNoEntry: false }) === undefined) {
    missing.unshift(basename(existing));
    existing = dirname(existing);
  }
  let folder = openFolder(existing);
  try {
    for (const name of missing) {
      makeFolder(folder.pathOf(name));
      const next = openFolder(join(folder.path, name));
      folder.close();
      folder = next;
    }
  } finally {
    folder.close();
  }
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  }
}

/** On Windows, neither owner nor mode is known here. */
function refuseOpenToOthers(path: string): void {
  const status = lstatSync(path);
  const owner = foreignOwner(status);
  if (owner !== undefined)
    throw new RefusedDirectory(`belongs to user ${owner}: make the current user its owner`);
  const mode = modeForOthers(status);
  if (mode !== undefined)
    throw new RefusedDirectory(`is accessible to other users (mode ${mode}): set mode 700`);
}

/** Another user may have placed such a file while the folder was accessible, to redirect SQLite. */
function refuseForeign(directory: string, name: string): void {
  const path = join(directory, name);
  const status = lstatSync(path, { throwIfNoEntry: false });
  if (status === undefined) return;
  const refuse = (problem: string) =>
    new RefusedDirectory(`cannot be used: ${name} in it ${problem}; remove that file`);
  if (!status.isFile()) throw refuse('is not a regular file');
  const owner = foreignOwner(status);
  if (owner !== undefined) throw refuse(`belongs to user ${owner}`);
  if (status.nlink > 1) throw refuse('has a second name (hard link)');
}
