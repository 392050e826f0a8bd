/**
 * Where records are until they have arrived: in memory first, then in the spool. A failing store is remembered, and records stay in
 * memory instead.
 */
import { type Outgoing, type Queue, RecordQueue } from './record-queue.ts';
import type { Spool } from './spool.ts';

/** A publication that was taken, and where it came from. */
export interface Taken {
  readonly item: Outgoing;
  readonly queue: Queue;
}

/** What an outbox still holds. */
export interface Remainder {
  /** Waiting in the store: the next run will send them. */
  readonly kept: number;
  /** Important records in the store that are published, in this run or before, and not confirmed. */
  readonly unconfirmed: number;
  /** Dropped from a full queue, or not stored. */
  readonly lost: number;
  /** The first ones of level `Warning` or above that this run has written. */
  readonly important: readonly Outgoing[];
  /** The store's first error; undefined when there was none. */
  readonly storeFailure: unknown;
}

export class Outbox {
  readonly #maxListed: number;
  #memory = new RecordQueue();
  #spool: Spool | undefined;
  /** Published and not in the store: how many, and the first important ones. */
  #unstored = 0;
  readonly #unstoredImportant: Outgoing[] = [];
  #storeFailure: unknown;

  /** @param maxListed important records that `remainder` lists, at most */
  constructor(maxListed: number) {
    this.#maxListed = maxListed;
  }

  /** From here on, records survive the process. Those of earlier runs come first. */
  persistTo(spool: Spool): void {
    const early = this.#memory;
    this.#memory = new RecordQueue();
    this.#spool = spool;
    for (let item = early.take(); item !== undefined; item = early.take()) this.add(item);
  }

  add(item: Outgoing): void {
    try {
      (this.#spool ?? this.#memory).add(item);
    } catch (error) {
      // The surrounding transaction is rolled back, and the next attempt writes the record again.
      if (this.#spool?.isInTransaction === true) throw error;
      this.#storeFailure ??= error;
      this.#memory.add(item);
    }
  }

  /** Adds an announcement. @returns false when there is no room for it */
  offer(item: Outgoing & { readonly owner: string }): boolean {
    try {
      return (this.#spool ?? this.#memory).offer(item);
    } catch (error) {
      // The surrounding transaction will be rolled back.
      if (this.#spool?.isInTransaction === true) throw error;
      this.#storeFailure ??= error;
      return false;
    }
  }

  take(): Taken | undefined {
    const stored = this.#inStore((spool) => spool.take());
    if (stored !== undefined && this.#spool !== undefined) return { item: stored, queue: this.#spool };
    const item = this.#memory.take();
    return item && { item, queue: this.#memory };
  }

  /** The item is acknowledged, and it may or may not have arrived. */
  markPublished({ item, queue }: Taken): void {
    queue.markPublished(item);
    if (queue === this.#spool) return;
    this.#unstored += 1;
    if (item.isImportant && this.#unstoredImportant.length < this.#maxListed)
      this.#unstoredImportant.push(item);
  }

  /** What this run has published has arrived. */
  confirm(): void {
    this.#forgetUnstored();
    this.#inStore((spool) => spool.confirm());
  }

  /** It has not arrived: the next run sends it. */
  withdraw(): void {
    this.#inStore((spool) => spool.published.withdraw());
  }

  /** Whether it has arrived cannot be known: only what is important is kept. */
  keepImportant(): void {
    this.#forgetUnstored();
    this.#inStore((spool) => spool.removeUnimportant());
  }

  /** The number of important records in the store that are published, in this run or before, and not confirmed. */
  get unconfirmed(): number {
    return this.#inStore((spool) => spool.published.importantCount) ?? 0;
  }

  /** Takes again what earlier runs have published. @returns how many records */
  takeEarlierAgain(): number {
    return this.#inStore((spool) => spool.published.sendEarlierAgain()) ?? 0;
  }

  /** @param taken what was taken and is not acknowledged */
  remainder(taken: readonly Taken[]): Remainder {
    const stored = this.#inStore((spool) => spool.left(this.#maxListed));
    const unreadable = stored === undefined ? (this.#spool?.size ?? 0) : 0;
    const memory = taken.flatMap(({ item, queue }) => (queue === this.#spool ? [] : [item]));
    for (let item = this.#memory.take(); item !== undefined; item = this.#memory.take()) memory.push(item);
    const dropped = this.#memory.dropped + (this.#spool?.dropped ?? 0);
    const important = [...this.#unstoredImportant, ...memory.filter(({ isImportant }) => isImportant)];
    return {
      kept: stored?.count ?? 0,
      unconfirmed: this.unconfirmed,
      lost: this.#unstored + memory.length + dropped + unreadable,
      important: [...important, ...(stored?.important ?? [])].slice(0, this.#maxListed),
      storeFailure: this.#storeFailure ?? this.#spool?.failure,
    };
  }

  #forgetUnstored(): void {
    this.#unstored = 0;
    this.#unstoredImportant.length = 0;
  }

  /** The result of the action on the spool; undefined without a spool, and after a failure. */
  #inStore<Result>(action: (spool: Spool) => Result): Result | undefined {
    try {
      return this.#spool && action(this.#spool);
    } catch (error) {
      this.#storeFailure ??= error;
      return undefined;
    }
  }
}
