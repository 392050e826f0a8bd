/** Starts a worker thread: from the sources, or from the worker's own bundle. */
import { join } from 'node:path';
import { isSea } from 'node:sea';
import { Worker } from 'node:worker_threads';
import { executablePart } from '../../host/platform/index.ts';
import type { WorkerInput } from './messages.ts';

/** False when the sources run. */
const isBundled = !import.meta.dirname.endsWith('threads');

export function startWorker(workerData: WorkerInput): Worker {
  // The same bound that the executable sets for its main thread.
  const options = { name: 'scan', resourceLimits: { maxYoungGenerationSizeMb: 4 }, workerData };
  // A single executable has no file to start a thread from.
  if (isSea()) return new Worker(executablePart('worker.cjs').toString('latin1'), { ...options, eval: true });
  // The bundle has it in a file of its own; the sources as well.
  return new Worker(join(import.meta.dirname, isBundled ? 'worker.cjs' : '../worker.ts'), options);
}
