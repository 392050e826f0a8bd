/**
 * The folders that wait, shared by all threads of a scan. A thread keeps what it finds to itself as long as the others
 * have enough to do: what stands in shared memory is only what somebody else may take, so a thread pays for sharing once
 * in a while and not for each folder.
 */
import type { Folder, Folders } from '../walk/index.ts';

/** What another thread is given to join in. */
export interface SharedFolders {
  readonly control: SharedArrayBuffer;
  readonly text: SharedArrayBuffer;
}

// Words of the control block.
const LOCK = 0;
/** Folders in shared memory. */
const COUNT = 1;
/** Folders that wait anywhere or are being walked. */
const PENDING = 2;
const STOPPED = 3;
/** From here on: where each folder's text begins. */
const OFFSETS = 4;

/** Once this many are there to take, what a thread finds is its own. */
const ENOUGH = 64;
const TEXT_BYTES = 1024 * 1024;

/** Between the path and its root; no path holds it. */
const SEPARATOR = '\0';

export class FolderStack implements Folders {
  readonly shared: SharedFolders;
  readonly #control: Int32Array;
  readonly #text: Buffer;
  readonly #own: Folder[] = [];

  /** A new stack, or this thread's end of one that exists. */
  constructor(shared: SharedFolders = newSharedFolders()) {
    this.shared = shared;
    this.#control = new Int32Array(shared.control);
    this.#text = Buffer.from(shared.text);
  }

  push(folder: Folder): void {
    Atomics.add(this.#control, PENDING, 1);
    const isWanted = Atomics.load(this.#control, COUNT) < ENOUGH;
    if (!isWanted || !this.#locked(() => this.#put(folder))) this.#own.push(folder);
  }

  pop(): Folder | undefined {
    const own = this.#own.pop();
    if (own !== undefined || Atomics.load(this.#control, COUNT) === 0) return own;
    return this.#locked(() => this.#take());
  }

  done(): void {
    Atomics.sub(this.#control, PENDING, 1);
  }

  get isFinished(): boolean {
    return Atomics.load(this.#control, PENDING) === 0;
  }

  /** Tells every thread to come to its end. */
  stop(): void {
    Atomics.store(this.#control, STOPPED, 1);
  }

  get isStopped(): boolean {
    return Atomics.load(this.#control, STOPPED) === 1;
  }

  /** Sleeps for so many milliseconds. For a thread that has no event loop to serve. */
  sleep(milliseconds: number): void {
    Atomics.wait(this.#control, STOPPED, 0, milliseconds);
  }

  /** @returns false when there is no room. */
  #put({ path, root }: Folder): boolean {
    const count = Atomics.load(this.#control, COUNT);
    const begin = Atomics.load(this.#control, OFFSETS + count);
    const text = path + SEPARATOR + root;
    if (count >= ENOUGH || begin + 3 * text.length > TEXT_BYTES) return false;
    const end = begin + this.#text.write(text, begin, 'utf8');
    Atomics.store(this.#control, OFFSETS + count + 1, end);
    Atomics.store(this.#control, COUNT, count + 1);
    return true;
  }

  #take(): Folder | undefined {
    const last = Atomics.load(this.#control, COUNT) - 1;
    if (last < 0) return undefined;
    const begin = Atomics.load(this.#control, OFFSETS + last);
    const end = Atomics.load(this.#control, OFFSETS + last + 1);
    Atomics.store(this.#control, COUNT, last);
    const [path = '', root = ''] = this.#text.toString('utf8', begin, end).split(SEPARATOR);
    return { path, root };
  }

  /** A spin lock: what it guards takes a microsecond, less than putting a thread to sleep. */
  #locked<Result>(action: () => Result): Result {
    while (Atomics.compareExchange(this.#control, LOCK, 0, 1) !== 0);
    try {
      return action();
    } finally {
      Atomics.store(this.#control, LOCK, 0);
    }
  }
}

function newSharedFolders(): SharedFolders {
  return {
    control: new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT * (OFFSETS + ENOUGH + 1)),
    text: new SharedArrayBuffer(TEXT_BYTES),
  };
}
