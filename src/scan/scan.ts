/** The work of one run: roots, walk, files, findings. Loaded only when there is work to do. */
import { setTimeout } from 'node:timers/promises';
import type { Platform } from '../host/platform/index.ts';
import type { ScanOutcome } from './model/finding.ts';
import { scanEvents } from './model/events.ts';
import type { FileExaminer } from './files/file-examiner.ts';
import { newFileExaminer, ruleDescriptions } from './files/detector-module.ts';
import { describerOn } from './findings/findings-by-file.ts';
import { FindingCollector, type FindingLedger } from './findings/finding-collector.ts';
import { openState, walkOptionsKey } from './open-state.ts';
import { Scheduler } from './files/scheduler.ts';
import { type Preparation, type ScanContext, prepare } from './preparation.ts';
import type { PartFindings } from './files/part-scanner.ts';
import { RateLimit, type SharedRate, newRate } from './files/rate-limit.ts';
import { type WorkerPoolPart, RemoteRoots } from './threads/remote-roots.ts';
import { SplitFiles } from './files/split-files.ts';
import { silent } from './findings/durable-findings.ts';
import { keyId } from './detect/fingerprint-key.ts';
import { MAX_UNFINISHED } from './state/progress.ts';
import type { ScanState } from './state/scan-state.ts';
import { WorkerPool } from './threads/worker-pool.ts';
import type { WorkSoFar } from './threads/messages.ts';
import { threadsOf } from './threads/thread-count.ts';
import { WorkStack } from './threads/work-stack.ts';
import {
  SeparateFolders,
  type Folder,
  type UnfinishedFolder,
  UnfinishedLimit,
  type RestOfFile,
  type Root,
  type WalkOptions,
  type WalkStep,
  enter,
  priorityFolders,
  isInside,
  scopeOf,
  walk,
} from './walk/index.ts';

/** What `--max-rate` counts in, as the reports do. */
const MEGABYTE = 1_000_000;

/** Milliseconds: between two progress records, and of rest while other threads have all the work. */
const PROGRESS_INTERVAL_MS = 10_000;
const IDLE_SLEEP_MS = 1;
/** Milliseconds that a run that has to end may still look for files that are gone. */
const LAST_LOOKS = 300;

/**
 * Scans the roots. Ends early, with what it has, when the signal aborts.
 * @throws TaskError `no-root` when none exists, `config` for a bad glob or rule, `cannot-write` when there is no fingerprint key.
 */
export async function scan(context: ScanContext): Promise<ScanOutcome> {
  const work = new Scan(await prepare(context));
  try {
    await work.examineAll();
    await work.lookForGone();
    return work.outcome();
  } finally {
    work.close();
  }
}

/** One scan on the main thread, which alone logs and keeps, with the pool that helps it. */
class Scan {
  readonly #preparation: Preparation;
  /** Undefined where none is kept. */
  readonly #state: ScanState | undefined;
  readonly #findings: FindingLedger;
  readonly #waiting = new WorkStack();
  /** Folders to begin with. */
  readonly #first: readonly Folder[];
  /** Whose they are that come first. */
  readonly #group: string | undefined;
  readonly #apart: SeparateFolders;
  /** What this run does not come to. */
  readonly #left: UnfinishedFolder[] = [];
  readonly #leftRoom = new UnfinishedLimit();
  readonly #pool: WorkerPool;
  readonly #near: readonly Root[];
  readonly #remote: RemoteRoots;
  readonly #splitFiles: SplitFiles;
  readonly #scheduler: Scheduler;
  readonly #newFileExaminer: () => FileExaminer;
  /** Made for the first file: a run in which nothing has changed needs none. */
  #examiner: FileExaminer | undefined;

  constructor(preparation: Preparation) {
    const { options, platform, log, redact, suppressor, signal, roots, mounts, excludes, coverage } =
      preparation;
    this.#preparation = preparation;
    this.#state = openState(preparation);
    const { left, lastGroup } = this.#state ?? {};
    const near = roots.filter((root) => root.isRemote !== true);
    this.#near = near;
    const first = left && priorityFolders(near, left, { platform, excludes, mounts, lastGroup });
    this.#first = first?.folders ?? [];
    this.#group = first?.group;
    this.#apart = SeparateFolders.of(this.#first.map(({ path }) => path));
    this.#findings =
      this.#state?.findings ??
      new FindingCollector({
        // If state should be kept and cannot be, the next run announces the findings.
        log: preparation.state === undefined ? log : silent,
        redact,
        suppressor,
        coverage,
      });
    const rate = options.maxRate === undefined ? undefined : newRate(options.maxRate * MEGABYTE);
    const limit = rate && new RateLimit(rate, platform.clock);
    const threads = threadsOf(options.workers, platform);
    const splitFiles = this.#newSplitFiles();
    this.#splitFiles = splitFiles;
    this.#pool = this.#newPool(rate, {
      size: threads.usual - 1,
      most: threads.most - 1,
      waiting: this.#waiting,
      onCoverage: (part) => coverage.merge(part),
      // Its work is below one of the roots, but only the worker knows which.
      onGivenUp: () => coverage.gap(near[0]?.path ?? '', 'not-answering'),
    });
    this.#remote = new RemoteRoots({
      roots: roots.filter((root) => root.isRemote === true),
      signal,
      coverage,
      newPool: (part) => this.#newPool(rate, part),
      onGivenUp: (path) => {
        this.#state?.doesNotAnswer(path);
        this.#left.push({ path, root: path, isBegun: true });
      },
    });
    this.#scheduler = new Scheduler({
      clock: platform.clock,
      isCancelled: () => signal.aborted,
      limit,
      betweenReports: PROGRESS_INTERVAL_MS,
      report: () => this.#reportProgress(),
    });
    const { key, now, opened } = preparation;
    const offer = (rest: RestOfFile) => {
      this.#waiting.push(rest);
      this.#pool.growForRest(rest.size - rest.begin);
    };
    const split =
      threads.most === 1 ? undefined : { offer, onPart: (part: PartFindings) => splitFiles.add(part) };
    this.#newFileExaminer = () =>
      newFileExaminer({
        platform,
        key,
        now,
        customRules: opened?.rules,
        redact,
        binaries: options.binaries,
        limit,
        scheduler: this.#scheduler,
        coverage,
        watched: this.#state?.watched,
        journal: this.#state?.memory.journal,
        onFile: (file) => this.#findings.add(file),
        split,
      });
  }

  /** Walks and examines, beside the pool, until nothing is left. */
  async examineAll(): Promise<void> {
    const { signal, coverage } = this.#preparation;
    const near = this.#near;
    const waiting = this.#waiting;
    const pool = this.#pool;
    const walkOptions = this.#walkOptions();
    signal.addEventListener('abort', () => waiting.stop(), { once: true });
    if (signal.aborted) waiting.stop();
    // The records of the start are on their way before the first long stretch of work.
    await this.#scheduler.yieldNow();
    const remote = this.#remote.examine(near.length === 0);
    // Awaited below.
    remote.catch(() => undefined);
    for (const file of enter(near, waiting, walkOptions)) await this.#examine(file);
    for (const folder of this.#first.toReversed()) waiting.push(folder);
    // What was large the last time is so again: then the others need not wait until that is seen.
    pool.growIfUseful({ folders: 0, files: 0, unchanged: this.#state?.knownFiles ?? 0, bytes: 0 });
    for (const next of walk(waiting, walkOptions)) {
      // Most files are scanned at once, and cost no turn of the event loop.
      const wait = next.kind === 'idle' ? setTimeout(IDLE_SLEEP_MS) : this.#examine(next);
      if (wait !== undefined) await wait;
      if (next.kind === 'idle') pool.giveUpSilent();
      if (next.kind === 'file' || next.kind === 'idle') pool.growIfUseful(coverage, next.kind === 'idle');
    }
    this.#examiner?.finish();
    await pool.finish();
    await remote;
  }

  /** Looks which files with findings are gone; for a short time only when the run has to end. */
  async lookForGone(): Promise<void> {
    const { roots, excludes, options, platform, signal } = this.#preparation;
    const until = platform.clock.monotonic() + LAST_LOOKS;
    await this.#findings.lookForGone?.({
      inScope: scopeOf(roots, excludes, options.shard, platform),
      isYieldDue: () => this.#scheduler.isYieldDue,
      rest: async () => {
        await this.#scheduler.yieldNow();
        return !signal.aborted || platform.clock.monotonic() < until;
      },
    });
  }

  /** What it all came to. To be asked once. */
  outcome(): ScanOutcome {
    const { roots, excludes, options, platform, signal, coverage, opened, key } = this.#preparation;
    this.#state?.finish(
      this.#left,
      roots.map(({ path }) => path),
      this.#group,
    );
    const isSettled = !signal.aborted;
    const { kept, omitted, count, suppressed, lifecycle } = this.#findings.finish({
      inScope: scopeOf(roots, excludes, options.shard, platform),
      isSettled,
      isComplete: isSettled && coverage.isComplete,
    });
    return {
      // Few reports tell them all.
      get rules() {
        return ruleDescriptions(opened?.rules);
      },
      findings: kept,
      findingCount: count,
      ...(Object.keys(omitted).length > 0 && { omitted }),
      suppressed,
      fingerprintKey: keyId(key),
      ...(lifecycle !== undefined && { lifecycle }),
      coverage: coverage.outcome(),
    };
  }

  close(): void {
    this.#pool.terminate();
    this.#remote.terminate();
    this.#state?.close();
  }

  #examine(next: WalkStep): Promise<void> | undefined {
    const isWork = next.kind === 'file' || next.kind === 'rest';
    const wait = isWork ? (this.#examiner ??= this.#newFileExaminer()).scan(next) : undefined;
    return wait ?? (this.#scheduler.isYieldDue ? this.#rest() : undefined);
  }

  #rest(): Promise<void> {
    if (this.#state?.isWriteDue === true) {
      this.#examiner?.flush();
      this.#state.write();
    }
    return this.#scheduler.yieldNow();
  }

  #newSplitFiles(): SplitFiles {
    const { coverage, platform, roots, now } = this.#preparation;
    return new SplitFiles({
      coverage,
      describe: describerOn(platform),
      onFile: (file) => this.#findings.add(file),
      onWhole: (path, stamp) => this.#state?.memory.journal.lone(path, stamp, now),
      onUnfinished: (path) => this.#leave(folderOf(path, roots, platform)),
    });
  }

  #newPool(rate: SharedRate | undefined, part: WorkerPoolPart): WorkerPool {
    const { options, platform, key, now, opened, signal } = this.#preparation;
    const { exclude, binaries, rulesOnly, shard } = options;
    return new WorkerPool({
      ...part,
      clock: platform.clock,
      signal,
      input: {
        waiting: part.waiting.shared,
        roots: part.roots,
        exclude,
        binaries,
        rate,
        key,
        now,
        ruleSet: opened?.set,
        rulesOnly,
        watched: this.#state?.watched,
        walkOptionsKey: walkOptionsKey(this.#preparation),
        shard,
        apart: this.#apart.shared,
        index: this.#state?.index,
        readAgain: this.#state?.readAgain,
      },
      onFound: (file) => this.#findings.add(file),
      onPart: (found) => this.#splitFiles.add(found),
      onWalked: (records, left) => {
        this.#state?.append(records);
        this.#leave(left);
      },
    });
  }

  #walkOptions(): WalkOptions {
    const { platform, mounts, excludes, coverage, options } = this.#preparation;
    return {
      platform,
      mounts,
      excludes,
      coverage,
      shard: options.shard,
      apart: this.#apart,
      memory: this.#state?.memory,
      isCancelled: () => this.#scheduler.isCancelled,
      onUnfinished: (folder) => this.#leave([folder]),
    };
  }

  /** Notes folders for the next run, up to the number that it takes. */
  #leave(folders: readonly UnfinishedFolder[]): void {
    for (const folder of folders) {
      if (this.#left.length < MAX_UNFINISHED && this.#leftRoom.admits(folder)) this.#left.push(folder);
    }
  }

  #reportProgress(): void {
    const { log, coverage } = this.#preparation;
    const soFar = total([coverage, ...this.#pool.progress, ...this.#remote.progress]);
    log(scanEvents.progress, { ...soFar, findings: this.#findings.total });
  }
}

/** The folder of a file below one of the roots; nothing for a file that is a root itself. */
function folderOf(path: string, roots: readonly Root[], { path: paths }: Platform): UnfinishedFolder[] {
  const root = roots.find((candidate) => candidate.kind === 'folder' && isInside(path, candidate, paths));
  return root === undefined ? [] : [{ path: paths.dirname(path), root: root.path, isBegun: true }];
}

function total(parts: readonly WorkSoFar[]): Record<keyof WorkSoFar, number> {
  const sum = { folders: 0, files: 0, unchanged: 0, bytes: 0 };
  for (const { folders, files, unchanged, bytes } of parts) {
    sum.folders += folders;
    sum.files += files;
    sum.unchanged += unchanged;
    sum.bytes += bytes;
  }
  return sum;
}
