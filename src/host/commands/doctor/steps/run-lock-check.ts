/** Whether a run holds the lock of a state directory, without taking it. */
import { lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sqliteCodeOf } from '../../../platform/sqlite-error.ts';

/** SQLITE_BUSY and SQLITE_LOCKED. */
const BUSY = new Set([5, 6]);
const MAX_NOTE = 200;

/**
 * The note of the run that holds the lock (`process 12 since ...`); undefined if no run does.
 * @param directory a state directory that is private to this user
 * @throws the error of SQLite when the lock cannot be read
 */
export async function lockHolder(directory: string): Promise<string | undefined> {
  const file = join(directory, 'run.lock');
  // An empty file that no run has used yet cannot be locked.
  if (lstatSync(file, { throwIfNoEntry: false })?.isFile() !== true) return undefined;
  const { DatabaseSync } = await import('node:sqlite');
  const database = new DatabaseSync(file, { readOnly: true, timeout: 0 });
  try {
    // Reads fail while a run holds its exclusive transaction.
    database.prepare('SELECT count(*) FROM sqlite_master').get();
    return undefined;
  } catch (error) {
    if (!BUSY.has(sqliteCodeOf(error))) throw error;
    return noteIn(join(directory, 'run.holder'));
  } finally {
    database.close();
  }
}

function noteIn(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim().slice(0, MAX_NOTE);
  } catch {
    return 'its holder is unknown';
  }
}
