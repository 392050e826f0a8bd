/**
 * A worker thread of the scan: scans in parallel with the other threads until nothing is left, and reports what it
 * finds. Only the main thread logs and stores.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { MountTable, type Platform, hostPlatform } from '../host/platform/index.ts';
import { customRulesOf } from './files/detector-module.ts';
import { redactorWith } from './files/name-redaction.ts';
import type { PartFindings } from './files/part-scanner.ts';
import type { FileFindings } from './findings/findings-by-file.ts';
import { CoverageRecorder } from './model/coverage.ts';
import type { WorkerInput, WorkerReport } from './threads/messages.ts';
import { IDLE_SLEEP_MS, ScanThread } from './threads/scan-thread.ts';
import { WorkStack } from './threads/work-stack.ts';
import { openMemory } from './walk/file-index/walk-memory.ts';
import {
  type FoundRepository,
  type Root,
  type UnfinishedFolder,
  UnfinishedLimit,
  compileExcludes,
  findRoots,
} from './walk/index.ts';

const REPORT_INTERVAL_MS = 100;

async function work({ settings, ...input }: WorkerInput, send: (report: WorkerReport) => void) {
  const { exclude, index, walkOptionsKey, readAgain, ruleSet, rulesOnly } = settings;
  const platform = hostPlatform({});
  const waiting = new WorkStack(input.waiting, input.thread);
  const customRules = ruleSet && (await customRulesOf(ruleSet, rulesOnly));
  const redact = redactorWith(customRules);
  const coverage = new CoverageRecorder(() => undefined, redact);
  const memory = index && openMemory(platform, index, walkOptionsKey, redact, readAgain);
  const limit = new UnfinishedLimit();
  let found: FileFindings[] = [];
  let parts: PartFindings[] = [];
  let unfinished: UnfinishedFolder[] = [];
  let repositories: FoundRepository[] = [];
  const report = (final?: WorkerReport['final']) => {
    // The files recorded as scanned must have been searched.
    thread.flush();
    const { folders, files, unchanged, bytes } = coverage;
    send({
      found,
      parts,
      records: memory?.journal.take() ?? new Uint8Array(),
      unfinished,
      repositories,
      soFar: { folders, files, unchanged, bytes },
      counts: { ...coverage.outcome(), gaps: [] },
      ...(final === undefined ? {} : { final }),
    });
    found = [];
    parts = [];
    unfinished = [];
    repositories = [];
  };
  const mounts = new MountTable(platform);
  const isRemote = input.roots !== undefined;
  const thread = new ScanThread({
    settings,
    platform,
    mounts,
    excludes: compileExcludes(exclude, platform),
    customRules,
    redact,
    coverage,
    memory,
    waiting,
    isCancelled: () => waiting.isStopped,
    onFile: (file) => void found.push(file),
    onUnfinished: (folder) => {
      if (limit.admits(folder)) unfinished.push(folder);
    },
    // The main thread reads them, and must not wait for a file system.
    onRepository:
      isRemote || settings.gitHistory === 'off' ? undefined : (found) => void repositories.push(found),
    // To join parts, the main thread would have to access the file.
    split: isRemote
      ? undefined
      : { offer: (rest) => waiting.push(rest), onPart: (part) => void parts.push(part) },
    reportIntervalMs: REPORT_INTERVAL_MS,
    report,
    sleep: () => {
      waiting.sleep(IDLE_SLEEP_MS);
      return undefined;
    },
  });
  await thread.enter(rootsToEnter(input.roots ?? [], platform, mounts, coverage));
  await thread.run();
  memory?.close();
  report(coverage.part());
}

/** Looks at roots that may not respond: this thread may wait for them. One that cannot be scanned is a gap. */
function rootsToEnter(
  named: readonly string[],
  platform: Platform,
  mounts: MountTable,
  coverage: CoverageRecorder,
): readonly Root[] {
  if (named.length === 0) return [];
  const { roots, unusable } = findRoots(named, platform, mounts, coverage);
  for (const { path, reason } of unusable) coverage.gap(path, reason);
  return roots;
}

const port = parentPort;
const input: WorkerInput = workerData;
if (port !== null) void work(input, (report) => port.postMessage(report));
