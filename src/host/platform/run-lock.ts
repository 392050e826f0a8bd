/**
 * One run per state directory. The lock is an exclusive transaction on an empty SQLite file: the operating system releases it when the
 * process ends, so there are no stale locks.
 */
import { lstatSync, readFileSync, rmdirSync, truncateSync, writeFileSync } from 'node:fs';
import { TaskError, codeOf, describeError } from '../exit/task-error.ts';
import { foreignOwner, makePrivate } from './file-access.ts';
import type { Platform } from './platform.ts';
import { sqliteCodeOf } from './sqlite-error.ts';
import { cannotWrite } from './write-failure.ts';

export interface RunLock {
  /** Set if the note about the holder of the lock could not be written; the lock is held nevertheless. */
  readonly problem: TaskError | undefined;
  release(): void;
}

/** SQLITE_CORRUPT and SQLITE_NOTADB. */
const damage = new Set([11, 26]);

/**
 * Takes the lock of a state directory that exists.
 * @throws TaskError `busy` when another run holds it (the message contains its start time), `cannot-write` otherwise
 */
export async function takeRunLock(platform: Platform, directory: string): Promise<RunLock> {
  const { DatabaseSync } = await import('node:sqlite');
  const file = platform.path.join(directory, 'run.lock');
  const holder = platform.path.join(directory, 'run.holder');
  const take = () => {
    const database = new DatabaseSync(file, { timeout: 0 });
    try {
      database.exec('BEGIN EXCLUSIVE');
      return database;
    } catch (error) {
      database.close();
      throw error;
    }
  };
  let held;
  try {
    makeUsable(file);
    try {
      held = take();
    } catch (error) {
      if (!damage.has(sqliteCodeOf(error))) throw error;
      // If another run held the lock, the error would have been `busy`. Truncating the file is safe even if another run does the
      // same or has taken the lock since: unlike a replacement, it stays the same file.
      truncateSync(file);
      held = take();
    }
  } catch (cause) {
    if (isBusy(cause)) throw new TaskError('busy', `another run is in progress: ${readHolder(holder)}`);
    throw cause instanceof TaskError ? cause : cannotWrite('the lock file', file, cause);
  }
  const database = held;
  return { problem: writeHolder(platform, holder), release: () => database.close() };
}

/**
 * Repairs what can be repaired without the risk of two runs with the lock: the mode, and an empty folder in place of the file.
 * @throws TaskError `cannot-write` for anything else that is not a file of this user
 */
function makeUsable(file: string): void {
  const status = lstatSync(file, { throwIfNoEntry: false });
  if (status === undefined) return;
  const refuse = (why: string) =>
    new TaskError('cannot-write', `the lock file ${file} ${why}; remove it while no run is in progress`);
  if (status.isDirectory()) {
    try {
      // Fails for anything but an empty folder, such as a lock that another run has just created.
      rmdirSync(file);
    } catch (error) {
      if (codeOf(error) !== 'ENOTDIR' && codeOf(error) !== 'ENOENT') throw refuse('is a folder');
    }
    return;
  }
  if (!status.isFile()) throw refuse(status.isSymbolicLink() ? 'is a link' : 'is not a regular file');
  if (status.nlink > 1) throw refuse('has a second name (hard link)');
  const owner = foreignOwner(status);
  if (owner !== undefined) throw refuse(`belongs to user ${owner}`);
  makePrivate(file, status);
}

/** Writes the note about the holder of the lock. @returns the failure, if any */
function writeHolder(platform: Platform, holder: string): TaskError | undefined {
  const since = new Date(platform.clock.now()).toISOString();
  try {
    writeFileSync(holder, `process ${platform.pid} since ${since}\n`, { mode: 0o600 });
    return undefined;
  } catch (cause) {
    return cannotWrite('the lock note', holder, cause);
  }
}

/** SQLITE_BUSY or SQLITE_LOCKED. */
function isBusy(error: unknown): boolean {
  return sqliteCodeOf(error) === 5 || sqliteCodeOf(error) === 6;
}

function readHolder(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    return `its holder is unknown (${describeError(error)})`;
  }
}
