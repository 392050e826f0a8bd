/**
 * How fast a scan may read, over all its threads together. A thread reads first and then waits: the only shared
 * value is the time at which everything read so far is within the limit.
 */
import type { Clock, FileSystem } from '../../host/platform/index.ts';

/** Milliseconds of reading for which a pause may give credit: timers are late, and the delays must not add up. */
const CREDIT_MS = 50;
/** Minimum debt, in milliseconds, for which waiting is worthwhile. */
const MIN_DEBT_MS = 10;
/** Number of portions read per second, but no portion is smaller than this many bytes. */
const PORTIONS_PER_SECOND = 32;
const MIN_PORTION_BYTES = 64 * 1024;

/** The state shared between the threads. */
export interface SharedRate {
  readonly bytesPerSecond: number;
  /** One number: microseconds of the monotonic clock. */
  readonly paidAt: BigInt64Array<SharedArrayBuffer>;
}

/** Bytes per megabyte, the unit of `--max-rate` and the reports. */
const BYTES_PER_MEGABYTE = 1_000_000;

/** A limit for threads that have not started yet. */
export function newRate(megabytesPerSecond: number): SharedRate {
  const bytesPerSecond = megabytesPerSecond * BYTES_PER_MEGABYTE;
  return { bytesPerSecond, paidAt: new BigInt64Array(new SharedArrayBuffer(8)) };
}

/** One thread's view of the limit. */
export class RateLimit {
  readonly #rate: SharedRate;
  readonly #clock: Clock;

  constructor(rate: SharedRate, clock: Clock) {
    this.#rate = rate;
    this.#clock = clock;
  }

  /** How many bytes to read at most before checking whether to wait. */
  get portion(): number {
    return Math.max(MIN_PORTION_BYTES, Math.floor(this.#rate.bytesPerSecond / PORTIONS_PER_SECOND));
  }

  /** Milliseconds until everything read so far is within the limit. */
  get debt(): number {
    return Number(Atomics.load(this.#rate.paidAt, 0)) / 1000 - this.#clock.monotonic();
  }

  /** True when the debt is large enough to wait. */
  get isDue(): boolean {
    return this.debt >= MIN_DEBT_MS;
  }

  /** The file system whose reads are counted. */
  meter(fs: FileSystem): FileSystem {
    return { ...fs, ...this.meterReads(fs) };
  }

  /** The same for what can only be read. */
  meterReads(source: Pick<FileSystem, 'read'>): Pick<FileSystem, 'read'> {
    return {
      read: (...request) => {
        const count = source.read(...request);
        this.#spend(count);
        return count;
      },
    };
  }

  #spend(bytes: number): void {
    const { paidAt, bytesPerSecond } = this.#rate;
    const cost = BigInt(Math.ceil((bytes * 1e6) / bytesPerSecond));
    const earliest = BigInt(Math.round((this.#clock.monotonic() - CREDIT_MS) * 1000));
    for (;;) {
      const before = Atomics.load(paidAt, 0);
      const after = (before > earliest ? before : earliest) + cost;
      if (Atomics.compareExchange(paidAt, 0, before, after) === before) return;
    }
  }
}
