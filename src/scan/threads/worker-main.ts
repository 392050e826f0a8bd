/**
 * A worker thread of the scan: walks and scans beside the others until nothing is left, and tells what it finds. Only
 * the main thread logs and keeps.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { foreignMounts, hostPlatform } from '../../platform/index.ts';
import { CoverageRecorder } from '../coverage.ts';
import { binaryOpener, createDetector } from '../detector.ts';
import { FileScanner } from '../file-scanner.ts';
import { exposureOf } from '../exposure.ts';
import { type FileFindings, FindingsByFile } from '../findings-by-file.ts';
import { Pace } from '../pace.ts';
import type { PartFindings } from '../part-scanner.ts';
import { RateLimit } from '../rate-limit.ts';
import { redactorWith } from '../redaction.ts';
import { Places, isWatched } from '../state/places.ts';
import { openMemory } from '../state/scan-state.ts';
import { type LeftFolder, type RestOfFile, compileExcludes, walk } from '../walk/index.ts';
import type { WorkerInput, WorkerReport } from './messages.ts';
import { WorkStack } from './work-stack.ts';

/** Milliseconds between two reports, and of sleep while there is nothing to do. */
const BETWEEN_REPORTS = 100;
const NAP = 1;

async function work(input: WorkerInput, tell: (report: WorkerReport) => void) {
  const { waiting: shared, exclude, binaries, rate, now, watched, index, walkedAs, shard, apart } = input;
  const { ruleSet, rulesOnly } = input;
  const key = Buffer.from(input.key);
  const platform = hostPlatform({});
  const waiting = new WorkStack(shared);
  const foreign = ruleSet && new (await import('../foreign-rules/index.ts')).ForeignRules(ruleSet, rulesOnly);
  const redact = redactorWith(foreign);
  const coverage = new CoverageRecorder(() => undefined, redact);
  let found: FileFindings[] = [];
  let parts: PartFindings[] = [];
  const places = new Places(redact, key);
  const findings = new FindingsByFile(
    (file) => found.push(file),
    exposureOf(platform),
    (path) => isWatched(path, watched, places),
  );
  const memory = index && openMemory(platform, index, walkedAs);
  let left: LeftFolder[] = [];
  let scanner: FileScanner | undefined;
  const report = (final?: WorkerReport['final']) => {
    // What the records say was examined must have been searched.
    scanner?.flush();
    const { folders, files, unchanged, bytes } = coverage;
    tell({
      found,
      parts,
      records: memory?.journal.take() ?? new Uint8Array(),
      left,
      soFar: { folders, files, unchanged, bytes },
      ...(final === undefined ? {} : { final }),
    });
    found = [];
    parts = [];
    left = [];
  };
  const limit = rate && new RateLimit(rate, platform.clock);
  const pace = new Pace({
    clock: platform.clock,
    isOver: () => waiting.isStopped,
    limit,
    betweenReports: BETWEEN_REPORTS,
    report,
  });
  /** Made when there is something to scan. */
  const newScanner = () => {
    const detector = createDetector(key, now, { foreign });
    return new FileScanner({
      fs: limit?.meter(platform.fs) ?? platform.fs,
      detector,
      openBinary: binaries ? binaryOpener(detector) : undefined,
      coverage,
      pace,
      onDetection: (path, detection) => findings.add(path, detection),
      onEnd: watched && ((path, status) => findings.end(path, status)),
      onRead: memory && ((path, status, isBinary) => memory.journal.examined(path, status, isBinary)),
      split: { offer: (rest) => waiting.push(rest), onPart: (part) => parts.push(part) },
    });
  };
  const options = {
    platform,
    mounts: foreignMounts(platform),
    excludes: compileExcludes(exclude, platform),
    coverage,
    isOver: () => waiting.isStopped,
    shard,
    memory,
    apart,
    onLeft: (folder: LeftFolder) => void left.push(folder),
  };
  const examine = (next: string | RestOfFile) => {
    scanner ??= newScanner();
    return scanner.scan(next);
  };
  for (const next of walk(waiting, options)) {
    if (next === undefined) waiting.sleep(NAP);
    const wait =
      (next === undefined || next === null ? undefined : examine(next)) ??
      (pace.isRestDue ? pace.rest() : undefined);
    if (wait !== undefined) await wait;
  }
  scanner?.flush();
  findings.flush();
  memory?.close();
  report(coverage.outcome());
}

const port = parentPort;
const input: WorkerInput = workerData;
if (port !== null) void work(input, (report) => port.postMessage(report));
