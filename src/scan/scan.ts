/** The work of one run: roots, walk, files, findings. Loaded only when there is work to do. */
import { availableParallelism } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import type * as z from 'zod';
import { type Platform, foreignMounts, nodeFileSystem } from '../platform/index.ts';
import type { Outcome, RuleDescription, TaskContext } from '../task.ts';
import { CoverageRecorder } from './coverage.ts';
import { binaryOpener, createDetector } from './detector.ts';
import { scanEvents } from './events.ts';
import { FileScanner } from './file-scanner.ts';
import { exposureOf } from './exposure.ts';
import type { ForeignRules } from './foreign-rules/index.ts';
import { openRules } from './foreign-rules/open.ts';
import { FindingsByFile } from './findings-by-file.ts';
import { FindingCollector } from './findings.ts';
import type { ScanOptions } from './options.ts';
import { Pace } from './pace.ts';
import { RateLimit, newRate } from './rate-limit.ts';
import { redactorWith } from './redaction.ts';
import { allRules } from './rules/index.ts';
import { SplitFiles } from './split-files.ts';
import { keyId, openFingerprintKey } from './state/fingerprint-key.ts';
import { Places, isWatched } from './state/places.ts';
import { ScanState } from './state/scan-state.ts';
import { openSuppressions } from './suppression.ts';
import { Crew } from './threads/crew.ts';
import type { WorkSoFar } from './threads/messages.ts';
import { WorkStack } from './threads/work-stack.ts';
import {
  type LeftFolder,
  type RestOfFile,
  type Root,
  compileExcludes,
  enter,
  foldersFirst,
  isInside,
  resolveRoots,
  scopeOf,
  walk,
} from './walk/index.ts';

/** How many characters of the joined roots go into their record. */
const ROOTS_SHOWN = 500;

/** Threads unless told otherwise: a scan in the background must leave a large machine to its users. */
const MOST_THREADS = 4;
/** The same, on a disk for which they mostly wait. */
const MOST_WAITING = 8;

/** What `--max-rate` counts in, as the reports do. */
const MEGABYTE = 1_000_000;

/** Milliseconds: between two progress records, and of rest while other threads have all the work. */
const BETWEEN_PROGRESS = 10_000;
const NAP = 1;

/**
 * Scans the roots. Ends early, with what it has, when the signal aborts.
 * @throws TaskError `no-root` when none exists, `config` for a bad glob or rule, `cannot-write` when there is no fingerprint key.
 */
export async function scan(context: TaskContext<z.output<typeof ScanOptions>>): Promise<Outcome> {
  const { options, platform, log, signal, stateDirectory, store, version } = context;
  const opened = await openRules(options.rules, options.rulesOnly, (text) =>
    log(scanEvents.ruleIgnored, { rules: text }),
  );
  const foreign = opened?.rules;
  const redact = redactorWith(foreign);
  const coverage = new CoverageRecorder(log, redact);
  const excludes = compileExcludes(options.exclude, platform);
  const key = openFingerprintKey(platform, stateDirectory, options.fingerprintKey);
  const suppressor = await openSuppressions(options, keyId(key));
  const roots = resolveRoots(options.roots, platform, coverage);
  log(scanEvents.rootsResolved, { count: roots.length, roots: shown(roots, redact) });

  const now = platform.clock.now();
  const { exclude, binaries, maxRate, shard, remind, full, rulesOnly } = options;
  const walkedAs = JSON.stringify([exclude, shard]);
  const state =
    store && stateDirectory !== undefined
      ? new ScanState({
          store,
          platform,
          log,
          key,
          now,
          version,
          walkedAs,
          remind,
          full,
          suppressor,
          directory: stateDirectory,
          contentOptions: { binaries, rulesOnly, rules: opened?.set },
          redact,
        })
      : undefined;
  const mounts = foreignMounts(platform);
  const first = state === undefined ? [] : foldersFirst(roots, state.left, { platform, excludes, mounts });
  const apart = new Set(first.map(({ path }) => path));
  const left: LeftFolder[] = [];
  const findings = state?.history ?? new FindingCollector(log, redact, suppressor);
  const watched = state?.history.watched;
  const waiting = new WorkStack();
  const exposure = exposureOf(platform);
  const splitFiles = new SplitFiles({
    coverage,
    exposureOf: exposure,
    onFile: (file) => findings.add(file),
    onWhole: (path, stamp) => state?.memory.journal.lone(path, stamp, now),
    onLeft: (path) => left.push(...folderOf(path, roots, platform)),
  });
  const rate = maxRate === undefined ? undefined : newRate(maxRate * MEGABYTE);
  const limit = rate && new RateLimit(rate, platform.clock);
  const threads = threadsOf(options.workers, platform);
  const crew = new Crew({
    size: threads.usual - 1,
    most: threads.most - 1,
    clock: platform.clock,
    input: {
      waiting: waiting.shared,
      exclude,
      binaries,
      rate,
      key,
      now,
      ruleSet: opened?.set,
      rulesOnly,
      watched,
      walkedAs,
      shard,
      apart,
      index: state?.index,
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
    isOver: () => signal.aborted,
    limit,
    betweenReports: BETWEEN_PROGRESS,
    report: () =>
      log(scanEvents.progress, { ...total([coverage, ...crew.progress]), findings: findings.total }),
  });
  const offer = (rest: RestOfFile) => {
    waiting.push(rest);
    crew.joinForRest(rest.size - rest.begin);
  };
  const places = new Places(redact, key);
  const byFile = new FindingsByFile(
    (file) => findings.add(file),
    exposure,
    (path) => isWatched(path, watched, places),
  );
  let scanner: FileScanner | undefined;
  /** Made when there is something to scan. */
  const newScanner = () => {
    const detector = createDetector(key, now, { foreign });
    return new FileScanner({
      fs: limit?.meter(platform.fs) ?? platform.fs,
      detector,
      openBinary: binaries ? binaryOpener(detector) : undefined,
      coverage,
      pace,
      onDetection: (path, detection) => byFile.add(path, detection),
      onEnd: state && ((path, status) => byFile.end(path, status)),
      onRead: state && ((path, status, isBinary) => state.memory.journal.examined(path, status, isBinary)),
      split: threads.most === 1 ? undefined : { offer, onPart: (part) => splitFiles.add(part) },
    });
  };
  const rest = () => {
    if (state?.isWriteDue === true) {
      scanner?.flush();
      state.write();
    }
    return pace.rest();
  };
  // Most files are scanned at once, and cost no turn of the event loop.
  const examine = (next: string | RestOfFile | null) => {
    if (next === null) return pace.isRestDue ? rest() : undefined;
    scanner ??= newScanner();
    return scanner.scan(next) ?? (pace.isRestDue ? rest() : undefined);
  };
  signal.addEventListener('abort', () => waiting.stop(), { once: true });
  if (signal.aborted) waiting.stop();
  // The records of the start are on their way before the first long stretch of work.
  await pace.rest();
  const walkOptions = {
    platform,
    mounts,
    excludes,
    coverage,
    shard,
    apart,
    memory: state?.memory,
    isOver: () => pace.isOver,
    onLeft: (folder: LeftFolder) => void left.push(folder),
  };
  try {
    for (const path of enter(roots, waiting, walkOptions)) await examine(path);
    for (const folder of first.toReversed()) waiting.push(folder);
    for (const next of walk(waiting, walkOptions)) {
      const wait = next === undefined ? setTimeout(NAP) : examine(next);
      if (wait !== undefined) await wait;
      if (typeof next !== 'object') crew.joinIfUseful(coverage, next === undefined);
    }
    scanner?.flush();
    byFile.flush();
    await crew.finish();
    state?.finish(
      left,
      roots.map(({ path }) => path),
    );
    const covered = coverage.outcome();
    const isSettled = !signal.aborted;
    const { kept, count, suppressed, lifecycle } = findings.finish({
      inScope: scopeOf(roots, excludes, shard, platform),
      isSettled,
      isComplete: isSettled && Object.keys(covered.unexamined).length === 0,
    });
    return {
      rules: descriptions(foreign),
      findings: kept,
      findingCount: count,
      suppressed,
      fingerprintKey: keyId(key),
      ...(lifecycle !== undefined && { lifecycle }),
      coverage: covered,
    };
  } finally {
    crew.dismiss();
    state?.close();
  }
}

/** The folder of a file below one of the roots; nothing for a file that is a root itself. */
function folderOf(path: string, roots: readonly Root[], { path: paths }: Platform): LeftFolder[] {
  const root = roots.find((candidate) => candidate.kind === 'folder' && isInside(path, candidate, paths));
  return root === undefined ? [] : [{ path: paths.dirname(path), root: root.path, isBegun: true }];
}

/** How many threads scan, the main one included. A platform that is not this machine's is scanned by one. */
function threadsOf(asked: number | undefined, platform: Platform) {
  const exact = platform.fs === nodeFileSystem ? asked : 1;
  if (exact !== undefined) return { usual: exact, most: exact };
  return { usual: Math.min(availableParallelism(), MOST_THREADS), most: MOST_WAITING };
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

/** A rule of the file that has the id of a built-in one is told once. */
function descriptions(foreign: ForeignRules | undefined): RuleDescription[] {
  const builtIn = foreign?.areAlone === true ? [] : allRules.map(describe);
  const known = new Set(builtIn.map(({ id }) => id));
  return [...builtIn, ...(foreign?.descriptions ?? []).filter(({ id }) => !known.has(id))];
}

function describe({ id, title, severity, remediation, source }: RuleDescription): RuleDescription {
  return { id, title, severity, remediation, source };
}

function shown(roots: readonly Root[], redact: (text: string) => string): string {
  const text = roots.map(({ path }) => redact(path)).join(', ');
  return text.length <= ROOTS_SHOWN ? text : `${text.slice(0, ROOTS_SHOWN)} ...`;
}
