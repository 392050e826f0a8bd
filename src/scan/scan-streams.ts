/** Scans what is not a file of this machine: standard input, and what git is about to commit. Keeps no state. */
import { TaskError, describeError, systemReason } from '../host/exit/task-error.ts';
import { newStreamExaminer, ruleDescriptions } from './files/detector-module.ts';
import { keyId } from './detect/fingerprint-key.ts';
import { ByteStream } from './files/byte-stream.ts';
import { Scheduler } from './files/scheduler.ts';
import type { StreamExaminer } from './files/stream-examiner.ts';
import { FindingCollector } from './findings/finding-collector.ts';
import type { FileFindings } from './findings/findings-by-file.ts';
import { identityOf } from './findings/standing.ts';
import { BlobReader } from './git/blob-reader.ts';
import { Git } from './git/git.ts';
import { type Staged, type StagedFile, stagedFiles } from './git/staged-files.ts';
import { CoverageRecorder } from './model/coverage.ts';
import { scanEvents } from './model/events.ts';
import { scanExits } from './model/exits.ts';
import type { Finding, ScanOutcome } from './model/finding.ts';
import type { Preparation } from './preparation.ts';
import { progressOf } from './report/progress.ts';
import { scopeOf } from './walk/index.ts';

const PROGRESS_INTERVAL_MS = 10_000;
/** The path of standard input without --stdin-path. */
const UNNAMED = '<stdin>';

/**
 * Scans the input. Ends early, with what it has, when the signal aborts.
 * @param onFinding called with each finding as soon as it is known
 * @throws TaskError `no-root` when the input cannot be read, `config` when git cannot be run
 */
export async function scanStreams(
  preparation: Preparation,
  onFinding: ((finding: Finding) => void) | undefined,
): Promise<ScanOutcome> {
  const { input, opened, key, coverage, redact } = preparation;
  const findings = new FindingCollector({ ...preparation, onFinding });
  const scheduler = schedulerOf(preparation, () => findings.total);
  showProgress(preparation, () => findings.total);
  const isStaged = input === 'staged files';
  const root = await (isStaged ? scanStaged : scanStandardInput)(preparation, scheduler, findings);
  const { listed, omitted, count, shipped, suppressed } = findings.finish();
  return {
    ...(root !== undefined && { roots: [redact(root)] }),
    get rules() {
      return ruleDescriptions(opened?.rules);
    },
    findings: listed,
    findingCount: count,
    shipped,
    ...(Object.keys(omitted).length > 0 && { omitted }),
    suppressed,
    fingerprintKey: keyId(key),
    coverage: coverage.outcome(),
  };
}

function schedulerOf({ platform, signal, log, coverage }: Preparation, findings: () => number): Scheduler {
  return new Scheduler({
    clock: platform.clock,
    isCancelled: () => signal.aborted,
    reportIntervalMs: PROGRESS_INTERVAL_MS,
    report: () => {
      const { folders, files, unchanged, bytes } = coverage;
      log(scanEvents.progress, { folders, files, unchanged, bytes, findings: findings() });
    },
  });
}

function showProgress({ platform, coverage, progress }: Preparation, findings: () => number): void {
  const began = platform.clock.monotonic();
  progress(() => {
    const { files, unchanged, bytes } = coverage;
    const milliseconds = platform.clock.monotonic() - began;
    const soFar = { files, unchanged, bytes, findings: findings(), milliseconds };
    return progressOf({ ...soFar, folder: undefined, fraction: undefined });
  });
}

/** Whatever kind of data arrives was meant to be scanned, so binaries are not skipped. */
async function scanStandardInput(
  preparation: Preparation,
  scheduler: Scheduler,
  findings: FindingCollector,
): Promise<undefined> {
  const { options, platform, signal, coverage, opened } = preparation;
  const path = options.stdinPath === undefined ? UNNAMED : platform.path.resolve(options.stdinPath);
  const stream = new ByteStream(platform.standardInput(signal));
  try {
    await stream.prepare();
  } catch (error) {
    if (!signal.aborted)
      throw new TaskError(scanExits.noRoot.name, `standard input cannot be read: ${systemReason(error)}`);
    coverage.gap(path, 'stopped-early');
    return undefined;
  }
  const examiner = newStreamExaminer({
    ...preparation,
    customRules: opened?.rules,
    binaries: true,
    scheduler,
    exposure: [],
  });
  const found = await examiner.scan(path, stream, coverage);
  if (found !== undefined) findings.add(found);
  return undefined;
}

/** @returns the top folder of the work tree */
async function scanStaged(
  preparation: Preparation,
  scheduler: Scheduler,
  findings: FindingCollector,
): Promise<string | undefined> {
  const { options, platform, signal, coverage, excludes, opened } = preparation;
  const git = Git.find(platform, signal);
  const folder = platform.path.resolve('.');
  const staged = await stagedIn(git, folder, signal);
  if (staged === undefined) {
    coverage.gap(folder, 'stopped-early');
    return undefined;
  }
  const { top, files } = staged;
  const inScope = scopeOf([{ path: top, kind: 'folder' }], excludes, undefined, platform);
  const blobs = new BlobReader(git);
  const examiner = newStreamExaminer({
    ...preparation,
    customRules: opened?.rules,
    binaries: options.binaries,
    scheduler,
    exposure: ['staged for commit'],
  });
  try {
    for (const file of files) {
      const path = platform.path.join(top, file.name);
      if (file.kind === 'submodule') continue;
      if (!inScope(path)) coverage.skip('excluded');
      else if (file.kind === 'link') coverage.skip('link');
      else if (file.kind === 'unmerged') coverage.gap(path, 'unmerged');
      else if (signal.aborted) coverage.gap(path, 'stopped-early');
      else {
        const found = await newIn(file, path, { examiner, blobs, coverage });
        if (found !== undefined) findings.add(found);
      }
      if (scheduler.isYieldDue) await scheduler.yieldNow();
    }
  } finally {
    blobs.close();
  }
  return top;
}

/** Undefined when the run must end. */
async function stagedIn(git: Git, folder: string, signal: AbortSignal): Promise<Staged | undefined> {
  try {
    return await stagedFiles(git);
  } catch (error) {
    if (signal.aborted) return undefined;
    throw new TaskError(
      scanExits.noRoot.name,
      `--staged: git cannot say what is staged in ${folder}: ${describeError(error)}; run it in the work tree of a repository`,
    );
  }
}

interface StagedScan {
  readonly examiner: StreamExaminer;
  readonly blobs: BlobReader;
  readonly coverage: CoverageRecorder;
}

/** What is found in the staged content of a file, without what was in its content before. */
async function newIn(
  { blob, before }: StagedFile,
  path: string,
  { examiner, blobs, coverage }: StagedScan,
): Promise<FileFindings | undefined> {
  const found = await examiner.scan(path, new ByteStream(blobs.read(blob)), coverage);
  if (found === undefined || found.detections.length === 0) return found;
  const known = new Set<string>();
  for (const earlier of before) {
    // What cannot be examined here hides nothing.
    const unrecorded = new CoverageRecorder(
      () => undefined,
      (text) => text,
    );
    const old = await examiner.scan(path, new ByteStream(blobs.read(earlier)), unrecorded);
    for (const detection of old?.detections ?? []) known.add(identityOf(detection));
  }
  const detections = found.detections.filter((detection) => !known.has(identityOf(detection)));
  const committed = found.detections.length - detections.length;
  if (committed === 0) return found;
  return { ...found, detections, suppressed: { ...found.suppressed, 'already committed': committed } };
}
