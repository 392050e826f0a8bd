/**
 * The objects that were needed last, for all packs of a repository. Their contents are copied into one piece of memory, around and around: buffers of
 * their own would wait for a collection of the whole heap.
 */
import type { HeldObject, ObjectType } from './git-object.ts';

/** What an entry takes at least, so that their number is limited too. */
const MIN_ENTRY_BYTES = 128;
/** Longer than any pack. */
const PACK_STRIDE = 2 ** 40;

/** The objects of one pack, by offset. */
export interface PackCache {
  /** Its content is valid until the next `add`. */
  get(offset: number): HeldObject | undefined;
  add(offset: number, object: HeldObject): void;
}

interface Cached {
  readonly type: ObjectType;
  readonly start: number;
  readonly length: number;
  /** Where the next one may begin. */
  readonly end: number;
}

export class ObjectCache {
  readonly #memory: Buffer;
  /** In the order in which they were added. */
  readonly #objects = new Map<number, Cached>();
  /** Where the next one begins. */
  #next = 0;

  constructor(bytes: number) {
    this.#memory = Buffer.allocUnsafeSlow(bytes);
  }

  /** @param pack its number */
  of(pack: number): PackCache {
    const base = pack * PACK_STRIDE;
    return {
      get: (offset) => this.#get(base + offset),
      add: (offset, object) => this.#add(base + offset, object),
    };
  }

  #get(key: number): HeldObject | undefined {
    const cached = this.#objects.get(key);
    return (
      cached && {
        type: cached.type,
        content: this.#memory.subarray(cached.start, cached.start + cached.length),
      }
    );
  }

  #add(key: number, { type, content }: HeldObject): void {
    const { length } = content;
    const room = Math.max(length, MIN_ENTRY_BYTES);
    if (room > this.#memory.length / 2 || this.#objects.has(key)) return;
    if (this.#next + room > this.#memory.length) {
      // The oldest ones are those at the end.
      this.#drop(({ start }) => start >= this.#next);
      this.#next = 0;
    }
    const start = this.#next;
    const end = start + room;
    this.#drop((oldest) => oldest.start < end && oldest.end > start);
    content.copy(this.#memory, start);
    this.#objects.set(key, { type, start, length, end });
    this.#next = end;
  }

  /** Drops the oldest ones, up to the first to which this does not apply. */
  #drop(isInTheWay: (oldest: Cached) => boolean): void {
    for (const [key, oldest] of this.#objects) {
      if (!isInTheWay(oldest)) return;
      this.#objects.delete(key);
    }
  }
}
