/** The clock, which is passed in. */

export interface Clock {
  /** Wall clock: milliseconds since 1970, UTC. For timestamps. */
  now(): number;
  /** Monotonic milliseconds, the same for all threads. For deadlines and durations. */
  monotonic(): number;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  // Not performance.now(), which starts at 0 in each thread.
  monotonic: () => Number(process.hrtime.bigint()) / 1e6,
};
