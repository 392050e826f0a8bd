/**
 * The pending work, shared by all threads of a scan. A thread keeps what it finds to itself as long as the others
 * have enough to do: shared memory contains only work that other threads may take, so a thread pays for sharing
 * once in a while and not for each folder.
 */
import type { WaitingWork, Work } from '../walk/index.ts';
import { OwnWork } from './own-work.ts';

/** What another thread needs to join. */
export interface SharedWork {
  readonly control: SharedArrayBuffer;
  readonly text: SharedArrayBuffer;
}

/** Threads that can share a stack: `--workers` allows 64. */
const MAX_THREADS = 65;

// Words of the control block.
const LOCK = 0;
/** Number of pieces of work in shared memory. */
const COUNT = 1;
/** Number of pieces of work that are pending anywhere or in progress. */
const PENDING = 2;
const STOPPED = 3;
/**
 * From here on, for each thread: the number of pieces of work that it owns or is doing. GIVEN_UP for a thread that
 * is no longer expected to do them.
 */
const HELD = 4;
const GIVEN_UP = -1;
/** From here on: where the text of each piece begins. */
const OFFSETS = HELD + MAX_THREADS;

/** When this many are available, a thread keeps what it finds; when only this few are left, it shares some of it. */
const MAX_SHARED_WORK = 64;
const MIN_SHARED_WORK = 16;
const MAX_TEXT_BYTES = 1024 * 1024;
/** Number of attempts to take the lock: a tenth of a millisecond, a hundred times as long as it is held. */
const MAX_LOCK_TRIES = 10_000;

export class WorkStack implements WaitingWork {
  readonly shared: SharedWork;
  readonly #control: Int32Array;
  readonly #text: Buffer;
  readonly #own = new OwnWork();
  readonly #thread: number;

  /**
   * A new stack, or this thread's view of an existing one.
   * @param thread from 0 to before `MAX_THREADS`; unique for each thread
   */
  constructor(shared: SharedWork = newSharedWork(), thread = 0) {
    this.shared = shared;
    this.#thread = thread;
    this.#control = new Int32Array(shared.control);
    this.#text = Buffer.from(shared.text);
  }

  push(work: Work): void {
    Atomics.add(this.#control, PENDING, 1);
    const isWanted = Atomics.load(this.#control, COUNT) < MAX_SHARED_WORK;
    if (isWanted && this.#locked(() => this.#put(work)) === true) return;
    if (this.#hold(1)) this.#own.push(work);
    else Atomics.sub(this.#control, PENDING, 1);
  }

  pop(): Work | undefined {
    if (this.#isGivenUp) return undefined;
    if (this.#own.length > 1 && Atomics.load(this.#control, COUNT) < MIN_SHARED_WORK)
      this.#locked(() => this.#give());
    const own = this.#own.pop();
    if (own !== undefined || Atomics.load(this.#control, COUNT) === 0) return own;
    return this.#locked(() => this.#take());
  }

  /** Stops waiting for the work that this thread owns. Called by another thread. */
  giveUp(thread: number): void {
    const held = Atomics.exchange(this.#control, HELD + thread, GIVEN_UP);
    if (held > 0) Atomics.sub(this.#control, PENDING, held);
  }

  get #isGivenUp(): boolean {
    return Atomics.load(this.#control, HELD + this.#thread) === GIVEN_UP;
  }

  /** @returns false when this thread was given up: it must not change the count of pending work */
  #hold(more: number): boolean {
    const place = HELD + this.#thread;
    for (;;) {
      const held = Atomics.load(this.#control, place);
      if (held === GIVEN_UP) return false;
      if (Atomics.compareExchange(this.#control, place, held, held + more) === held) return true;
    }
  }

  done(): void {
    if (this.#hold(-1)) Atomics.sub(this.#control, PENDING, 1);
  }

  get isFinished(): boolean {
    return Atomics.load(this.#control, PENDING) === 0 || this.#isGivenUp;
  }

  /** Tells all threads to finish. */
  stop(): void {
    Atomics.store(this.#control, STOPPED, 1);
  }

  get isStopped(): boolean {
    return Atomics.load(this.#control, STOPPED) === 1;
  }

  /** Sleeps for this many milliseconds. For a thread that has no event loop to serve. */
  sleep(milliseconds: number): void {
    Atomics.wait(this.#control, STOPPED, 0, milliseconds);
  }

  /** @returns false when there is no room. */
  #put(work: Work): boolean {
    const count = Atomics.load(this.#control, COUNT);
    const begin = Atomics.load(this.#control, OFFSETS + count);
    const text = JSON.stringify(work);
    if (count >= MAX_SHARED_WORK || begin + 3 * text.length > MAX_TEXT_BYTES) return false;
    const end = begin + this.#text.write(text, begin, 'utf8');
    Atomics.store(this.#control, OFFSETS + count + 1, end);
    Atomics.store(this.#control, COUNT, count + 1);
    return true;
  }

  /** Shares half of this thread's own work, if there is room: what it would do next, except the very next. */
  #give(): void {
    const room = MAX_SHARED_WORK - Atomics.load(this.#control, COUNT);
    const next = this.#own.pop();
    const wanted = Math.min(room, Math.floor(this.#own.length / 2) + 1);
    const given: Work[] = [];
    for (let work = this.#own.pop(); work !== undefined; work = this.#own.pop()) {
      given.unshift(work);
      if (given.length === wanted) break;
    }
    const first = given.findIndex((work) => !this.#put(work));
    this.#hold(first < 0 ? -given.length : -first);
    if (first >= 0) for (const work of given.slice(first)) this.#own.push(work);
    if (next !== undefined) this.#own.push(next);
  }

  #take(): Work | undefined {
    const last = Atomics.load(this.#control, COUNT) - 1;
    if (last < 0) return undefined;
    const begin = Atomics.load(this.#control, OFFSETS + last);
    const end = Atomics.load(this.#control, OFFSETS + last + 1);
    if (!this.#hold(1)) return undefined;
    Atomics.store(this.#control, COUNT, last);
    const work: Work = JSON.parse(this.#text.toString('utf8', begin, end));
    return work;
  }

  /**
   * Runs an action under the lock; undefined when the lock could not be taken. It spins, since the guarded action
   * takes a microsecond, less than putting a thread to sleep. It gives up, since a worker may be terminated while
   * it holds the lock: the lock then stays taken, each thread continues with its own work, and the main thread
   * learns of the termination from its event loop.
   */
  #locked<Result>(action: () => Result): Result | undefined {
    for (let tries = 0; Atomics.compareExchange(this.#control, LOCK, 0, 1) !== 0; tries += 1) {
      if (tries === MAX_LOCK_TRIES) return undefined;
    }
    try {
      return action();
    } finally {
      Atomics.store(this.#control, LOCK, 0);
    }
  }
}

function newSharedWork(): SharedWork {
  return {
    control: new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT * (OFFSETS + MAX_SHARED_WORK + 1)),
    text: new SharedArrayBuffer(MAX_TEXT_BYTES),
  };
}
