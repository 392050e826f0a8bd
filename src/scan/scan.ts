/** The work of one run: roots, walk, files, findings. Loaded only when there is work to do. */
import { availableParallelism } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import type * as z from 'zod';
import { type Platform, foreignMounts, nodeFileSystem } from '../platform/index.ts';
import type { Outcome, RuleDescription, TaskContext } from '../task.ts';
import { CoverageRecorder } from './coverage.ts';
import { createDetector } from './detector.ts';
import { scanEvents } from './events.ts';
import { FileScanner } from './file-scanner.ts';
import { FindingsByFile } from './findings-by-file.ts';
import { FindingCollector } from './findings.ts';
import type { ScanOptions } from './options.ts';
import { Pace } from './pace.ts';
import { redactSecrets } from './redaction.ts';
import { allRules } from './rules/index.ts';
import { FindingHistory } from './state/finding-history.ts';
import { SplitFiles } from './split-files.ts';
import { openFingerprintKey } from './state/fingerprint-key.ts';
import { Places, isWatched } from './state/places.ts';
import { Crew } from './threads/crew.ts';
import type { WorkSoFar } from './threads/messages.ts';
import {
  type RestOfFile,
  type Root,
  compileExcludes,
  enter,
  resolveRoots,
  scopeOf,
  walk,
} from './walk/index.ts';
import { WorkStack } from './threads/work-stack.ts';

/** How many characters of the joined roots go into their record. */
const ROOTS_SHOWN = 500;

/** Threads unless told otherwise: a scan in the background must leave a large machine to its users. */
const MOST_THREADS = 4;
/** The same, while they mostly wait for the disk. */
const MOST_WAITING = 8;

/** Milliseconds: between two progress records, and of rest while other threads have all the work. */
const BETWEEN_PROGRESS = 10_000;
const NAP = 1;

/**
 * Scans the roots. Ends early, with what it has, when the signal aborts.
 * @throws TaskError `no-root` when none exists, `config` for a bad glob, `cannot-write` when there is no fingerprint key.
 */
export async function scan(context: TaskContext<z.output<typeof ScanOptions>>): Promise<Outcome> {
  const { options, platform, log, signal, stateDirectory, store, version } = context;
  const coverage = new CoverageRecorder(log, redactSecrets);
  const excludes = compileExcludes(options.exclude, platform);
  const key = openFingerprintKey(platform, stateDirectory);
  const roots = resolveRoots(options.roots, platform, coverage);
  log(scanEvents.rootsResolved, { count: roots.length, roots: shown(roots) });

  const now = platform.clock.now();
  const walkedAs = JSON.stringify([options.exclude, options.shard]);
  const state =
    store && stateDirectory !== undefined
      ? new ScanState({
          ...{ store, platform, log, key, now, version, walkedAs },
          directory: stateDirectory,
          rules: allRules,
          remind: options.remind,
          full: options.full,
          contentOptions: {},
        })
      : undefined;
  const findings = state?.history ?? new FindingCollector(log, redactSecrets);
  const watched = state?.history.watched;
  const first = state === undefined ? [] : foldersFirst(roots, state.left, { platform, excludes });
  const isResumed = state !== undefined && state.left.length > 0;
  const left: Folder[] = [];
  const waiting = new WorkStack();
  const splitFiles = new SplitFiles(
    coverage,
    (file) => findings.add(file),
    (path, stamp) => {
      if (stamp !== undefined) state?.memory.journal.lone(path, stamp, now);
      else left.push(...folderOf(path, roots, platform));
    },
  );
  const threads = threadsOf(options.workers, platform);
  const crew = new Crew({
    size: threads.usual - 1,
    most: threads.most - 1,
    clock: platform.clock,
    input: {
      ...{ waiting: waiting.shared, exclude: options.exclude, key, now, watched, walkedAs },
      index: state?.index,
      shard: options.shard,
      apart: new Set(first.map(({ path }) => path)),
    },
    onFound: (file) => findings.add(file),
    onPart: (part) => splitFiles.add(part),
    onWalked: (records, leftThere) => {
      state?.append(records);
      left.push(...leftThere);
    },
    onCoverage: (part) => coverage.merge(part),
  });
  const pace = new Pace({
    clock: platform.clock,
    signal,
    betweenReports: BETWEEN_PROGRESS,
    report: () =>
      log(scanEvents.progress, { ...total([coverage, ...crew.progress]), findings: findings.total }),
  });
  const places = new Places(redactSecrets, key);
  const offer = (rest: RestOfFile) => {
    waiting.push(rest);
    crew.joinForRest(rest.size - rest.begin);
  };
  const byFile = new FindingsByFile(
    (file) => findings.add(file),
    (path) => isWatched(path, watched, places),
  );
  const scanner = new FileScanner({
    fs: platform.fs,
    detector: createDetector(key, now),
    coverage,
    pace,
    onDetection: (path, detection) => byFile.add(path, detection),
    onEnd: watched && ((path, status) => byFile.end(path, status)),
    split: threads.usual === 1 ? undefined : { offer, onPart: (part) => splitFiles.add(part) },
  });
  signal.addEventListener('abort', () => waiting.stop(), { once: true });
  if (signal.aborted) waiting.stop();
  // The records of the start are on their way before the first long stretch of work.
  await pace.rest();
  const mounts = foreignMounts(platform);
  const walkOptions = { platform, mounts, excludes, coverage, isOver: () => pace.isOver };
  // Most files are scanned at once, and cost no turn of the event loop.
  const examine = (next: string | RestOfFile) =>
    scanner.scan(next) ?? (pace.isRestDue ? pace.rest() : undefined);
  try {
    for (const path of enter(roots, waiting, walkOptions)) await examine(path);
    for (const next of walk(waiting, walkOptions)) {
      const wait = next === undefined ? setTimeout(NAP) : examine(next);
      if (wait !== undefined) await wait;
      if (typeof next !== 'object') crew.joinIfUseful(coverage, next === undefined);
    }
    scanner.flush();
    byFile.flush();
    await crew.finish();
  } finally {
    crew.dismiss();
  }
  const covered = coverage.outcome();
  const isSettled = !signal.aborted;
  const isComplete = isSettled && Object.keys(covered.unexamined).length === 0;
  const inScope = scopeOf(roots, excludes, platform);
  const { kept, count, lifecycle } = findings.finish({ inScope, isSettled, isComplete });
  return {
    rules: allRules.map(describe),
    findings: kept,
    findingCount: count,
    ...(lifecycle !== undefined && { lifecycle }),
    coverage: covered,
  };
}

/** How many threads scan, the main one included. A platform that is not this machine's is scanned by one. */
function threadsOf(asked: number | undefined, platform: Platform) {
  const exact = platform.fs === nodeFileSystem ? asked : 1;
  if (exact !== undefined) return { usual: exact, most: exact };
  return { usual: Math.min(availableParallelism(), MOST_THREADS), most: MOST_WAITING };
}

function total(parts: readonly WorkSoFar[]): Record<keyof WorkSoFar, number> {
  const sum = { folders: 0, files: 0, bytes: 0 };
  for (const { folders, files, bytes } of parts) {
    sum.folders += folders;
    sum.files += files;
    sum.bytes += bytes;
  }
  return sum;
}

function describe({ id, title, severity, remediation, source }: RuleDescription): RuleDescription {
  return { id, title, severity, remediation, source };
}

function shown(roots: readonly Root[]): string {
  const text = roots.map(({ path }) => redactSecrets(path)).join(', ');
  return text.length <= ROOTS_SHOWN ? text : `${text.slice(0, ROOTS_SHOWN)} ...`;
}
