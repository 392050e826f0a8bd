/**
 * Keeps a long synchronous job polite: it lets the event loop run now and then, so that the broker's connection stays
 * alive and signals arrive, and it says when to report progress and when to stop.
 */
import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../platform/index.ts';

/** Milliseconds. */
const BETWEEN_RESTS = 30;

export interface PaceOptions {
  readonly clock: Clock;
  /** Aborts when the work must end. */
  readonly signal: AbortSignal;
  /** Milliseconds. */
  readonly betweenReports: number;
  readonly report: () => void;
}

export class Pace {
  readonly #options: PaceOptions;
  #restAt: number;
  #reportAt: number;

  constructor(options: PaceOptions) {
    this.#options = options;
    const now = options.clock.monotonic();
    this.#restAt = now + BETWEEN_RESTS;
    this.#reportAt = now + options.betweenReports;
  }

  /** True when the work must end now. Changes only while `rest` is awaited. */
  get isOver(): boolean {
    return this.#options.signal.aborted;
  }

  /** True when it is time to await `rest`. Cheap enough to ask for each file. */
  get isRestDue(): boolean {
    return this.#options.clock.monotonic() >= this.#restAt;
  }

  async rest(): Promise<void> {
    await setImmediate();
    const now = this.#options.clock.monotonic();
    this.#restAt = now + BETWEEN_RESTS;
    if (now < this.#reportAt) return;
    this.#reportAt = now + this.#options.betweenReports;
    this.#options.report();
  }
}
