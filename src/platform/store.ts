/**
 * The store: one SQLite file in the state directory for everything that must outlive a run. Opened safely: no link, no
 * other user's file; checked for damage; brought to the schema of this version. One that cannot be used is set aside and
 * a new one made, so that no state can keep a run from its work.
 *
 * A commit outlives the process at once, and a loss of power from the next `sync` on.
 */
import { chmodSync, closeSync, constants, fstatSync, lstatSync, openSync, renameSync, rmSync } from 'node:fs';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { TaskError, codeOf, describeError } from '../errors.ts';
import type { Platform } from './platform.ts';

/** By the name of who owns the tables: SQL that makes them, step by step. A step that was released never changes. */
export type Schemas = Readonly<Record<string, readonly string[]>>;

export interface OpenedStore {
  readonly store: Store;
  /** Why an earlier store was not used, and where it is now. */
  readonly setAside: { readonly path: string; readonly reason: string } | undefined;
}

// Windows has no such flag (undefined there, whatever the types say).
const { O_NOFOLLOW } = constants as Record<string, number | undefined>;

/** SQLite's primary result codes, of those that say that the file is no good: SQLITE_CORRUPT and SQLITE_NOTADB. */
const damage = new Set([11, 26]);

/** The file cannot be used, and another one can be made in its place. */
class Unusable extends Error {
  override readonly name = 'Unusable';
}

/**
 * Opens the store of a state directory, or makes it. The run must hold the directory's lock.
 * @throws TaskError `cannot-write` when it can be neither opened nor made.
 */
export async function openStore(
  platform: Platform,
  directory: string,
  schemas: Schemas,
): Promise<OpenedStore> {
  const sqlite = await import('node:sqlite');
  const path = platform.path.join(directory, 'state.db');
  const open = () => Store.open(sqlite.DatabaseSync, path, schemas);
  try {
    try {
      return { store: open(), setAside: undefined };
    } catch (error) {
      if (!(error instanceof Unusable) && !damage.has(sqliteCodeOf(error))) throw error;
      const aside = `${path}.unusable`;
      setAside(path, aside);
      return { store: open(), setAside: { path: aside, reason: describeError(error) } };
    }
  } catch (cause) {
    throw new TaskError(
      'cannot-write',
      `the store ${path} cannot be used; remove it to have a new one made`,
      {
        cause,
      },
    );
  }
}

/** The latest one that was set aside is kept, for whoever wants to know. */
function setAside(path: string, aside: string): void {
  for (const suffix of ['', '-wal', '-shm']) {
    rmSync(aside + suffix, { force: true });
    try {
      renameSync(path + suffix, aside + suffix);
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw error;
    }
  }
}

export class Store {
  readonly #database: DatabaseSync;
  #inTransaction = false;

  private constructor(database: DatabaseSync) {
    this.#database = database;
  }

  static open(Database: typeof DatabaseSync, path: string, schemas: Schemas): Store {
    makePrivate(path);
    const database = new Database(path, { timeout: 5000, allowExtension: false });
    try {
      database.exec(`
        PRAGMA trusted_schema = OFF;
        -- No part of it goes to a folder for temporary files, which a variable would name.
        PRAGMA temp_store = MEMORY;
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = NORMAL;
        PRAGMA journal_size_limit = 1048576;
        CREATE TABLE IF NOT EXISTS parts (name TEXT PRIMARY KEY, version INTEGER NOT NULL) STRICT;
      `);
      const checked = database.prepare('PRAGMA quick_check(1)').get()?.['quick_check'];
      if (checked !== 'ok') throw new Unusable(`its check said: ${String(checked)}`);
      const store = new Store(database);
      for (const [name, steps] of Object.entries(schemas)) store.#migrate(name, steps);
      return store;
    } catch (error) {
      database.close();
      throw error;
    }
  }

  prepare(sql: string): StatementSync {
    return this.#database.prepare(sql);
  }

  /** Runs the action, which must be synchronous; what it writes is there whole or not at all. May be nested. */
  transaction<Result>(action: () => Result): Result {
    if (this.#inTransaction) return action();
    this.#database.exec('BEGIN IMMEDIATE');
    this.#inTransaction = true;
    try {
      const result = action();
      this.#database.exec('COMMIT');
      return result;
    } catch (error) {
      // SQLite has rolled back by itself after some errors.
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw error;
    } finally {
      this.#inTransaction = false;
    }
  }

  /** What is committed outlives a loss of power from here on. */
  sync(): void {
    this.#database.exec('PRAGMA wal_checkpoint(PASSIVE)');
  }

  close(): void {
    this.#database.close();
  }

  #migrate(name: string, steps: readonly string[]): void {
    this.transaction(() => {
      const known = this.prepare('SELECT version FROM parts WHERE name = ?').get(name)?.['version'];
      const version = Number(known ?? 0);
      if (version > steps.length) throw new Unusable('it is of a newer version of this program');
      if (version === steps.length) return;
      for (const step of steps.slice(version)) this.#database.exec(step);
      this.prepare('INSERT OR REPLACE INTO parts VALUES (?, ?)').run(name, steps.length);
    });
  }
}

/** Makes the file if it is missing. SQLite gives the files that stand beside it the same mode. */
function makePrivate(path: string): void {
  try {
    if (!lstatSync(path).isFile()) throw new Unusable('it is no file of its own');
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
  const descriptor = openSync(path, constants.O_RDWR | constants.O_CREAT | (O_NOFOLLOW ?? 0), 0o600);
  try {
    const { uid, mode, nlink } = fstatSync(descriptor);
    if (process.getuid !== undefined && uid !== process.getuid()) {
      throw new Unusable(`it belongs to user ${uid}`);
    }
    if (nlink > 1) throw new Unusable('it has another name somewhere');
    if (process.getuid !== undefined && (mode & 0o077) !== 0) chmodSync(path, 0o600);
  } finally {
    closeSync(descriptor);
  }
}

/** The primary result code of an error of node:sqlite; 0 for other errors. */
export function sqliteCodeOf(error: unknown): number {
  const isSqlite = codeOf(error) === 'ERR_SQLITE_ERROR' && Error.isError(error) && 'errcode' in error;
  return isSqlite && typeof error.errcode === 'number' ? error.errcode & 0xff : 0;
}
