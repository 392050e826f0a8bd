/**
 * The worker threads that join a scan once it turns out to be large: starting one costs as much as scanning a thousand
 * small files. More of them join while the threads mostly wait for the disk. Owns their lives; what they find goes to
 * whoever made the crew.
 */
import type { Worker } from 'node:worker_threads';
import type { Clock } from '../../platform/index.ts';
import type { Coverage } from '../../task.ts';
import type { FileFindings } from '../findings-by-file.ts';
import type { PartFindings } from '../part-scanner.ts';
import type { LeftFolder } from '../walk/index.ts';
import { DiskWait } from './disk-wait.ts';
import type { WorkSoFar, WorkerInput, WorkerReport } from './messages.ts';
import { startWorker } from './start-worker.ts';

/** A scan is large when it is beyond one of these. */
const LARGE_FILES = 4000;
/** How many times as fast an unchanged file is passed as a small one is scanned. */
const EASIER = 4;
const LARGE_BYTES = 50_000_000;
/** Bytes of one file that are worth a start: in one piece it is scanned ten times as fast as many small ones. */
const LARGE_REST = 1024 * 1024 * 1024;

export interface CrewOptions {
  /** Threads besides the main one. */
  readonly size: number;
  /** The same, while they mostly wait for the disk. */
  readonly most: number;
  readonly clock: Clock;
  readonly input: WorkerInput;
  readonly onFound: (file: FileFindings) => void;
  readonly onPart: (part: PartFindings) => void;
  /** Records for the file index, and folders that were left: what was found there was told before. */
  readonly onWalked: (records: Uint8Array, left: readonly LeftFolder[]) => void;
  /** What a worker that has come to its end examined. */
  readonly onCoverage: (coverage: Coverage) => void;
}

export class Crew {
  readonly #options: CrewOptions;
  readonly #working = new Map<Worker, WorkSoFar>();
  readonly #ends: Promise<void>[] = [];
  readonly #diskWait: DiskWait;
  #failure: { readonly cause: unknown } | undefined;

  constructor(options: CrewOptions) {
    this.#options = options;
    this.#diskWait = new DiskWait(options.clock);
  }

  /**
   * Starts the workers if the work has turned out to be large, and more and more of them if this thread, the main one,
   * mostly waits for the disk. Cheap enough to call for each file.
   * @param isIdle there was nothing to do here
   * @throws what made a worker fail: the work that it had taken will never be done, so the scan must not wait for it.
   */
  joinIfUseful({ files, unchanged, bytes }: WorkSoFar, isIdle = false): void {
    if (this.#failure !== undefined) throw this.#failure.cause;
    const { size, most } = this.#options;
    if (this.#ends.length === most) return;
    if (files + unchanged / EASIER >= LARGE_FILES || bytes >= LARGE_BYTES) this.#grow(size);
    if (isIdle) this.#diskWait.begin();
    // Twice as many threads, this one among them.
    else if (this.#diskWait.isLong) this.#grow(2 * this.#ends.length + 1);
  }

  /** Starts the workers if so many bytes of a file are left that it is worth it. */
  joinForRest(bytes: number): void {
    if (bytes >= LARGE_REST) this.#grow(this.#options.size);
  }

  #grow(size: number): void {
    const wanted = Math.min(size, this.#options.most);
    while (this.#ends.length < wanted) this.#ends.push(this.#start());
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

  /** Ends whoever is still at work: without the work that others have taken, a worker would wait for ever. */
  dismiss(): void {
    for (const worker of this.#working.keys()) void worker.terminate();
  }

  /** Resolves once the worker has told all, or at its end, whatever that is. */
  #start(): Promise<void> {
    const { input, onFound, onPart, onWalked, onCoverage } = this.#options;
    const worker = startWorker(input);
    this.#working.set(worker, { folders: 0, files: 0, unchanged: 0, bytes: 0 });
    return new Promise((resolve) => {
      worker.on('message', ({ found, parts, records, left, soFar, final }: WorkerReport) => {
        try {
          for (const file of found) onFound(file);
          for (const part of parts) onPart(part);
          onWalked(records, left);
        } catch (cause) {
          this.#fail(cause);
        }
        this.#working.set(worker, soFar);
        if (final === undefined) return;
        this.#working.delete(worker);
        onCoverage(final);
        resolve();
      });
      worker.on('error', (cause) => this.#fail(cause));
      worker.on('exit', () => {
        if (this.#working.has(worker)) this.#fail(new Error('a worker thread ended too early'));
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
