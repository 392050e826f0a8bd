/** Starts a worker thread: from the sources, or from the worker's own bundle. */
import { join } from 'node:path';
import { isSea } from 'node:sea';
import { Worker } from 'node:worker_threads';
import { executablePart } from '../../host/platform/index.ts';
import type { WorkerInput } from './messages.ts';

/** Put in by the bundler: the name of the worker's bundle. */
declare const __worker: string | undefined;

export function startWorker(workerData: WorkerInput): Worker {
  // The same bound that the executable sets for its main thread.
  const options = { name: 'scan', resourceLimits: { maxYoungGenerationSizeMb: 4 }, workerData };
  const name = typeof __worker === 'string' ? __worker : 'worker-main.ts';
  // A single executable has no file to start a thread from.
  return isSea()
    ? new Worker(executablePart(name).toString('latin1'), { ...options, eval: true })
    : new Worker(join(import.meta.dirname, name), options);
}
