/**
 * Scans the roots that may not answer: network file systems and those served by a process. Each has its own thread,
 * which is given up if it makes no progress; the main thread never accesses them.
 */
import { TaskError } from '../../host/exit/task-error.ts';
import { type CoverageRecorder, unusableRootsIn } from '../model/coverage.ts';
import type { WorkerPool, WorkerPoolOptions } from './worker-pool.ts';
import type { WorkSoFar } from './messages.ts';
import { WorkStack } from './work-stack.ts';
import type { Root } from '../walk/index.ts';

/** Number of roots that are scanned at the same time. */
const MAX_CONCURRENT_ROOTS = 4;

/** How the pool of a root differs from others. */
export type WorkerPoolPart = Pick<WorkerPoolOptions, 'size' | 'most' | 'onCoverage' | 'onGivenUp'> & {
  readonly waiting: WorkStack;
  /** Roots that the pool's workers resolve and enter themselves. */
  readonly roots?: readonly string[];
};

export interface RemoteRootsOptions {
  readonly roots: readonly Root[];
  readonly signal: AbortSignal;
  readonly coverage: CoverageRecorder;
  readonly newPool: (part: WorkerPoolPart) => WorkerPool;
  /** Called for a root whose thread was given up. */
  readonly onGivenUp: (root: string) => void;
}

export class RemoteRoots {
  readonly #options: RemoteRootsOptions;
  /** Running pools. */
  readonly #pools = new Set<WorkerPool>();
  #unusable = 0;

  constructor(options: RemoteRootsOptions) {
    this.#options = options;
  }

  /** What the running pools have scanned so far. */
  get progress(): readonly WorkSoFar[] {
    return [...this.#pools].flatMap(({ progress }) => progress);
  }

  /**
   * Resolves when every root has been scanned or given up.
   * @param isAll there are no other roots
   * @throws TaskError `no-root` when there are no other roots, and none of these can be scanned
   */
  async examine(isAll: boolean): Promise<void> {
    const { roots } = this.#options;
    const waiting = [...roots];
    const lane = async () => {
      for (let root = waiting.shift(); root !== undefined; root = waiting.shift()) await this.#examine(root);
    };
    await Promise.all(Array.from({ length: Math.min(MAX_CONCURRENT_ROOTS, roots.length) }, lane));
    if (isAll && roots.length > 0 && this.#unusable === roots.length) {
      throw new TaskError(
        'no-root',
        `none of these can be scanned: ${roots.map(({ path }) => path).join(', ')}`,
      );
    }
  }

  terminate(): void {
    for (const pool of this.#pools) pool.terminate();
  }

  async #examine({ path }: Root): Promise<void> {
    const { signal, coverage, newPool, onGivenUp } = this.#options;
    const waiting = new WorkStack();
    const stop = () => waiting.stop();
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
    const pool = newPool({
      size: 1,
      most: 1,
      waiting,
      roots: [path],
      onCoverage: (part) => {
        coverage.merge(part);
        this.#unusable += unusableRootsIn(part);
      },
      onGivenUp: () => {
        coverage.gap(path, 'not-answering');
        onGivenUp(path);
      },
    });
    this.#pools.add(pool);
    pool.join();
    await pool.finish();
    this.#pools.delete(pool);
  }
}
