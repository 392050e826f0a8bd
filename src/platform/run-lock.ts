/**
 * One run per state directory. The lock is an exclusive transaction on an empty SQLite file: the operating system holds
 * it for the process and lets it go at the process's death, so there is no stale lock to recognise, whatever became of
 * the process id since.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import type { Platform } from './platform.ts';
import { TaskError, describeError } from '../errors.ts';
import { sqliteCodeOf } from './store.ts';

export interface RunLock {
  release(): void;
}

/**
 * Takes the lock of a state directory that exists.
 * @throws TaskError `busy` when another run holds it (the message says since when), `cannot-write` otherwise.
 */
export async function takeRunLock(platform: Platform, directory: string): Promise<RunLock> {
  const { DatabaseSync } = await import('node:sqlite');
  const file = platform.path.join(directory, 'run.lock');
  const holder = platform.path.join(directory, 'run.holder');
  let database;
  try {
    database = new DatabaseSync(file, { timeout: 0 });
    database.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    database?.close();
    throw isBusy(cause)
      ? new TaskError('busy', `another run is in progress: ${readHolder(holder)}`)
      : new TaskError('cannot-write', `the lock ${file} cannot be taken`, { cause });
  }
  const held = database;
  const since = new Date(platform.clock.now()).toISOString();
  try {
    writeFileSync(holder, `process ${platform.pid} since ${since}\n`, { mode: 0o600 });
  } catch (cause) {
    held.close();
    throw new TaskError('cannot-write', `${holder} cannot be written`, { cause });
  }
  return { release: () => held.close() };
}

/** SQLITE_BUSY or SQLITE_LOCKED. */
function isBusy(error: unknown): boolean {
  return sqliteCodeOf(error) === 5 || sqliteCodeOf(error) === 6;
}

function readHolder(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    return `its holder is not known (${describeError(error)})`;
  }
}
