/**
 * A worker thread of the scan: walks and scans beside the others until nothing is left, and tells what it finds. Only
 * the main thread logs and keeps.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { errorKind } from '../host/exit/task-error.ts';
import { MountTable, hostPlatform } from '../host/platform/index.ts';
import { CoverageRecorder } from './model/coverage.ts';
import type { Examiner } from './files/file-examiner.ts';
import { foreignRulesOf, newExaminer } from './files/detector-module.ts';
import type { FileFindings } from './findings/findings-by-file.ts';
import { redactorWith } from './files/name-redaction.ts';
import { Pace } from './files/scheduler.ts';
import type { PartFindings } from './files/part-scanner.ts';
import { RateLimit } from './files/rate-limit.ts';
import { openMemory } from './walk/file-index/walk-memory.ts';
import {
  ApartFolders,
  type LeftFolder,
  LeftRoom,
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
const BETWEEN_REPORTS = 100;
const NAP = 1;

async function work(input: WorkerInput, tell: (report: WorkerReport) => void) {
  const { waiting: shared, exclude, rate, watched, index, walkedAs, shard, ruleSet } = input;
  const platform = hostPlatform({});
  const waiting = new WorkStack(shared, input.thread);
  const foreign = ruleSet && (await foreignRulesOf(ruleSet, input.rulesOnly));
  const redact = redactorWith(foreign);
  const coverage = new CoverageRecorder(() => undefined, redact);
  const memory = index && openMemory(platform, index, walkedAs, redact, input.readAgain);
  let found: FileFindings[] = [];
  let parts: PartFindings[] = [];
  let left: LeftFolder[] = [];
  let examiner: Examiner | undefined;
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
  const isOver = () => waiting.isStopped;
  const pace = new Pace({ clock: platform.clock, isOver, limit, betweenReports: BETWEEN_REPORTS, report });
  const makeExaminer = () =>
    newExaminer({
      platform,
      key: Buffer.from(input.key),
      now: input.now,
      foreign,
      redact,
      binaries: input.binaries,
      limit,
      pace,
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
  const room = new LeftRoom();
  const onLeft = (folder: LeftFolder) => {
    if (room.admits(folder)) left.push(folder);
  };
  const apart = new ApartFolders(input.apart);
  const options = { platform, mounts, excludes, coverage, isOver, shard, memory, apart, onLeft };
  for (const file of enter(rootsToEnter(input.roots ?? [], options), waiting, options)) {
    await (examiner ??= makeExaminer()).scan(file);
  }
  for (const next of walk(waiting, options)) {
    if (next.kind === 'idle') waiting.sleep(NAP);
    const isWork = next.kind === 'file' || next.kind === 'rest';
    const wait =
      (isWork ? (examiner ??= makeExaminer()).scan(next) : undefined) ??
      (pace.isRestDue ? pace.rest() : undefined);
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
