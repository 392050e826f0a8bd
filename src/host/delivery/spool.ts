/**
 * Keeps records in the store until they have arrived, so that none is lost without a broker or after a kill. Records of earlier runs
 * come first. A record that is written within a transaction of the task is stored if and only if the task's own state is. An
 * announcement is accepted only if there is room for it and is never dropped; ordinary records are dropped to make room.
 */
import type { Store } from '../platform/index.ts';
import type { Announcement, Outgoing, Queue } from './record-queue.ts';
import { Room, type RoomLimits } from './spool-room.ts';

/** Characters of payload that are kept. */
const MAX_ORDINARY = 4 * 1024 * 1024;
const MAX_ANNOUNCEMENTS = 12 * 1024 * 1024;
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
  // Announcements have an owner. Those of earlier versions were not marked.
  `ALTER TABLE spool ADD COLUMN owner TEXT;
   UPDATE spool SET owner = '' WHERE important = 1;
   DROP INDEX spool_order;
   CREATE INDEX spool_ordinary ON spool (important, number) WHERE owner IS NULL;`,
];

interface Removed {
  readonly owner: string | undefined;
  readonly length: number;
}

interface Row extends Outgoing {
  readonly number: number;
}

export class Spool implements Queue {
  dropped = 0;
  /** Why a delivered record could not be removed. */
  failure: unknown;
  /** Delivered, and not removed yet. */
  #settled: number[] = [];
  readonly #store: Store;
  readonly #limits: RoomLimits;
  #room: Room;
  readonly #statements;
  /** Rows up to here have been read. */
  #cursor = 0;
  #ahead: Row[] = [];
  /** Rows with a higher number were written by this run. */
  readonly #before: number;

  /** Waiting records. */
  size = 0;

  constructor(store: Store, ordinary = MAX_ORDINARY, announcements = MAX_ANNOUNCEMENTS) {
    this.#store = store;
    this.#limits = { ordinary, announcements };
    this.#room = new Room(this.#limits);
    this.#statements = {
      add: store.prepare('INSERT INTO spool (topic, payload, important, owner) VALUES (?, ?, ?, ?)'),
      next: store.prepare('SELECT * FROM spool WHERE number > ? ORDER BY number LIMIT ?'),
      remove: store.prepare('DELETE FROM spool WHERE number = ? RETURNING length(payload) AS length, owner'),
      oldest: store.prepare(
        'SELECT number FROM spool WHERE owner IS NULL ORDER BY important, number LIMIT 1',
      ),
      lose: store.prepare('UPDATE spool_losses SET count = count + 1'),
    };
    this.#before = Number(this.#first('SELECT max(number) AS last FROM spool')?.['last'] ?? 0);
    this.#recount();
    store.onRollback(() => this.#recount());
  }

  add(item: Outgoing): void {
    this.#insert({ ...item, owner: undefined });
    while (this.#room.isOverfull && this.#drop());
  }

  offer(item: Announcement): boolean {
    if (!this.#room.accepts(item.owner, item.payload.length)) return false;
    this.#insert(item);
    return true;
  }

  take(): Outgoing | undefined {
    if (this.#ahead.length === 0) {
      const rows = this.#statements.next.all(this.#cursor, LOOKAHEAD);
      this.#ahead = rows.map(rowOf);
      this.#cursor = this.#ahead.at(-1)?.number ?? this.#cursor;
    }
    return this.#ahead.shift();
  }

  /** True while a transaction is open: added records are kept only if it is committed. */
  get isInTransaction(): boolean {
    return this.#store.isInTransaction;
  }

  /** Never throws. A record that cannot be removed now is removed with the next one; at worst, the next run sends it again. */
  settle(item: Outgoing): void {
    if ('number' in item && typeof item.number === 'number') this.#settled.push(item.number);
    try {
      const removed = this.#store.transaction(() => this.#settled.map((number) => this.#delete(number)));
      for (const row of removed) if (row !== undefined) this.#forget(row);
      this.#settled = [];
    } catch (error) {
      this.failure ??= error;
    }
  }

  /** The number of records lost since the last call, over all runs. */
  takeLosses(): number {
    return this.#store.transaction(() => {
      const count = Number(this.#first('SELECT count FROM spool_losses')?.['count'] ?? 0);
      if (count > 0) this.#store.prepare('UPDATE spool_losses SET count = 0').run();
      return count;
    });
  }

  /** The number of stored records, and the first important ones that this run has written. */
  left(limit: number): { readonly count: number; readonly important: readonly Outgoing[] } {
    const settled = new Set(this.#settled);
    const important = this.#store
      .prepare('SELECT * FROM spool WHERE number > ? AND important = 1 ORDER BY number LIMIT ?')
      .all(this.#before, limit + settled.size);
    const rows = important.map(rowOf).filter(({ number }) => !settled.has(number));
    const count = Number(this.#first('SELECT count(*) AS count FROM spool')?.['count'] ?? 0);
    return { count: count - settled.size, important: rows.slice(0, limit) };
  }

  #recount(): void {
    const waiting = this.#store.prepare(
      'SELECT owner, count(*) AS count, sum(length(payload)) AS length FROM spool GROUP BY owner',
    );
    const room = new Room(this.#limits);
    let size = 0;
    for (const { owner, count, length } of waiting.all()) {
      room.add(ownerOf(owner), Number(length));
      size += Number(count);
    }
    this.#room = room;
    this.size = size;
  }

  #first(sql: string) {
    return this.#store.prepare(sql).get();
  }

  #insert({ topic, payload, isImportant, owner }: Outgoing): void {
    this.#statements.add.run(topic, payload, isImportant ? 1 : 0, owner ?? null);
    this.#room.add(owner, payload.length);
    this.size += 1;
  }

  #remove(number: number): void {
    const removed = this.#delete(number);
    if (removed !== undefined) this.#forget(removed);
  }

  /** Only within a transaction: outside of one, `get` does not report that the row could not be removed. */
  #delete(number: number): Removed | undefined {
    const removed = this.#statements.remove.get(number);
    return removed && { owner: ownerOf(removed['owner']), length: Number(removed['length']) };
  }

  #forget({ owner, length }: Removed): void {
    this.#room.add(owner, -length);
    this.size -= 1;
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
    owner: ownerOf(row['owner']),
  };
}

function ownerOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
