/**
 * A worker thread of the scan: walks and scans beside the others until nothing is left, and tells what it finds. Only
 * the main thread logs and keeps.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { errorKind } from '../host/exit/task-error.ts';
import { MountTable, hostPlatform } from '../host/platform/index.ts';
import { CoverageRecorder } from './model/coverage.ts';
import type { FileExaminer } from './files/file-examiner.ts';
import { customRulesOf, newFileExaminer } from './files/detector-module.ts';
import type { FileFindings } from './findings/findings-by-file.ts';
import { redactorWith } from './files/name-redaction.ts';
import { Scheduler } from './files/scheduler.ts';
import type { PartFindings } from './files/part-scanner.ts';
import { RateLimit } from './files/rate-limit.ts';
import { openMemory } from './walk/file-index/walk-memory.ts';
import {
  SeparateFolders,
  type UnfinishedFolder,
  UnfinishedLimit,
  type Root,
  type WalkOptions,
  compileExcludes,
  enter,
  resolveRoots,
  walk,
} from './walk/index.ts';
import type { WorkerInput, WorkerReport } from './threads/messages.ts';
import { WorkStack } from './threads/work-stack.ts';

/** Milliseconds between two reports, and of sleep while there is nothing to do. */
const REPORT_INTERVAL_MS = 100;
const IDLE_SLEEP_MS = 1;

async function work(input: WorkerInput, tell: (report: WorkerReport) => void) {
  const { waiting: shared, exclude, rate, watched, index, walkOptionsKey, shard, ruleSet } = input;
  const platform = hostPlatform({});
  const waiting = new WorkStack(shared, input.thread);
  const customRules = ruleSet && (await customRulesOf(ruleSet, input.rulesOnly));
  const redact = redactorWith(customRules);
  const coverage = new CoverageRecorder(() => undefined, redact);
  const memory = index && openMemory(platform, index, walkOptionsKey, redact, input.readAgain);
  let found: FileFindings[] = [];
  let parts: PartFindings[] = [];
  let left: UnfinishedFolder[] = [];
  let examiner: FileExaminer | undefined;
  const report = (final?: WorkerReport['final']) => {
    // What the records say was examined must have been searched.
    examiner?.flush();
    const { folders, files, unchanged, bytes } = coverage;
    tell({
      found,
      parts,
      records: memory?.journal.take() ?? new Uint8Array(),
      left,
      soFar: { folders, files, unchanged, bytes },
      counts: { ...coverage.outcome(), gaps: [] },
      ...(final === undefined ? {} : { final }),
    });
    found = [];
    parts = [];
    left = [];
  };
  const isRemote = input.roots !== undefined;
  const limit = rate && new RateLimit(rate, platform.clock);
  const isCancelled = () => waiting.isStopped;
  const scheduler = new Scheduler({
    clock: platform.clock,
    isCancelled,
    limit,
    betweenReports: REPORT_INTERVAL_MS,
    report,
  });
  const makeExaminer = () =>
    newFileExaminer({
      platform,
      key: Buffer.from(input.key),
      now: input.now,
      customRules,
      redact,
      binaries: input.binaries,
      limit,
      scheduler,
      coverage,
      watched,
      journal: memory?.journal,
      onFile: (file) => void found.push(file),
      // To put parts together, the main thread would have to access the file.
      split: isRemote
        ? undefined
        : { offer: (rest) => waiting.push(rest), onPart: (part) => void parts.push(part) },
    });
  const mounts = new MountTable(platform);
  const excludes = compileExcludes(exclude, platform);
  const room = new UnfinishedLimit();
  const onUnfinished = (folder: UnfinishedFolder) => {
    if (room.admits(folder)) left.push(folder);
  };
  const apart = new SeparateFolders(input.apart);
  const options = { platform, mounts, excludes, coverage, isCancelled, shard, memory, apart, onUnfinished };
  for (const file of enter(rootsToEnter(input.roots ?? [], options), waiting, options)) {
    await (examiner ??= makeExaminer()).scan(file);
  }
  for (const next of walk(waiting, options)) {
    if (next.kind === 'idle') waiting.sleep(IDLE_SLEEP_MS);
    const isWork = next.kind === 'file' || next.kind === 'rest';
    const wait =
      (isWork ? (examiner ??= makeExaminer()).scan(next) : undefined) ??
      (scheduler.isYieldDue ? scheduler.yieldNow() : undefined);
    if (wait !== undefined) await wait;
  }
  examiner?.finish();
  memory?.close();
  report(coverage.part());
}

/** Resolves roots that may not answer: this thread may wait for them. A missing one is a gap. */
function rootsToEnter(named: readonly string[], { platform, mounts, coverage }: WalkOptions): Root[] {
  if (named.length === 0) return [];
  try {
    return resolveRoots(named, platform, mounts, coverage);
  } catch (error) {
    if (errorKind(error) !== 'no-root') throw error;
    for (const path of named) coverage.gap(path, 'root-missing');
    return [];
  }
}

const port = parentPort;
const input: WorkerInput = workerData;
if (port !== null) void work(input, (report) => port.postMessage(report));
