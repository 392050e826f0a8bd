/** How many threads a scan may have. */
import { availableParallelism } from 'node:os';
import { type Platform, nodeFileSystem } from '../../host/platform/index.ts';

/**
 * By default: a scan in the background must leave most of a large machine to its users, and each thread takes some
 * 30 MB, of which the project allows 200 in total.
 */
const MAX_DEFAULT_THREADS = 3;

/** Including the main thread. */
export interface Threads {
  readonly usual: number;
  /** The number while they mostly wait for the disk. */
  readonly most: number;
}

/** How many threads scan. A platform other than this machine's is scanned by one. */
export function threadsOf(asked: number | undefined, platform: Platform): Threads {
  const exact = platform.fs === nodeFileSystem ? asked : 1;
  if (exact !== undefined) return { usual: exact, most: exact };
  return { usual: Math.min(availableParallelism(), MAX_DEFAULT_THREADS), most: MAX_DEFAULT_THREADS };
}
