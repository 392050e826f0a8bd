/**
 * The worker threads that join a scan when it turns out to be large: starting one costs as much as scanning a
 * thousand small files. More of them join while the threads mostly wait for the disk. Owns their life cycle; their
 * results go to the creator of the pool.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import type { Clock } from '../../host/platform/index.ts';
import type { Coverage } from '../model/finding.ts';
import { binariesIn } from '../model/coverage.ts';
import type { FileFindings } from '../findings/findings-by-file.ts';
import type { PartFindings } from '../files/part-scanner.ts';
import type { FoundRepository, UnfinishedFolder } from '../walk/index.ts';
import { DiskWait } from './disk-wait.ts';
import type { WorkSoFar, WorkerInput, WorkerReport } from './messages.ts';
import { startWorker } from './start-worker.ts';
import { WorkStack } from './work-stack.ts';

/** A scan is large when it exceeds one of these. */
const LARGE_FILES = 4000;
/** How many times faster an unchanged file is skipped than a small one is scanned. */
const UNCHANGED_PER_FILE = 4;
const LARGE_BYTES = 50_000_000;
/** Bytes of one file for which starting a worker pays off: it is scanned ten times as fast as many small ones. */
const LARGE_REST_BYTES = 1024 * 1024 * 1024;

export interface WorkerPoolOptions {
  /** Number of threads in addition to the main one. */
  readonly size: number;
  /** The same, while they mostly wait for the disk. */
  readonly most: number;
  readonly clock: Clock;
  /** Aborted when the work must end: a worker that does not end is given up soon after. */
  readonly signal: AbortSignal;
  readonly input: Omit<WorkerInput, 'thread'>;
  readonly onFound: (file: FileFindings) => void;
  readonly onPart: (part: PartFindings) => void;
  /** Records for the file index, and unfinished folders: what was found there was passed on before. */
  readonly onWalked: (records: Uint8Array, unfinished: readonly UnfinishedFolder[]) => void;
  readonly onRepository: (repository: FoundRepository) => void;
  /** What a worker that has ended or was given up has scanned. */
  readonly onCoverage: (coverage: Coverage) => void;
  /** A worker was given up: its current work, and the work that it kept for itself, is not scanned. */
  readonly onGivenUp: () => void;
}

/** Milliseconds without a message after which a worker is given up. A worker sends ten messages per second. */
const MAX_SILENCE_MS = 60_000;
/** Milliseconds that a worker may take to end when it must. */
const MAX_ENDING_MS = 500;
/**
 * Milliseconds between two checks whether the workers respond. If a pause takes longer than the second value, this
 * thread itself was blocked.
 */
const CHECK_INTERVAL_MS = 100;
const MAX_PAUSE_MS = 2000;

interface Member {
  readonly thread: number;
  soFar: WorkSoFar;
  counts: Coverage | undefined;
  /** Milliseconds of the monotonic clock. */
  heardAt: number;
  readonly end: () => void;
}

export class WorkerPool {
  readonly #options: WorkerPoolOptions;
  readonly #working = new Map<Worker, Member>();
  readonly #ends: Promise<void>[] = [];
  readonly #diskWait: DiskWait;
  #failure: { readonly cause: unknown } | undefined;
  #checkedAt: number;
  /** When the workers were asked to end: milliseconds of the monotonic clock. */
  #endingAt = Infinity;

  constructor(options: WorkerPoolOptions) {
    this.#options = options;
    this.#diskWait = new DiskWait(options.clock);
    this.#checkedAt = options.clock.monotonic();
  }

  /**
   * Starts the workers if the scan has turned out to be large, and more and more of them if this thread, the main
   * one, mostly waits for the disk. Cheap enough to call for each file.
   * @param isIdle there was nothing to do here
   * @throws what made a worker fail: the work that it had taken will never be done, so the scan must not wait for
   *   it
   */
  growIfUseful({ files, unchanged, bytes }: WorkSoFar, isIdle = false): void {
    if (this.#failure !== undefined) throw this.#failure.cause;
    const { size, most } = this.#options;
    if (this.#ends.length === most) return;
    if (files + unchanged / UNCHANGED_PER_FILE >= LARGE_FILES || bytes >= LARGE_BYTES) this.#grow(size);
    if (isIdle) this.#diskWait.begin();
    // Twice as many threads, including this one.
    else if (this.#diskWait.isLong) this.#grow(2 * this.#ends.length + 1);
  }

  /** Starts the workers if enough bytes of a file are left to justify it. */
  growForRest(bytes: number): void {
    if (bytes >= LARGE_REST_BYTES) this.#grow(this.#options.size);
  }

  #grow(size: number): void {
    const wanted = Math.min(size, this.#options.most);
    while (this.#ends.length < wanted) this.#ends.push(this.#start());
  }

  /** What the running workers have scanned so far. */
  get progress(): readonly WorkSoFar[] {
    return Array.from(this.#working.values(), ({ soFar }) => soFar);
  }

  /** How many binary files the running workers have skipped so far. */
  get binaries(): number {
    const counts = [...this.#working.values()].map((worker) => worker.counts?.skipped ?? {});
    return counts.reduce((sum, skipped) => sum + binariesIn(skipped), 0);
  }

  /** Starts a worker unconditionally. */
  join(): void {
    this.#grow(this.#options.size);
  }

  /**
   * Resolves when every worker has ended or was given up.
   * @throws what made one fail: the scan is then incomplete
   */
  async finish(): Promise<void> {
    const ended = Promise.all(this.#ends).then(() => true);
    // The workers keep the process alive; the last of these timers must not.
    const check = () => sleep(CHECK_INTERVAL_MS, false, { ref: false });
    while (!(await Promise.race([ended, check()]))) this.giveUpSilent();
    if (this.#failure !== undefined) throw this.#failure.cause;
  }

  /** Gives up workers that do not respond. Call it repeatedly while there is nothing else to do. */
  giveUpSilent(): void {
    const { clock, signal } = this.#options;
    const now = clock.monotonic();
    const pause = now - this.#checkedAt;
    if (pause < CHECK_INTERVAL_MS) return;
    this.#checkedAt = now;
    if (signal.aborted) this.#endingAt = Math.min(this.#endingAt, now);
    const mustHaveEnded = now - this.#endingAt >= MAX_ENDING_MS;
    for (const [worker, member] of this.#working) {
      // Messages are not received while this thread is busy, or the process is stopped.
      if (pause > MAX_PAUSE_MS) member.heardAt = now;
      if (mustHaveEnded || now - member.heardAt >= MAX_SILENCE_MS) this.#giveUp(worker, member);
    }
  }

  #giveUp(worker: Worker, { thread, counts, end }: Member): void {
    const { input, onCoverage, onGivenUp } = this.#options;
    this.#working.delete(worker);
    new WorkStack(input.waiting).giveUp(thread);
    if (counts !== undefined) onCoverage(counts);
    onGivenUp();
    // Takes effect when the thread returns from its system call, if ever. Until then it keeps the event loop
    // alive, so that
    // `endSoon` ends the process; Node alone would wait for the thread.
    void worker.terminate();
    end();
  }

  /** Terminates all running workers: without the work that others have taken, a worker would wait forever. */
  terminate(): void {
    for (const worker of this.#working.keys()) void worker.terminate();
  }

  /** Resolves when the worker has sent its last report, or when it ends for any reason. */
  #start(): Promise<void> {
    const { input, clock, onFound, onPart, onWalked, onRepository, onCoverage } = this.#options;
    // The main thread is the first one.
    const thread = 1 + this.#ends.length;
    const worker = startWorker({ ...input, thread });
    const { promise, resolve } = Promise.withResolvers<void>();
    const member: Member = {
      thread,
      soFar: { folders: 0, files: 0, unchanged: 0, bytes: 0 },
      counts: undefined,
      heardAt: clock.monotonic(),
      end: resolve,
    };
    this.#working.set(worker, member);
    worker.on(
      'message',
      ({ found, parts, records, unfinished, repositories, soFar, counts, final }: WorkerReport) => {
        // The work of a worker that was given up counts as not scanned, whatever it still reports.
        if (!this.#working.has(worker)) return;
        try {
          for (const file of found) onFound(file);
          for (const part of parts) onPart(part);
          onWalked(records, unfinished);
          for (const repository of repositories) onRepository(repository);
        } catch (cause) {
          this.#fail(cause);
        }
        member.soFar = soFar;
        member.counts = counts;
        member.heardAt = clock.monotonic();
        if (final === undefined) return;
        this.#working.delete(worker);
        onCoverage(final);
        resolve();
      },
    );
    worker.on('error', (cause) => {
      if (this.#working.has(worker)) this.#fail(cause);
    });
    worker.on('exit', () => {
      if (this.#working.has(worker)) this.#fail(new Error('a worker thread ended too early'));
      resolve();
    });
    return promise;
  }

  /** Only the first failure is reported; workers that are terminated because of it end too early as well. */
  #fail(cause: unknown): void {
    if (this.#failure !== undefined) return;
    this.#failure = { cause };
    this.terminate();
  }
}
