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
import { redactSecrets } from '../redaction.ts';
import { Places, isWatched } from '../state/places.ts';
import { compileExcludes, walk } from '../walk/index.ts';
import { FolderStack } from './folder-stack.ts';
import type { WorkerInput, WorkerReport } from './messages.ts';

/** Milliseconds between two reports, and of sleep while there is nothing to do. */
const BETWEEN_REPORTS = 100;
const NAP = 1;

async function work(
  { folders: shared, exclude, key, now, watched }: WorkerInput,
  tell: (report: WorkerReport) => void,
) {
  const platform = hostPlatform({});
  const folders = new FolderStack(shared);
  const coverage = new CoverageRecorder(() => undefined, redactSecrets);
  let found: FileFindings[] = [];
  const places = new Places(redactSecrets, Buffer.from(key));
  const findings = new FindingsByFile(
    (file) => found.push(file),
    (path) => isWatched(path, watched, places),
  );
  const report = (final?: WorkerReport['final']) => {
    const { folders: walked, files, bytes } = coverage;
    tell({ found, soFar: { folders: walked, files, bytes }, ...(final === undefined ? {} : { final }) });
    found = [];
  };
  const stop = new AbortController();
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
  });
  const options = {
    platform,
    mounts: foreignMounts(platform),
    excludes: compileExcludes(exclude, platform),
    coverage,
    isOver: () => folders.isStopped,
  };
  for (const path of walk(folders, options)) {
    if (path === undefined) folders.sleep(NAP);
    const wait =
      (path === undefined ? undefined : scanner.scan(path)) ?? (pace.isRestDue ? pace.rest() : undefined);
    if (wait !== undefined) await wait;
    if (folders.isStopped) stop.abort();
  }
  scanner.flush();
  findings.flush();
  report(coverage.outcome());
}

const port = parentPort;
const input: WorkerInput = workerData;
if (port !== null) void work(input, (report) => port.postMessage(report));
