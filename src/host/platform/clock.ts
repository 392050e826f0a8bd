/** Time, as an edge that is passed in. */

export interface Clock {
  /** Wall clock: milliseconds since 1970, UTC. For what people read. */
  now(): number;
  /** Milliseconds that never jump back, the same for all threads. For deadlines and durations. */
  monotonic(): number;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  // Not performance.now(): each thread's begins with the thread.
  monotonic: () => Number(process.hrtime.bigint()) / 1e6,
};
