/** Starts a worker thread: from the sources, or in the bundle from the text of the worker's own bundle. */
import { Worker } from 'node:worker_threads';
import type { WorkerInput } from './messages.ts';

/**
 * Put in by the bundler: a single executable has no file to start a thread from. The second text is the part that a worker
 * loads when it is needed.
 */
declare const __workerSource: string | undefined;
declare const __examiningSource: string;

export function startWorker(input: WorkerInput): Worker {
  // The same bound that the executable sets for its main thread.
  const options = { name: 'scan', resourceLimits: { maxYoungGenerationSizeMb: 4 } };
  return typeof __workerSource === 'string'
    ? new Worker(__workerSource, {
        ...options,
        workerData: { ...input, examining: __examiningSource },
        eval: true,
      })
    : new Worker(new URL('./worker-main.ts', import.meta.url), { ...options, workerData: input });
}
