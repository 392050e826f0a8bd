/** One thread's share of a scan: walks, scans the files that the walk yields, and yields to other work in between. */
import type { FileSystem, MountTable, Platform } from '../../host/platform/index.ts';
import { newFileExaminer } from '../files/detector-module.ts';
import type { FileExaminer } from '../files/file-examiner.ts';
import type { SplitOptions } from '../files/part-scanner.ts';
import { RateLimit } from '../files/rate-limit.ts';
import type { ScanSettings } from '../files/scan-settings.ts';
import { Scheduler } from '../files/scheduler.ts';
import type { FileFindings } from '../findings/findings-by-file.ts';
import type { CoverageRecorder } from '../model/coverage.ts';
import type { CustomRules } from '../rules/custom/index.ts';
import type { WalkMemory } from '../walk/file-index/walk-memory.ts';
import {
  type Excludes,
  type FoundRepository,
  type Root,
  SeparateFolders,
  type UnfinishedFolder,
  type WaitingWork,
  type WalkOptions,
  type WalkStep,
  enter,
  walk,
} from '../walk/index.ts';

/** Milliseconds to sleep while other threads have all the work. */
export const IDLE_SLEEP_MS = 1;

export interface ScanThreadOptions {
  readonly settings: ScanSettings;
  readonly platform: Platform;
  readonly mounts: MountTable;
  readonly excludes: Excludes;
  readonly customRules: CustomRules | undefined;
  readonly redact: (text: string) => string;
  readonly coverage: CoverageRecorder;
  /** Undefined where no state is kept. */
  readonly memory: WalkMemory | undefined;
  readonly waiting: WaitingWork;
  readonly isCancelled: () => boolean;
  /** Called for each file with findings, and for each watched file. */
  readonly onFile: (file: FileFindings) => void;
  readonly onUnfinished: (folder: UnfinishedFolder) => void;
  /** See `WalkOptions`. */
  readonly onRepository: ((repository: FoundRepository) => void) | undefined;
  /** Set when other threads may scan parts of a file. */
  readonly split: SplitOptions | undefined;
  /** `report` is called at most once per this many milliseconds, when the thread yields. */
  readonly reportIntervalMs: number;
  readonly report: () => void;
  /** Called before the thread yields between two files. */
  readonly beforeYield?: () => void;
  /** Sleeps `IDLE_SLEEP_MS`, either synchronously or by the promise. */
  readonly sleep: () => Promise<void> | undefined;
}

export class ScanThread {
  readonly scheduler: Scheduler;
  readonly #options: ScanThreadOptions;
  readonly #walkOptions: WalkOptions;
  readonly #limit: RateLimit | undefined;
  /** Created for the first file: a run in which nothing has changed needs none. */
  #examiner: FileExaminer | undefined;

  constructor(options: ScanThreadOptions) {
    const { settings, platform, isCancelled, reportIntervalMs, report } = options;
    const { mounts, excludes, coverage, memory, onUnfinished, onRepository } = options;
    this.#options = options;
    this.#limit = settings.rate && new RateLimit(settings.rate, platform.clock);
    this.scheduler = new Scheduler({
      clock: platform.clock,
      isCancelled,
      limit: this.#limit,
      reportIntervalMs,
      report,
    });
    this.#walkOptions = {
      platform,
      mounts,
      excludes,
      coverage,
      memory,
      isCancelled,
      onUnfinished,
      onRepository,
      shard: settings.shard,
      visitedSeparately: new SeparateFolders(settings.visitedSeparately),
    };
  }

  /** Whatever is read with it counts towards the limit for reads. */
  get fs(): FileSystem {
    const { fs } = this.#options.platform;
    return this.#limit?.meter(fs) ?? fs;
  }

  /** Scans the files among the roots, and adds the folders to the pending work. */
  async enter(roots: readonly Root[]): Promise<void> {
    for (const file of enter(roots, this.#options.waiting, this.#walkOptions)) await this.#take(file);
  }

  /**
   * Walks and scans until no work is pending and no thread is working.
   * @param onStep called after each step; it must be cheap
   */
  async run(onStep: (step: WalkStep) => void = () => undefined): Promise<void> {
    const { waiting, sleep } = this.#options;
    for (const step of walk(waiting, this.#walkOptions)) {
      // Most files are scanned synchronously, without a turn of the event loop.
      const wait = (step.kind === 'idle' ? sleep() : undefined) ?? this.#take(step);
      if (wait !== undefined) await wait;
      onStep(step);
    }
    this.#examiner?.finish();
  }

  /** Searches what was read; what was found may still wait for the rest of its file. */
  flush(): void {
    this.#examiner?.flush();
  }

  #take(step: WalkStep): Promise<void> | undefined {
    const isWork = step.kind === 'file' || step.kind === 'rest';
    const wait = isWork ? (this.#examiner ??= this.#newExaminer()).scan(step) : undefined;
    return wait ?? (this.scheduler.isYieldDue ? this.#yield() : undefined);
  }

  #yield(): Promise<void> {
    this.#options.beforeYield?.();
    return this.scheduler.yieldNow();
  }

  #newExaminer(): FileExaminer {
    const { scheduler } = this;
    const { memory } = this.#options;
    return newFileExaminer({
      ...this.#options,
      limit: this.#limit,
      scheduler,
      journal: memory?.journal,
    });
  }
}
