/**
 * Outgoing records, in order, in bounded memory. An announcement is accepted only if there is room for it, and then stays until it
 * is sent. Ordinary records are dropped to make room, the oldest below `Warning` first, then the oldest of all; they are counted.
 */
import { Room } from './spool-room.ts';
import type { Content } from './stored-record.ts';

/** One publication. */
export interface Outgoing extends Content {
  readonly topic: string;
  /** A record of `Warning` or above: among the ordinary ones, these are dropped last. */
  readonly isImportant: boolean;
  /** Whose share of the room an announcement uses. Undefined for ordinary records. */
  readonly owner?: string | undefined;
}

/** A publication that must not be dropped. */
export type Announcement = Outgoing & { readonly owner: string };

/** Waiting publications. */
export interface Queue {
  /** Ordinary publications that were dropped from a full queue. */
  readonly dropped: number;
  /** Adds an ordinary publication. */
  add(item: Outgoing): void;
  /** Adds an announcement. @returns false when there is no room for it */
  offer(item: Announcement): boolean;
  /** Removes and returns the next one; undefined if there is none. */
  take(): Outgoing | undefined;
  /** A publication that was taken is acknowledged. It is kept until it is known to have arrived. */
  markPublished(item: Outgoing): void;
  /** A publication that was taken has arrived and need not be kept. */
  settle(item: Outgoing): void;
}

/** Characters of payload that are held. */
const MAX_ORDINARY = 4 * 1024 * 1024;
const MAX_ANNOUNCEMENTS = 4 * 1024 * 1024;

export class RecordQueue implements Queue {
  dropped = 0;
  readonly #room: Room;
  #items: Outgoing[] = [];
  /** Items before it were taken; the array is shortened now and then, not at each take. */
  #head = 0;

  constructor(ordinary = MAX_ORDINARY, announcements = MAX_ANNOUNCEMENTS) {
    this.#room = new Room({ ordinary, announcements });
  }

  get size(): number {
    return this.#items.length - this.#head;
  }

  add(item: Outgoing): void {
    this.#push(item);
    while (this.#room.isOverfull && this.size > 1) this.#drop();
  }

  offer(item: Announcement): boolean {
    if (!this.#room.accepts(item.owner, item.payload.length)) return false;
    this.#push(item);
    return true;
  }

  take(): Outgoing | undefined {
    const item = this.#items[this.#head];
    if (item === undefined) return undefined;
    this.#head += 1;
    this.#room.add(item.owner, -item.payload.length);
    if (this.#head > 1024 && this.#head * 2 > this.#items.length) this.#cut();
    return item;
  }

  markPublished(): void {
    // Taken items are not stored anywhere.
  }

  settle(): void {
    // As above.
  }

  #push(item: Outgoing): void {
    this.#items.push(item);
    this.#room.add(item.owner, item.payload.length);
  }

  #cut(): void {
    this.#items = this.#items.slice(this.#head);
    this.#head = 0;
  }

  #drop(): void {
    this.#cut();
    const unimportant = this.#items.findIndex(
      ({ isImportant, owner }) => !isImportant && owner === undefined,
    );
    const index = unimportant >= 0 ? unimportant : this.#items.findIndex(({ owner }) => owner === undefined);
    const [gone] = this.#items.splice(index, 1);
    this.#room.add(undefined, -(gone?.payload.length ?? 0));
    this.dropped += 1;
  }
}
