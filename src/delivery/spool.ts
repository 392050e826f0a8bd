/**
 * Records in the store until they have arrived, so that neither a missing broker nor a kill loses one. What earlier runs
 * left comes first. A record that is written within a transaction of the task is there exactly if the task's own state is.
 */
import type { Store } from '../platform/index.ts';
import type { Outgoing, Queue } from './record-queue.ts';

/** Characters of payload that are kept. */
const MAX_CHARACTERS = 16 * 1024 * 1024;
/** Rows that are read at a time. */
const LOOKAHEAD = 64;

/** The spool's part of the store. */
export const spoolSchema: readonly string[] = [
  `CREATE TABLE spool (
     number INTEGER PRIMARY KEY AUTOINCREMENT,
     topic TEXT NOT NULL,
     payload TEXT NOT NULL,
     important INTEGER NOT NULL
   ) STRICT;
   CREATE INDEX spool_order ON spool (important, number);
   CREATE TABLE spool_losses (count INTEGER NOT NULL) STRICT;
   INSERT INTO spool_losses VALUES (0);`,
];

interface Row extends Outgoing {
  readonly number: number;
}

export class Spool implements Queue {
  dropped = 0;
  /** Why something that has arrived could not be removed. */
  failure: unknown;
  /** Arrived, and not removed yet. */
  #settled: number[] = [];
  readonly #store: Store;
  readonly #limit: number;
  readonly #statements;
  #characters: number;
  /** Rows up to here have been read. */
  #cursor = 0;
  #ahead: Row[] = [];
  /** What has a higher number was written by this run. */
  readonly #before: number;

  constructor(store: Store, limit = MAX_CHARACTERS) {
    this.#store = store;
    this.#limit = limit;
    this.#statements = {
      add: store.prepare('INSERT INTO spool (topic, payload, important) VALUES (?, ?, ?)'),
      next: store.prepare('SELECT * FROM spool WHERE number > ? ORDER BY number LIMIT ?'),
      remove: store.prepare('DELETE FROM spool WHERE number = ? RETURNING length(payload) AS length'),
      oldest: store.prepare('SELECT number FROM spool ORDER BY important, number LIMIT 1'),
      lose: store.prepare('UPDATE spool_losses SET count = count + 1'),
    };
    const { characters, last } = {
      ...this.#first('SELECT sum(length(payload)) AS characters, max(number) AS last FROM spool'),
    };
    this.#characters = Number(characters ?? 0);
    this.#before = Number(last ?? 0);
  }

  add({ topic, payload, isImportant }: Outgoing): void {
    this.#statements.add.run(topic, payload, isImportant ? 1 : 0);
    this.#characters += payload.length;
    while (this.#characters > this.#limit && this.#drop());
  }

  take(): Outgoing | undefined {
    if (this.#ahead.length === 0) {
      const rows = this.#statements.next.all(this.#cursor, LOOKAHEAD);
      this.#ahead = rows.map(rowOf);
      this.#cursor = this.#ahead.at(-1)?.number ?? this.#cursor;
    }
    return this.#ahead.shift();
  }

  /** A transaction is open: what is added now is there exactly if it is committed. */
  get isInTransaction(): boolean {
    return this.#store.isInTransaction;
  }

  /** Never throws. What cannot be removed now is tried again with the next one; at worst the next run sends it again. */
  settle(item: Outgoing): void {
    if ('number' in item && typeof item.number === 'number') this.#settled.push(item.number);
    try {
      const lengths = this.#store.transaction(() => this.#settled.map((number) => this.#delete(number)));
      for (const length of lengths) this.#characters -= length;
      this.#settled = [];
    } catch (error) {
      this.failure ??= error;
    }
  }

  /** How many were lost since the last call, over all runs. */
  takeLosses(): number {
    return this.#store.transaction(() => {
      const count = Number(this.#first('SELECT count FROM spool_losses')?.['count'] ?? 0);
      if (count > 0) this.#store.prepare('UPDATE spool_losses SET count = 0').run();
      return count;
    });
  }

  /** What is there: how many in all, and the first important ones that this run has written. */
  left(limit: number): { readonly count: number; readonly important: readonly Outgoing[] } {
    const settled = new Set(this.#settled);
    const important = this.#store
      .prepare('SELECT * FROM spool WHERE number > ? AND important = 1 ORDER BY number LIMIT ?')
      .all(this.#before, limit + settled.size);
    const rows = important.map(rowOf).filter(({ number }) => !settled.has(number));
    const count = Number(this.#first('SELECT count(*) AS count FROM spool')?.['count'] ?? 0);
    return { count: count - settled.size, important: rows.slice(0, limit) };
  }

  #first(sql: string) {
    return this.#store.prepare(sql).get();
  }

  #remove(number: number): void {
    this.#characters -= this.#delete(number);
  }

  /**
   * Only within a transaction: outside of one, `get` does not say that the row could not be removed.
   * @returns how many characters it had
   */
  #delete(number: number): number {
    return Number(this.#statements.remove.get(number)?.['length'] ?? 0);
  }

  /** @returns false when there is nothing to drop. */
  #drop(): boolean {
    return this.#store.transaction(() => {
      const oldest = this.#statements.oldest.get()?.['number'];
      if (oldest === undefined) return false;
      this.#remove(Number(oldest));
      this.#statements.lose.run();
      this.dropped += 1;
      return true;
    });
  }
}

function rowOf(row: Readonly<Record<string, unknown>>): Row {
  return {
    number: Number(row['number']),
    topic: String(row['topic']),
    payload: String(row['payload']),
    isImportant: row['important'] === 1,
  };
}
