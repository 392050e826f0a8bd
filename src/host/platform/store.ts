/**
 * The store: one SQLite file in the state directory for everything that must outlive a run. Opened safely: no link, no
 * other user's file; checked for damage; brought to the schema of this version. One that cannot be used is set aside and
 * a new one made, so that no state can keep a run from its work.
 *
 * A commit outlives the process at once, and a loss of power from the next `sync` on.
 */
import { closeSync, constants, fstatSync, lstatSync, openSync, renameSync, rmSync } from 'node:fs';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { codeOf, describeError } from '../exit/task-error.ts';
import { foreignOwner, makePrivate } from './file-access.ts';
import { O_NOFOLLOW } from './open-flags.ts';
import type { Platform } from './platform.ts';
import { sqliteCodeOf } from './sqlite-error.ts';
import { cannotWrite } from './write-failure.ts';

/** By the name of who owns the tables: SQL that makes them, step by step. A step that was released never changes. */
export type Schemas = Readonly<Record<string, readonly string[]>>;

export interface OpenedStore {
  readonly store: Store;
  /** Why an earlier store was not used, and where it is now. */
  readonly setAside: { readonly path: string; readonly reason: string } | undefined;
}

/**
 * SQLite's primary result codes that say that the file is no good: SQLITE_CORRUPT and SQLITE_NOTADB, and SQLITE_ERROR for a format
 * or tables that this version does not know.
 */
const damage = new Set([1, 11, 26]);

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
    throw cannotWrite('the store', path, cause);
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

/** SQLite has rolled back by itself, as it may when the disk is full, and the error was caught before it came here. */
class UndoneTransaction extends Error {
  override readonly name = 'UndoneTransaction';
  /** As of any failure of the disk. */
  readonly code = 'EIO';

  constructor() {
    super('the store could not be written');
  }
}

/** Milliseconds to wait for another program that has the file locked; the thread is blocked for that time. */
const BUSY_TIMEOUT_MS = 1000;

export class Store {
  /** Of its file. */
  readonly path: string;
  readonly #database: DatabaseSync;
  #inTransaction = false;
  readonly #listeners: (() => void)[] = [];

  private constructor(database: DatabaseSync, path: string) {
    this.#database = database;
    this.path = path;
  }

  static open(Database: typeof DatabaseSync, path: string, schemas: Schemas): Store {
    makeFile(path);
    const database = new Database(path, { timeout: BUSY_TIMEOUT_MS, allowExtension: false });
    try {
      database.exec(`
        PRAGMA trusted_schema = OFF;
        -- Nothing goes to a folder for temporary files, which an environment variable could choose.
        PRAGMA temp_store = MEMORY;
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = NORMAL;
        PRAGMA journal_size_limit = 1048576;
        CREATE TABLE IF NOT EXISTS parts (name TEXT PRIMARY KEY, version INTEGER NOT NULL) STRICT;
      `);
      const checked = database.prepare('PRAGMA quick_check(1)').get()?.['quick_check'];
      if (checked !== 'ok') throw new Unusable(`its check said: ${String(checked)}`);
      const store = new Store(database, path);
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

  /** True within a transaction: what is written now is undone if it fails. */
  get isInTransaction(): boolean {
    return this.#inTransaction;
  }

  /** Calls the listener after each transaction that failed: counts that it changed must be taken again. */
  onRollback(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** Runs the action, which must be synchronous; what it writes is there whole or not at all. May be nested. */
  transaction<Result>(action: () => Result): Result {
    if (this.#inTransaction) return action();
    // Only after a rollback that failed.
    this.#rollBack();
    this.#database.exec('BEGIN IMMEDIATE');
    this.#inTransaction = true;
    try {
      const result = action();
      if (!this.#database.isTransaction) throw new UndoneTransaction();
      this.#database.exec('COMMIT');
      return result;
    } catch (error) {
      this.#rollBack();
      this.#inTransaction = false;
      this.#tellListeners();
      throw error;
    } finally {
      this.#inTransaction = false;
    }
  }

  /** SQLite has rolled back by itself after some errors; if it cannot now, nothing is committed either. */
  #rollBack(): void {
    try {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
    } catch {
      // The error that led here says more.
    }
  }

  #tellListeners(): void {
    try {
      for (const listener of this.#listeners) listener();
    } catch {
      // The error that led here says more.
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
function makeFile(path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false })?.isFile() === false) {
    throw new Unusable('it is not a regular file');
  }
  const descriptor = openSync(path, constants.O_RDWR | constants.O_CREAT | O_NOFOLLOW, 0o600);
  try {
    const status = fstatSync(descriptor);
    const owner = foreignOwner(status);
    if (owner !== undefined) throw new Unusable(`it belongs to user ${owner}`);
    if (status.nlink > 1) throw new Unusable('it has a second name (hard link)');
    makePrivate(path, status);
  } finally {
    closeSync(descriptor);
  }
}
