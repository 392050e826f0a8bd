/** Starts a worker thread: from the sources, or from the worker's own bundle. */
import { join } from 'node:path';
import { isSea } from 'node:sea';
import { Worker } from 'node:worker_threads';
import { executablePart } from '../../host/platform/index.ts';
import type { WorkerInput } from './messages.ts';

/** False when running from the sources. */
const isBundled = !import.meta.dirname.endsWith('threads');

export function startWorker(workerData: WorkerInput): Worker {
  // The same limit that the executable sets for its main thread.
  const options = { name: 'scan', resourceLimits: { maxYoungGenerationSizeMb: 4 }, workerData };
  // A single executable has no file from which a thread could be started.
  if (isSea()) return new Worker(executablePart('worker.cjs').toString('latin1'), { ...options, eval: true });
  // In the bundle it is a separate file, as in the sources.
  return new Worker(join(import.meta.dirname, isBundled ? 'worker.cjs' : '../worker.ts'), options);
}
