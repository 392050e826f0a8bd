/** The work of one run: roots, walk, files, findings. Loaded only when there is work to do. */
import { setTimeout } from 'node:timers/promises';
import type { Finding, ScanOutcome } from './model/finding.ts';
import { scanEvents } from './model/events.ts';
import { newStreamExaminer } from './files/detector-module.ts';
import { describerOn } from './findings/findings-by-file.ts';
import type { FindingLedger } from './findings/finding-collector.ts';
import { standingsOf } from './findings/standing.ts';
import { Places } from './model/watched-places.ts';
import { ledgerOf, openState } from './open-state.ts';
import { PROGRESS_INTERVAL_MS, outcomeOf } from './outcome.ts';
import { type Preparation, type ScanContext, prepare } from './preparation.ts';
import type { PartFindings } from './files/part-scanner.ts';
import { newRate } from './files/rate-limit.ts';
import type { ScanSettings } from './files/scan-settings.ts';
import { type WorkerPoolPart, RemoteRoots } from './threads/remote-roots.ts';
import { SplitFiles } from './files/split-files.ts';
import { containerSettingsOf, settingsOf } from './settings.ts';
import { isPlaceSource, scanSources } from './sources/scan-sources.ts';
import { sourceOfPlace, sourcePlace, thingOf } from './model/source-place.ts';
import { MAX_UNFINISHED } from './state/progress.ts';
import type { ScanState } from './state/scan-state.ts';
import { WorkerPool } from './threads/worker-pool.ts';
import { sumOfWork } from './threads/messages.ts';
import { ScanProgress } from './threads/scan-progress.ts';
import { IDLE_SLEEP_MS, ScanThread } from './threads/scan-thread.ts';
import { threadsOf } from './threads/thread-count.ts';
import { WorkStack } from './threads/work-stack.ts';
import {
  type FoldersFirst,
  type FoundRepository,
  type Root,
  SeparateFolders,
  UnfinishedList,
  folderBelow,
  priorityFolders,
  scopeOf,
} from './walk/index.ts';

/** Repositories whose history is scanned. */
const MAX_REPOSITORIES = 10_000;
/** How long a run that must end may still look for files that no longer exist. */
const GONE_SEARCH_MS = 300;

/**
 * Scans the roots. Ends early, with what it has, when the signal aborts.
 * @param onFinding called with each finding as soon as it is known, if no state is kept
 * @throws TaskError `no-root` when none exists or the input cannot be read, `config` for a bad glob or rule, `cannot-write` when there is no fingerprint key.
 */
export async function scan(
  context: ScanContext,
  onFinding?: (finding: Finding) => void,
): Promise<ScanOutcome> {
  const preparation = await prepare(context);
  if (preparation.input !== undefined) {
    const { scanStreams } = await import('./scan-streams.ts');
    return await scanStreams(preparation, preparation.input, onFinding);
  }
  const work = new Scan(preparation, onFinding);
  try {
    await work.examineAll();
    await work.lookForGone();
    return work.outcome();
  } finally {
    work.close();
  }
}

/** One scan on the main thread, which alone logs and stores, with the pool that assists it. */
class Scan {
  readonly #preparation: Preparation;
  /** Undefined where none is kept. */
  readonly #state: ScanState | undefined;
  readonly #findings: FindingLedger;
  readonly #waiting = new WorkStack();
  /** Folders to begin with, and the group they belong to. */
  readonly #priority: FoldersFirst;
  /** What this run does not reach. */
  readonly #unfinished = new UnfinishedList(MAX_UNFINISHED);
  readonly #settings: ScanSettings;
  readonly #thread: ScanThread;
  readonly #pool: WorkerPool;
  readonly #near: readonly Root[];
  readonly #remote: RemoteRoots;
  readonly #splitFiles: SplitFiles;
  readonly #progress: ScanProgress;
  readonly #repositories: FoundRepository[] = [];

  constructor(preparation: Preparation, onFinding: ((finding: Finding) => void) | undefined) {
    const { options, platform, signal, roots, mounts, excludes, coverage } = preparation;
    this.#preparation = preparation;
    const state = (this.#state = openState(preparation));
    this.#findings = ledgerOf(preparation, state, onFinding);
    const near = roots.filter((root) => root.isRemote !== true);
    this.#near = near;
    const { unfinished, lastGroup } = state ?? {};
    this.#priority =
      unfinished === undefined
        ? { folders: [], group: undefined }
        : priorityFolders(near, unfinished, { platform, excludes, mounts, lastGroup });
    const separate = SeparateFolders.of(this.#priority.folders.map(({ path }) => path));
    const rate = options.maxRate === undefined ? undefined : newRate(options.maxRate);
    this.#settings = settingsOf(preparation, state, rate, separate.shared);
    this.#splitFiles = this.#newSplitFiles();
    const threads = threadsOf(options.workers, platform);
    this.#pool = this.#newPool({
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
      newPool: (part) => this.#newPool(part),
      onGivenUp: (path) => {
        state?.doesNotAnswer(path);
        this.#unfinished.addInAnyCase({ path, root: path, isBegun: true });
      },
    });
    this.#thread = this.#newThread(threads.most > 1);
    this.#progress = new ScanProgress({
      ...preparation,
      shard: options.shard,
      isCancelled: () => signal.aborted,
      hasRemoteRoots: near.length < roots.length,
      soFar: () => ({
        ...this.#soFar(),
        binaries: coverage.binaries + this.#pool.binaries,
        findings: this.#findings.total,
      }),
    });
  }

  /** Walks and scans, in parallel with the pool, until nothing is left. */
  async examineAll(): Promise<void> {
    const { signal, coverage } = this.#preparation;
    const waiting = this.#waiting;
    const pool = this.#pool;
    const thread = this.#thread;
    signal.addEventListener('abort', () => waiting.stop(), { once: true });
    if (signal.aborted) waiting.stop();
    this.#preparation.progress(() => this.#progress.describe());
    // Gives the first records time to be sent before the first long stretch of work.
    await thread.scheduler.yieldNow();
    await this.#scanSources();
    const remote = this.#remote.examine(this.#near.length === 0);
    remote.catch(() => undefined); // Awaited below.
    await thread.enter(this.#near);
    for (const folder of this.#priority.folders.toReversed()) waiting.push({ kind: 'folder', ...folder });
    // If the last scan was large, this one is too: start the workers without waiting.
    pool.growIfUseful({ folders: 0, files: 0, unchanged: this.#state?.knownFiles ?? 0, bytes: 0 });
    await thread.run((step) => {
      const { kind } = step;
      if (kind === 'file' || kind === 'rest') this.#progress.folder = step.parent;
      if (kind === 'idle') pool.giveUpSilent();
      if (kind === 'file' || kind === 'idle') pool.growIfUseful(coverage, kind === 'idle');
    });
    await pool.finish();
    await remote;
    if (this.#repositories.length > 0) await this.#scanRepositories();
  }

  /** Checks which files with findings no longer exist; only for a short time when the run must end. */
  async lookForGone(): Promise<void> {
    const { platform, signal } = this.#preparation;
    const { scheduler } = this.#thread;
    const until = platform.clock.monotonic() + GONE_SEARCH_MS;
    await this.#findings.lookForGone?.({
      inScope: this.#inScope(),
      isYieldDue: () => scheduler.isYieldDue,
      yieldNow: async () => {
        await scheduler.yieldNow();
        return !signal.aborted || platform.clock.monotonic() < until;
      },
    });
  }

  /** The final outcome. Call it once. */
  outcome(): ScanOutcome {
    const { roots, signal, coverage } = this.#preparation;
    const paths = roots.map(({ path }) => path);
    this.#state?.finish(this.#unfinished.folders, paths, this.#priority.group);
    const isSettled = !signal.aborted;
    const found = this.#findings.finish({
      inScope: this.#inScope(),
      isSettled,
      isComplete: isSettled && coverage.isComplete,
    });
    return outcomeOf(this.#preparation, found, paths);
  }

  /** True for a place that this run scans. */
  #inScope(): (place: string) => boolean {
    const { roots, excludes, options, platform, sources } = this.#preparation;
    const inRoots = scopeOf(roots, excludes, options.shard, platform);
    const isExcluded = this.#isExcludedThing();
    return (place) => {
      const source = sourceOfPlace(place);
      if (source === undefined) return inRoots(place);
      const thing = thingOf(source, place) ?? '';
      return sources.includes(source) && !isExcluded(sourcePlace(source, thing));
    };
  }

  /** True for the place of a program or another thing that is not a file, if a glob excludes it. */
  #isExcludedThing(): (place: string) => boolean {
    const { excludes, platform } = this.#preparation;
    return (place) => excludes(place, platform.path.basename(place), '');
  }

  /** What is not a file. It takes little time, and comes first so that a run that ends early has seen it. */
  async #scanSources(): Promise<void> {
    const { sources, options, opened, coverage, platform, signal, redact, now } = this.#preparation;
    if (!sources.some(isPlaceSource)) return;
    const examiner = newStreamExaminer({
      ...this.#preparation,
      customRules: opened?.rules,
      binaries: false,
      containers: containerSettingsOf({ ...options, containers: 'off' }),
      scheduler: this.#thread.scheduler,
      exposure: [],
    });
    await scanSources({
      platform,
      names: sources,
      examiner,
      coverage,
      redact,
      isExcluded: this.#isExcludedThing(),
      isCancelled: () => signal.aborted,
      signal,
      knownIn: (source) => this.#state?.knownIn(source) ?? [],
      now,
      onFound: (found) => this.#findings.add(found),
    });
  }

  close(): void {
    this.#progress.close();
    this.#pool.terminate();
    this.#remote.terminate();
    this.#state?.close();
  }

  #addRepository(repository: FoundRepository): void {
    if (this.#repositories.length < MAX_REPOSITORIES) this.#repositories.push(repository);
    else this.#preparation.coverage.gap(repository.path, 'container-limit');
  }

  /** The histories of the repositories that the walk has found. */
  async #scanRepositories(): Promise<void> {
    const { scheduler } = this.#thread;
    const { newHistoryScanner } = await import('./scan-history.ts');
    const scanner = newHistoryScanner(this.#preparation, {
      scheduler,
      fs: this.#thread.fs,
      state: this.#state,
      onFile: (file) => this.#findings.add(file),
    });
    await scanner.scan(this.#repositories);
  }

  /** @param isShared other threads may join */
  #newThread(isShared: boolean): ScanThread {
    const { opened, options, signal } = this.#preparation;
    const state = this.#state;
    const thread = new ScanThread({
      ...this.#preparation,
      settings: this.#settings,
      customRules: opened?.rules,
      memory: state?.memory,
      waiting: this.#waiting,
      isCancelled: () => signal.aborted,
      onFile: (file) => this.#findings.add(file),
      onUnfinished: (folder) => this.#unfinished.add([folder]),
      onRepository: options.gitHistory === 'off' ? undefined : (found) => this.#addRepository(found),
      split: isShared
        ? {
            offer: (restOfFile) => {
              this.#waiting.push(restOfFile);
              this.#pool.growForRest(restOfFile.size - restOfFile.begin);
            },
            onPart: (part: PartFindings) => this.#splitFiles.add(part),
          }
        : undefined,
      reportIntervalMs: PROGRESS_INTERVAL_MS,
      report: () => this.#reportProgress(),
      beforeYield: () => {
        if (state?.isWriteDue !== true) return;
        thread.flush();
        state.write();
      },
      sleep: () => setTimeout(IDLE_SLEEP_MS),
    });
    return thread;
  }

  #newSplitFiles(): SplitFiles {
    const { coverage, platform, roots, now, redact, key, suppressions } = this.#preparation;
    const places = new Places(redact, key);
    return new SplitFiles({
      coverage,
      describe: describerOn(platform),
      standingsIn: standingsOf({ suppressions, watched: this.#state?.watched, places }),
      onFile: (file) => this.#findings.add(file),
      onWhole: (path, stamp) => this.#state?.memory.journal.lone(path, stamp, now),
      onUnfinished: (path) => this.#unfinished.add(folderBelow(path, roots, platform)),
    });
  }

  #newPool({ waiting, roots, ...part }: WorkerPoolPart): WorkerPool {
    const { platform, signal } = this.#preparation;
    return new WorkerPool({
      ...part,
      clock: platform.clock,
      signal,
      input: { settings: this.#settings, waiting: waiting.shared, roots },
      onFound: (file) => this.#findings.add(file),
      onPart: (found) => this.#splitFiles.add(found),
      onRepository: (found) => this.#addRepository(found),
      onWalked: (records, unfinished) => {
        this.#state?.append(records);
        this.#unfinished.add(unfinished);
      },
    });
  }

  #reportProgress(): void {
    this.#preparation.log(scanEvents.progress, { ...this.#soFar(), findings: this.#findings.total });
  }

  #soFar(): ReturnType<typeof sumOfWork> {
    return sumOfWork([this.#preparation.coverage, ...this.#pool.progress, ...this.#remote.progress]);
  }
}
