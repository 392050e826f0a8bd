/**
 * The worker threads that join a scan once it turns out to be large: starting one costs as much as scanning a thousand
 * small files. Owns their lives; what they find goes to whoever made the crew.
 */
import type { Worker } from 'node:worker_threads';
import type { Coverage } from '../../task.ts';
import type { FileFindings } from '../findings-by-file.ts';
import type { WorkSoFar, WorkerInput, WorkerReport } from './messages.ts';
import { startWorker } from './start-worker.ts';

/** A scan is large when it is beyond one of these. */
const LARGE_FILES = 4000;
const LARGE_BYTES = 50_000_000;

export interface CrewOptions {
  /** Threads besides the main one. */
  readonly size: number;
  readonly input: WorkerInput;
  readonly onFound: (file: FileFindings) => void;
  /** What a worker that has come to its end examined. */
  readonly onCoverage: (coverage: Coverage) => void;
}

export class Crew {
  readonly #options: CrewOptions;
  readonly #working = new Map<Worker, WorkSoFar>();
  readonly #ends: Promise<void>[] = [];
  #isStarted = false;
  #failure: { readonly cause: unknown } | undefined;

  constructor(options: CrewOptions) {
    this.#options = options;
  }

  /**
   * Starts the workers if the work has turned out to be large. Cheap enough to call for each file.
   * @throws what made a worker fail: the folders that it had taken will never be done, so the scan must not wait for them.
   */
  joinIfLarge({ files, bytes }: WorkSoFar): void {
    if (this.#failure !== undefined) throw this.#failure.cause;
    if (this.#isStarted || (files < LARGE_FILES && bytes < LARGE_BYTES)) return;
    this.#isStarted = true;
    for (let n = 0; n < this.#options.size; n += 1) this.#ends.push(this.#start());
  }

  /** What the workers that are at work have examined so far. */
  get progress(): readonly WorkSoFar[] {
    return [...this.#working.values()];
  }

  /** Resolves when every worker has come to its end. @throws what made one fail: the scan is not whole then. */
  async finish(): Promise<void> {
    await Promise.all(this.#ends);
    if (this.#failure !== undefined) throw this.#failure.cause;
  }

  /** Ends whoever is still at work: without the folders that others have taken, a worker would wait for ever. */
  dismiss(): void {
    for (const worker of this.#working.keys()) void worker.terminate();
  }

  /** Resolves at the worker's end, whatever it is. */
  #start(): Promise<void> {
    const { input, onFound, onCoverage } = this.#options;
    const worker = startWorker(input);
    this.#working.set(worker, { folders: 0, files: 0, bytes: 0 });
    let isWhole = false;
    worker.on('message', ({ found, soFar, final }: WorkerReport) => {
      for (const file of found) onFound(file);
      this.#working.set(worker, soFar);
      if (final === undefined) return;
      isWhole = true;
      this.#working.delete(worker);
      onCoverage(final);
    });
    worker.on('error', (cause) => this.#fail(cause));
    return new Promise((resolve) => {
      worker.on('exit', () => {
        if (!isWhole) this.#fail(new Error('a worker thread ended too early'));
        resolve();
      });
    });
  }

  /** The first failure is the one to tell; those that are dismissed for it end too early as well. */
  #fail(cause: unknown): void {
    if (this.#failure !== undefined) return;
    this.#failure = { cause };
    this.dismiss();
  }
}
