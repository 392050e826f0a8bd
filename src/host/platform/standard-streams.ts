/**
 * Standard output and standard error, which never block the process. Output that the reader does not accept at once waits in bounded
 * memory; a closed pipe or a full disk ends the output and nothing else.
 *
 * - Linux, pipes and terminals: opened again through `/proc/self/fd` (proc(5)) with `O_NONBLOCK`. The flag then applies
 *   only to this open file; set on the inherited one, it would affect every process that shares it.
 * - Files, sockets, other systems: written by Node's thread pool, so that only a thread of the pool can block. Such a thread prevents
 *   Node from ending; `process-end.ts` deals with that.
 */
import { constants, fstatSync, openSync, write, writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { isatty } from 'node:tty';
import { asError, codeOf } from '../exit/task-error.ts';
import { O_NOCTTY, O_NONBLOCK } from './open-flags.ts';

/** Called when the system has accepted a text, or with the error that prevented it. */
type Done = (error?: Error | null) => void;

/** Waiting bytes, at most. Beyond this, texts without a `Done` are dropped; callers with a `Done` limit themselves. */
const MAX_WAITING_BYTES = 8 * 1024 * 1024;
/** Bytes per write. */
const MAX_WRITE_BYTES = 64 * 1024;
/** Milliseconds between two attempts while the reader accepts nothing: the first, and the longest. */
const FIRST_RETRY_MS = 1;
const LAST_RETRY_MS = 32;
/** Milliseconds between two checks whether everything has been written. */
const FLUSH_POLL_MS = 5;

interface Waiting {
  readonly bytes: Uint8Array;
  readonly done: Done | undefined;
}

export class StandardStream {
  readonly isTTY: boolean;
  readonly #name: 'stdout' | 'stderr';
  readonly #descriptor: number;
  /** Writing never waits. */
  readonly #isNonBlocking: boolean;
  #waiting: Waiting[] = [];
  #waitingBytes = 0;
  /** Bytes of the first waiting text that the system already has. */
  #begun = 0;
  /** When the system last accepted something, or nothing was waiting (`performance.now`). */
  #takenAt = 0;
  #leftOut = 0;
  /** A write is in progress, or the next attempt is scheduled. */
  #isBusy = false;
  #retryMs = FIRST_RETRY_MS;
  #failure: Error | undefined;

  /** @param descriptor 1 or 2, which must be open: Node opens `/dev/null` in the place of a closed one before anything else */
  constructor(descriptor: 1 | 2) {
    this.isTTY = isatty(descriptor);
    this.#name = descriptor === 1 ? 'stdout' : 'stderr';
    const own = openNonBlocking(descriptor);
    this.#isNonBlocking = own !== undefined;
    this.#descriptor = own ?? descriptor;
  }

  /** The columns of the terminal at this moment; undefined for anything else. */
  get columns(): number | undefined {
    // Only Node's own stream follows the size of the window. It is made on first use, and nothing is written to it.
    return this.isTTY ? process[this.#name].columns || undefined : undefined;
  }

  /** Never blocks and never throws. */
  write(text: string, done?: Done): void {
    if (this.#failure !== undefined) {
      this.#answer(done, this.#failure);
      return;
    }
    const bytes = Buffer.from(text);
    if (
      done === undefined &&
      this.#waitingBytes > 0 &&
      this.#waitingBytes + bytes.length > MAX_WAITING_BYTES
    ) {
      this.#leftOut += 1;
      return;
    }
    if (this.#waitingBytes === 0) this.#takenAt = performance.now();
    this.#waiting.push({ bytes, done });
    this.#waitingBytes += bytes.length;
    if (!this.#isBusy) this.#pump();
  }

  /**
   * Waits until the system has accepted everything. At the end of the wait, the rest is dropped.
   * @param patience milliseconds without progress after which the wait ends
   * @param limit ends the wait when it aborts
   * @returns false if something was dropped
   */
  async flush(patience: number, limit?: AbortSignal): Promise<boolean> {
    // The event loop may have been busy with something else for longer than `patience`.
    const began = performance.now();
    while (this.#waitingBytes > 0) {
      if (performance.now() - Math.max(began, this.#takenAt) >= patience || limit?.aborted === true) {
        this.#fail(new Error('the reader of the stream accepts nothing'));
        return false;
      }
      await sleep(FLUSH_POLL_MS);
    }
    return this.#failure === undefined;
  }

  #pump(): void {
    if (this.#isNonBlocking) this.#writeNow();
    else this.#writeInPool();
  }

  #writeNow(): void {
    for (let batch = this.#nextBatch(); batch !== undefined; batch = this.#nextBatch()) {
      try {
        this.#took(writeSync(this.#descriptor, batch));
      } catch (error) {
        this.#refused(error);
        return;
      }
    }
  }

  #writeInPool(): void {
    const batch = this.#nextBatch();
    if (batch === undefined) return;
    this.#isBusy = true;
    write(this.#descriptor, batch, (error, count) => {
      this.#isBusy = false;
      if (this.#failure !== undefined) return;
      if (error) this.#refused(error);
      else {
        this.#took(count);
        this.#writeInPool();
      }
    });
  }

  /** Whole texts if possible: then programs that share a pipe do not split each other's short lines (pipe(7)). */
  #nextBatch(): Uint8Array | undefined {
    const [first, ...others] = this.#waiting.slice(0, 256);
    if (first === undefined) return undefined;
    const parts = [first.bytes.subarray(this.#begun)];
    let length = parts[0]?.length ?? 0;
    for (const { bytes } of others) {
      if (length + bytes.length > MAX_WRITE_BYTES) break;
      parts.push(bytes);
      length += bytes.length;
    }
    return parts.length === 1 ? parts[0]?.subarray(0, MAX_WRITE_BYTES) : Buffer.concat(parts, length);
  }

  #took(count: number): void {
    this.#retryMs = FIRST_RETRY_MS;
    this.#takenAt = performance.now();
    this.#waitingBytes -= count;
    let left = this.#begun + count;
    let complete = 0;
    for (const { bytes, done } of this.#waiting) {
      if (left < bytes.length) break;
      left -= bytes.length;
      complete += 1;
      this.#answer(done);
    }
    this.#waiting.splice(0, complete);
    this.#begun = left;
    if (this.#leftOut > 0 && this.#waitingBytes < MAX_WAITING_BYTES / 2) this.#tellLeftOut();
  }

  #tellLeftOut(): void {
    const bytes = Buffer.from(`[${this.#leftOut} lines were left out: the reader was too slow]\n`);
    this.#leftOut = 0;
    this.#waiting.push({ bytes, done: undefined });
    this.#waitingBytes += bytes.length;
  }

  #refused(error: unknown): void {
    if (codeOf(error) !== 'EAGAIN' && codeOf(error) !== 'EINTR') {
      this.#fail(error);
      return;
    }
    this.#isBusy = true;
    setTimeout(() => {
      this.#isBusy = false;
      if (this.#failure === undefined) this.#pump();
    }, this.#retryMs).unref();
    this.#retryMs = Math.min(2 * this.#retryMs, LAST_RETRY_MS);
  }

  #fail(cause: unknown): void {
    const failure = asError(cause);
    this.#failure = failure;
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#waitingBytes = 0;
    for (const { done } of waiting) this.#answer(done, failure);
  }

  /** Deferred, so that `write` has no unexpected side effects for its caller. */
  #answer(done: Done | undefined, error?: Error): void {
    if (done !== undefined) queueMicrotask(() => done(error));
  }
}

/** The same pipe or terminal, opened again; undefined for anything else, and if the system does not allow it. */
function openNonBlocking(descriptor: number): number | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    const status = fstatSync(descriptor);
    // A file that is opened again would be overwritten from its start.
    if (!status.isFIFO() && !status.isCharacterDevice()) return undefined;
    return openSync(`/proc/self/fd/${descriptor}`, constants.O_WRONLY | O_NONBLOCK | O_NOCTTY);
  } catch {
    return undefined;
  }
}
