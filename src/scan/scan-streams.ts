/** Scans what is not a file of this machine: standard input, and contents of git. Keeps no state. */
import { TaskError, systemReason } from '../host/exit/task-error.ts';
import { newStreamExaminer } from './files/detector-module.ts';
import { ByteStream } from './files/byte-stream.ts';
import { RateLimit, newRate } from './files/rate-limit.ts';
import { Scheduler } from './files/scheduler.ts';
import { FindingCollector } from './findings/finding-collector.ts';
import type { Input } from './input.ts';
import { scanEvents } from './model/events.ts';
import { scanExits } from './model/exits.ts';
import type { Finding, ScanOutcome } from './model/finding.ts';
import { PROGRESS_INTERVAL_MS, outcomeOf } from './outcome.ts';
import type { Preparation } from './preparation.ts';
import { progressOf } from './report/progress.ts';
import { containerSettingsOf } from './settings.ts';
import { scanCommits } from './scan-commits.ts';
import { scanStaged } from './scan-staged.ts';

type Scanner = (
  preparation: Preparation,
  scheduler: Scheduler,
  findings: FindingCollector,
) => Promise<string | undefined>;

/** Each returns the folder that its paths are below, if there is one. */
const scanners: Readonly<Record<Input, Scanner>> = {
  'standard input': scanStandardInput,
  'staged files': scanStaged,
  commits: scanCommits,
};

/** The path of standard input without --stdin-path. */
const UNNAMED = '<stdin>';

/**
 * Scans the input. Ends early, with what it has, when the signal aborts.
 * @param onFinding called with each finding as soon as it is known
 * @throws TaskError `no-root` when the input cannot be read, `config` when git cannot be run
 */
export async function scanStreams(
  preparation: Preparation,
  input: Input,
  onFinding: ((finding: Finding) => void) | undefined,
): Promise<ScanOutcome> {
  const findings = new FindingCollector({ ...preparation, onFinding });
  const scheduler = schedulerOf(preparation, () => findings.total);
  showProgress(preparation, () => findings.total);
  const root = await scanners[input](preparation, scheduler, findings);
  return outcomeOf(preparation, findings.finish(), root === undefined ? undefined : [root]);
}

function schedulerOf(
  { options: { maxRate }, platform, signal, log, coverage }: Preparation,
  findings: () => number,
): Scheduler {
  const { clock } = platform;
  return new Scheduler({
    clock,
    limit: maxRate === undefined ? undefined : new RateLimit(newRate(maxRate), clock),
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
    containers: containerSettingsOf(options),
    binaries: true,
    scheduler,
    exposure: [],
  });
  const found = await examiner.scan(path, stream, coverage);
  if (found !== undefined) findings.add(found);
  return undefined;
}
