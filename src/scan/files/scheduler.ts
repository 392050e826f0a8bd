/**
 * Makes a long synchronous job cooperative: it lets the event loop run now and then, so that the broker's
 * connection stays alive and signals arrive, it waits when reading has been too fast, and it says when to report
 * progress and when to stop.
 */
import { setImmediate, setTimeout } from 'node:timers/promises';
import type { Clock } from '../../host/platform/index.ts';
import type { RateLimit } from './rate-limit.ts';

const YIELD_INTERVAL_MS = 30;
/** Milliseconds between two checks whether the work must end, while it waits. */
const MAX_WAIT_MS = 50;

export interface SchedulerOptions {
  readonly clock: Clock;
  /** True when the work must end. */
  readonly isCancelled: () => boolean;
  /** The limit for reads. */
  readonly limit?: RateLimit | undefined;
  readonly reportIntervalMs: number;
  readonly report: () => void;
}

export class Scheduler {
  readonly #options: SchedulerOptions;
  #yieldAt: number;
  #reportAt: number;

  constructor(options: SchedulerOptions) {
    this.#options = options;
    const now = options.clock.monotonic();
    this.#yieldAt = now + YIELD_INTERVAL_MS;
    this.#reportAt = now + options.reportIntervalMs;
  }

  /** True when the work must end now. */
  get isCancelled(): boolean {
    return this.#options.isCancelled();
  }

  /** The limit for reads; undefined if there is none. */
  get limit(): RateLimit | undefined {
    return this.#options.limit;
  }

  /** How many bytes of a file may be read between two checks of `isYieldDue`. */
  get portion(): number {
    return this.#options.limit?.portion ?? Infinity;
  }

  /** True when it is time to await `yieldNow`. Cheap enough to check for each file. */
  get isYieldDue(): boolean {
    const { clock, limit } = this.#options;
    return clock.monotonic() >= this.#yieldAt || limit?.isDue === true;
  }

  async yieldNow(): Promise<void> {
    const { clock, limit, isCancelled, reportIntervalMs, report } = this.#options;
    await setImmediate();
    for (let debt = limit?.debt ?? 0; debt > 0 && !isCancelled(); debt = limit?.debt ?? 0) {
      await setTimeout(Math.min(Math.ceil(debt), MAX_WAIT_MS));
    }
    const now = clock.monotonic();
    this.#yieldAt = now + YIELD_INTERVAL_MS;
    if (now < this.#reportAt) return;
    this.#reportAt = now + reportIntervalMs;
    report();
  }
}
