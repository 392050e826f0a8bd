/** Time, as an edge that is passed in. */
import { performance } from 'node:perf_hooks';

export interface Clock {
  /** Wall clock: milliseconds since 1970, UTC. For what people read. */
  now(): number;
  /** Milliseconds that never jump back. For deadlines and durations. */
  monotonic(): number;
}

export const systemClock: Clock = { now: () => Date.now(), monotonic: () => performance.now() };
