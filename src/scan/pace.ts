/**
 * Keeps a long synchronous job polite: it lets the event loop run now and then, so that the broker's connection stays
 * alive and signals arrive, and it says when to report progress and when to stop.
 */
import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../platform/index.ts';

/** Milliseconds. */
const BETWEEN_RESTS = 30;
const BETWEEN_REPORTS = 10_000;

export class Pace {
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  readonly #report: () => void;
  #restAt: number;
  #reportAt: number;

  constructor(clock: Clock, signal: AbortSignal, report: () => void) {
    this.#clock = clock;
    this.#signal = signal;
    this.#report = report;
    this.#restAt = clock.monotonic() + BETWEEN_RESTS;
    this.#reportAt = clock.monotonic() + BETWEEN_REPORTS;
  }

  /** True when the work must end now. Changes only while `rest` is awaited. */
  get isOver(): boolean {
    return this.#signal.aborted;
  }

  /** True when it is time to await `rest`. Cheap enough to ask for each file. */
  get isRestDue(): boolean {
    return this.#clock.monotonic() >= this.#restAt;
  }

  async rest(): Promise<void> {
    await setImmediate();
    const now = this.#clock.monotonic();
    this.#restAt = now + BETWEEN_RESTS;
    if (now < this.#reportAt) return;
    this.#reportAt = now + BETWEEN_REPORTS;
    this.#report();
  }
}
