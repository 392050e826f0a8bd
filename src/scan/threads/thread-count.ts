/** How many threads a scan may have. */
import { availableParallelism } from 'node:os';
import { type Platform, nodeFileSystem } from '../../platform/index.ts';

/** By default: a scan in the background must leave a large machine to its users. */
const MOST_THREADS = 4;
/** The same, on a disk for which they mostly wait. */
const MOST_WAITING = 8;

/** The main thread included. */
export interface Threads {
  readonly usual: number;
  /** While they mostly wait for the disk. */
  readonly most: number;
}

/** How many threads scan. A platform that is not this machine's is scanned by one. */
export function threadsOf(asked: number | undefined, platform: Platform): Threads {
  const exact = platform.fs === nodeFileSystem ? asked : 1;
  if (exact !== undefined) return { usual: exact, most: exact };
  return { usual: Math.min(availableParallelism(), MOST_THREADS), most: MOST_WAITING };
}
