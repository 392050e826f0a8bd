/**
 * A worker thread of the scan: walks and scans beside the others until nothing is left, and tells what it finds. Only
 * the main thread logs and keeps.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { foreignMounts, hostPlatform } from '../../platform/index.ts';
import { CoverageRecorder } from '../coverage.ts';
import { createDetector } from '../detector.ts';
import { FileScanner } from '../file-scanner.ts';
import { type FileFindings, FindingsByFile } from '../findings-by-file.ts';
import { Pace } from '../pace.ts';
import type { PartFindings } from '../part-scanner.ts';
import { redactSecrets } from '../redaction.ts';
import { Places, isWatched } from '../state/places.ts';
import { compileExcludes, walk } from '../walk/index.ts';
import type { WorkerInput, WorkerReport } from './messages.ts';
import { WorkStack } from './work-stack.ts';

/** Milliseconds between two reports, and of sleep while there is nothing to do. */
const BETWEEN_REPORTS = 100;
const NAP = 1;

async function work(
  { waiting: shared, exclude, key, now, watched }: WorkerInput,
  tell: (report: WorkerReport) => void,
) {
  const platform = hostPlatform({});
  const waiting = new WorkStack(shared);
  const coverage = new CoverageRecorder(() => undefined, redactSecrets);
  let found: FileFindings[] = [];
  let parts: PartFindings[] = [];
  const places = new Places(redactSecrets, Buffer.from(key));
  const findings = new FindingsByFile(
    (file) => found.push(file),
    (path) => isWatched(path, watched, places),
  );
  const stop = new AbortController();
  const report = (final?: WorkerReport['final']) => {
    const { folders, files, bytes } = coverage;
    tell({ found, parts, soFar: { folders, files, bytes }, ...(final === undefined ? {} : { final }) });
    found = [];
    parts = [];
    if (waiting.isStopped) stop.abort();
  };
  const pace = new Pace({
    clock: platform.clock,
    signal: stop.signal,
    betweenReports: BETWEEN_REPORTS,
    report,
  });
  const scanner = new FileScanner({
    fs: platform.fs,
    detector: createDetector(Buffer.from(key), now),
    coverage,
    pace,
    onDetection: (path, detection) => findings.add(path, detection),
    onEnd: watched && ((path, status) => findings.end(path, status)),
    split: { offer: (rest) => waiting.push(rest), onPart: (part) => parts.push(part) },
  });
  const options = {
    platform,
    mounts: foreignMounts(platform),
    excludes: compileExcludes(exclude, platform),
    coverage,
    isOver: () => waiting.isStopped,
  };
  for (const next of walk(waiting, options)) {
    if (next === undefined) waiting.sleep(NAP);
    const wait =
      (next === undefined ? undefined : scanner.scan(next)) ?? (pace.isRestDue ? pace.rest() : undefined);
    if (wait !== undefined) await wait;
    if (waiting.isStopped) stop.abort();
  }
  scanner.flush();
  findings.flush();
  report(coverage.outcome());
}

const port = parentPort;
const input: WorkerInput = workerData;
if (port !== null) void work(input, (report) => port.postMessage(report));
