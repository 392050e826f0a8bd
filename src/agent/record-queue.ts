/**
 * Records on their way to the broker, in order, in bounded memory. When the bound is hit the oldest record below
 * `Warning` goes first, then the oldest of all; what went is counted.
 */
import { type LogRecord, atLeast } from '../log/index.ts';

/** One publication. */
export interface Outgoing {
  readonly topic: string;
  readonly payload: string;
  /** The record that the payload says; undefined for what is no record. */
  readonly record: LogRecord | undefined;
}

/** Characters of payload that are held. */
const MAX_CHARACTERS = 8 * 1024 * 1024;

export class RecordQueue {
  /** Records that had to make room. */
  dropped = 0;
  readonly #limit: number;
  #characters = 0;
  #items: Outgoing[] = [];
  /** Items before it were taken; the array is cut now and then, not at each take. */
  #head = 0;

  constructor(limit = MAX_CHARACTERS) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#items.length - this.#head;
  }

  add(item: Outgoing): void {
    this.#items.push(item);
    this.#characters += item.payload.length;
    while (this.#characters > this.#limit && this.size > 1) this.#drop();
  }

  /** The oldest record, removed; undefined when there is none. */
  take(): Outgoing | undefined {
    const item = this.#items[this.#head];
    if (item === undefined) return undefined;
    this.#head += 1;
    this.#characters -= item.payload.length;
    if (this.#head > 1024 && this.#head * 2 > this.#items.length) this.#cut();
    return item;
  }

  #cut(): void {
    this.#items = this.#items.slice(this.#head);
    this.#head = 0;
  }

  #drop(): void {
    this.#cut();
    const unimportant = this.#items.findIndex(({ record }) => record && !atLeast(record.level, 'Warning'));
    const [gone] = this.#items.splice(Math.max(unimportant, 0), 1);
    this.#characters -= gone?.payload.length ?? 0;
    this.dropped += 1;
  }
}
