/**
 * Detects that this thread mostly waits for the disk: then more threads increase the throughput, and need no
 * more CPU.
 */
import type { Clock } from '../../host/platform/index.ts';

/** Length of a window, in milliseconds. */
const WINDOW_MS = 250;
/**
 * The share of a window below which the CPU time is low. A fast disk leaves half of it even when nothing is cached:
 * six more threads then gain a tenth, which does not justify 90 MB of memory.
 */
const MAX_BUSY_SHARE = 0.25;

export class DiskWait {
  readonly #clock: Clock;
  #since = 0;
  #processor = 0;
  #reads = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.begin();
  }

  /** Starts a window: what happened before does not count. */
  begin(): void {
    const { user, system } = process.threadCpuUsage();
    this.#since = this.#clock.monotonic();
    this.#processor = user + system;
    this.#reads = process.resourceUsage().fsRead;
  }

  /**
   * True when the thread mostly waited in a window that has just ended; never within one. A thread that others keep
   * off the CPU also has a low CPU time, so the process must have read from the disk, not only from the cache.
   */
  get isLong(): boolean {
    const wall = this.#clock.monotonic() - this.#since;
    if (wall < WINDOW_MS) return false;
    const { user, system } = process.threadCpuUsage();
    const share = (user + system - this.#processor) / 1000 / wall;
    const hasRead = process.resourceUsage().fsRead > this.#reads;
    this.begin();
    return hasRead && share < MAX_BUSY_SHARE;
  }
}
