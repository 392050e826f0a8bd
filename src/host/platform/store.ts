/**
 * The store: one SQLite file in the state directory for everything that must survive a run. It is opened safely (no link, no other
 * user's file), checked for damage, and migrated to the schema of this version. An unusable store is renamed and a new one created, so
 * that damaged state never prevents a run.
 *
 * Committed data survives the end of the process at once, and a loss of power after the next `sync`.
 */
import { closeSync, constants, fstatSync, lstatSync, openSync, renameSync, rmSync } from 'node:fs';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { codeOf, describeError } from '../exit/task-error.ts';
import { foreignOwner, makePrivate } from './file-access.ts';
import { O_NOFOLLOW } from './open-flags.ts';
import type { Platform } from './platform.ts';
import { sqliteCodeOf } from './sqlite-error.ts';
import { cannotWrite } from './write-failure.ts';

/** By owner of the tables: SQL steps that create and migrate them. Released steps never change. */
export type Schemas = Readonly<Record<string, readonly string[]>>;

export interface OpenedStore {
  readonly store: Store;
  /** Set if an earlier store was unusable: the reason, and its new path. */
  readonly setAside: { readonly path: string; readonly reason: string } | undefined;
}

/**
 * SQLite's primary result codes for an unusable file: SQLITE_CORRUPT and SQLITE_NOTADB, and SQLITE_ERROR for an unknown format or
 * unknown tables.
 */
const damage = new Set([1, 11, 26]);

/** The file is unusable and can be replaced. */
class Unusable extends Error {
  override readonly name = 'Unusable';
}

/**
 * Opens the store of a state directory, or creates it. The run must hold the directory's lock.
 * @throws TaskError `cannot-write` when it can be neither opened nor created
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
    throw cannotWrite('the state database', path, cause);
  }
}

/** Renames an unusable store. The most recent one is kept for analysis. */
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

/** SQLite has rolled back by itself, for example on a full disk, and the error was caught before it got here. */
class UndoneTransaction extends Error {
  override readonly name = 'UndoneTransaction';
  /** The code of a disk failure. */
  readonly code = 'EIO';

  constructor() {
    super('the store could not be written');
  }
}

/** Milliseconds to wait for another program that has locked the file; the thread is blocked meanwhile. */
const BUSY_TIMEOUT_MS = 1000;

export class Store {
  /** Path of its file. */
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
      if (checked !== 'ok') throw new Unusable(`its integrity check failed: ${String(checked)}`);
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

  /** True within a transaction: writes are undone if it fails. */
  get isInTransaction(): boolean {
    return this.#inTransaction;
  }

  /** Calls the listener after each failed transaction: counts that it changed must be recomputed. */
  onRollback(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** Runs the action, which must be synchronous, atomically. Transactions may be nested. */
  transaction<Result>(action: () => Result): Result {
    if (this.#inTransaction) return action();
    // Has an effect only if an earlier rollback failed.
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

  /** SQLite rolls back by itself after some errors; if the rollback fails, nothing is committed either. */
  #rollBack(): void {
    try {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
    } catch {
      // The original error is more useful.
    }
  }

  #tellListeners(): void {
    try {
      for (const listener of this.#listeners) listener();
    } catch {
      // The original error is more useful.
    }
  }

  /** After this, committed data survives a loss of power. */
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
      if (version > steps.length) throw new Unusable('it was written by a newer version of this program');
      if (version === steps.length) return;
      for (const step of steps.slice(version)) this.#database.exec(step);
      this.prepare('INSERT OR REPLACE INTO parts VALUES (?, ?)').run(name, steps.length);
    });
  }
}

/** Creates the file if it is missing. SQLite gives its auxiliary files the same mode. */
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
