/**
 * Keeps records in the store until they have arrived, so that none is lost without a broker or after a kill. Records of earlier runs
 * come first. A record that is written within a transaction of the task is stored if and only if the task's own state is. An
 * announcement is accepted only if there is room for it and is never dropped before it was published; ordinary records are dropped to
 * make room.
 *
 * A record is waiting, then published, and is removed once it is confirmed. What becomes of published ones is decided by
 * `PublishedRecords`.
 */
import type { Store } from '../platform/index.ts';
import { PublishedRecords } from './published-records.ts';
import type { Announcement, Outgoing, Queue } from './record-queue.ts';
import { Room, type RoomLimits } from './spool-room.ts';
import { type Removed, type Row, ownerOf, rowOf } from './spool-rows.ts';

/** Characters of payload that are kept. */
const ROOM: RoomLimits = { ordinary: 4 * 1024 * 1024, announcements: 12 * 1024 * 1024 };
/** Rows that are read at a time. */
const LOOKAHEAD = 64;
/** Acknowledged records that are marked at a time. */
const MAX_UNMARKED = 32;

export interface SpoolOptions {
  /** Identifies the configuration that records are published with. */
  readonly link?: string;
  readonly now?: () => number;
  readonly limits?: RoomLimits;
}

export class Spool implements Queue {
  dropped = 0;
  /** Why a record could not be marked or removed. */
  failure: unknown;
  /** Records that are published, and not confirmed. */
  readonly published: PublishedRecords;
  /** Acknowledged, and not marked or removed yet. */
  #unmarked: { readonly number: number; readonly hasArrived: boolean }[] = [];
  readonly #store: Store;
  readonly #limits: RoomLimits;
  #room: Room;
  readonly #statements;
  /** Rows up to here have been read. */
  #cursor = 0;
  #ahead: Row[] = [];
  /** Rows with a higher number were written by this run. */
  readonly #before: number;

  /** Records in the store. */
  size = 0;

  constructor(store: Store, { link = '', now = Date.now, limits = ROOM }: SpoolOptions = {}) {
    this.#store = store;
    this.#limits = limits;
    this.#room = new Room(limits);
    this.published = new PublishedRecords({ store, link, now, writeMarks: () => this.#writeMarks() });
    this.#statements = {
      add: store.prepare(
        'INSERT INTO spool (topic, payload, is_record, important, owner) VALUES (?, ?, ?, ?, ?)',
      ),
      next: store.prepare(
        'SELECT * FROM spool WHERE number > ? AND published_in IS NULL ORDER BY number LIMIT ?',
      ),
      one: store.prepare('SELECT * FROM spool WHERE number = ?'),
      remove: store.prepare('DELETE FROM spool WHERE number = ? RETURNING length(payload) AS length, owner'),
      // What matters least first, then what was published, then the oldest.
      leastOrdinary: store.prepare(
        `SELECT number, important = 0 AND published_in IS NOT NULL AS is_harmless FROM spool
         WHERE owner IS NULL ORDER BY important, published_in IS NULL, number LIMIT 1`,
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

  /** Announcements that earlier runs have published make room. */
  offer(item: Announcement): boolean {
    while (!this.#room.accepts(item.owner, item.payload.length)) {
      const oldest = this.published.oldestOf(item.owner);
      if (oldest === undefined) return false;
      this.#store.transaction(() => this.#lose(oldest));
    }
    this.#insert(item);
    return true;
  }

  take(): Outgoing | undefined {
    if (this.#ahead.length === 0) {
      const rows = this.#statements.next.all(this.#cursor, LOOKAHEAD);
      this.#ahead = rows.map(rowOf);
      this.#cursor = this.#ahead.at(-1)?.number ?? this.#cursor;
    }
    return this.#ahead.shift() ?? this.#takeAgain();
  }

  /** The next published record that is to be sent again. */
  #takeAgain(): Row | undefined {
    for (let number = this.published.takeAgain(); number !== undefined; number = this.published.takeAgain()) {
      const row = this.#statements.one.get(number);
      if (row !== undefined) return rowOf(row);
    }
    return undefined;
  }

  /** True while a transaction is open: added records are kept only if it is committed. */
  get isInTransaction(): boolean {
    return this.#store.isInTransaction;
  }

  /** Never throws. A record that cannot be marked is marked with the next ones; at worst, the next run sends it again. */
  markPublished(item: Outgoing): void {
    this.#mark(item, false);
  }

  /** Never throws, like `markPublished`. */
  settle(item: Outgoing): void {
    this.#mark(item, true);
  }

  /** What this run has published has arrived, and need not be kept. */
  confirm(): void {
    this.#removeAll(this.published.ofThisRun());
  }

  /** Whether it has arrived cannot be known: only what is important is kept. */
  removeUnimportant(): void {
    this.#removeAll(this.published.unimportantOfThisRun());
  }

  /** The number of records lost since the last call, over all runs. */
  takeLosses(): number {
    return this.#store.transaction(() => {
      const count = Number(this.#first('SELECT count FROM spool_losses')?.['count'] ?? 0);
      if (count > 0) this.#store.prepare('UPDATE spool_losses SET count = 0').run();
      return count;
    });
  }

  /** The number of waiting records, and the first important ones among all that this run has written. */
  left(limit: number): { readonly count: number; readonly important: readonly Outgoing[] } {
    this.#writeMarks();
    const settled = new Set(this.#unmarked.map(({ number }) => number));
    const important = this.#store
      .prepare('SELECT * FROM spool WHERE number > ? AND important = 1 ORDER BY number LIMIT ?')
      .all(this.#before, limit + settled.size);
    const rows = important.map(rowOf).filter(({ number }) => !settled.has(number));
    const waiting = this.#first('SELECT count(*) AS count FROM spool WHERE published_in IS NULL');
    return { count: Number(waiting?.['count'] ?? 0) - settled.size, important: rows.slice(0, limit) };
  }

  #mark(item: Outgoing, hasArrived: boolean): void {
    if ('number' in item && typeof item.number === 'number') {
      this.#unmarked.push({ number: item.number, hasArrived });
    }
    // Acknowledgements arrive in groups: one transaction for all of them.
    if (this.#unmarked.length === 1) setImmediate(() => this.#writeMarks());
    else if (this.#unmarked.length >= MAX_UNMARKED) this.#writeMarks();
  }

  #writeMarks(): void {
    if (this.#unmarked.length === 0) return;
    try {
      const removed = this.#store.transaction(() =>
        this.#unmarked.map((mark) => {
          if (mark.hasArrived) return this.#delete(mark.number);
          this.published.mark(mark.number);
          return undefined;
        }),
      );
      for (const row of removed) if (row !== undefined) this.#forget(row);
      this.#unmarked = [];
    } catch (error) {
      this.failure ??= error;
    }
  }

  #removeAll(numbers: readonly number[]): void {
    const removed = this.#store.transaction(() => numbers.map((number) => this.#delete(number)));
    for (const row of removed) if (row !== undefined) this.#forget(row);
  }

  #recount(): void {
    const stored = this.#store.prepare(
      'SELECT owner, count(*) AS count, sum(length(payload)) AS length FROM spool GROUP BY owner',
    );
    const room = new Room(this.#limits);
    let size = 0;
    for (const { owner, count, length } of stored.all()) {
      room.add(ownerOf(owner), Number(length));
      size += Number(count);
    }
    this.#room = room;
    this.size = size;
  }

  #first(sql: string) {
    return this.#store.prepare(sql).get();
  }

  #insert({ topic, payload, isRecord, isImportant, owner }: Outgoing): void {
    this.#statements.add.run(topic, payload, isRecord ? 1 : 0, isImportant ? 1 : 0, owner ?? null);
    this.#room.add(owner, payload.length);
    this.size += 1;
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
      const least = this.#statements.leastOrdinary.get();
      if (least === undefined) return false;
      this.#lose(Number(least['number']), least['is_harmless'] === 0);
      return true;
    });
  }

  /** Removes a record that did not arrive, as far as is known. */
  #lose(number: number, isCounted = true): void {
    const removed = this.#delete(number);
    if (removed !== undefined) this.#forget(removed);
    if (!isCounted) return;
    this.#statements.lose.run();
    this.dropped += 1;
  }
}
