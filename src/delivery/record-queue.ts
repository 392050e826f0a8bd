/**
 * Records on their way out, in order, in bounded memory. When the bound is hit the oldest record below `Warning` goes
 * first, then the oldest of all; what went is counted.
 */

/** One publication. */
export interface Outgoing {
  readonly topic: string;
  readonly payload: string;
  /** A record of `Warning` or above: the last to make room. */
  readonly isImportant: boolean;
}

/** Where publications wait for their turn. */
export interface Queue {
  /** Publications that had to make room. */
  readonly dropped: number;
  add(item: Outgoing): void;
  /** The next one, which is in somebody's hands now; undefined when there is none. */
  take(): Outgoing | undefined;
  /** One that was taken has arrived and need not be kept. */
  settle(item: Outgoing): void;
}

/** Characters of payload that are held. */
const MAX_CHARACTERS = 8 * 1024 * 1024;

export class RecordQueue implements Queue {
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

  take(): Outgoing | undefined {
    const item = this.#items[this.#head];
    if (item === undefined) return undefined;
    this.#head += 1;
    this.#characters -= item.payload.length;
    if (this.#head > 1024 && this.#head * 2 > this.#items.length) this.#cut();
    return item;
  }

  settle(): void {
    // What was taken is kept nowhere.
  }

  #cut(): void {
    this.#items = this.#items.slice(this.#head);
    this.#head = 0;
  }

  #drop(): void {
    this.#cut();
    const unimportant = this.#items.findIndex(({ isImportant }) => !isImportant);
    const [gone] = this.#items.splice(Math.max(unimportant, 0), 1);
    this.#characters -= gone?.payload.length ?? 0;
    this.dropped += 1;
  }
}
