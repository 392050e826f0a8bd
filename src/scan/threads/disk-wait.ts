/** Whether this thread mostly waits for the disk: then more threads get more out of it, and cost no processor. */
import type { Clock } from '../../host/platform/index.ts';

/** Milliseconds that are looked at together. */
const WINDOW_MS = 250;
/**
 * The part of a window below which the processor's time is little. A fast disk leaves half of it even when nothing is
 * cached: six more threads then gain a tenth, which 90 MB of memory is too much for.
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

  /** Begins a window: what was before it does not count. */
  begin(): void {
    const { user, system } = process.threadCpuUsage();
    this.#since = this.#clock.monotonic();
    this.#processor = user + system;
    this.#reads = process.resourceUsage().fsRead;
  }

  /**
   * True when the thread mostly waited in a window that has just ended; never within one. A thread that others keep off the
   * processor has little of its time as well: so the process must have read from the disk, not from the cache alone.
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
