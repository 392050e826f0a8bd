/** Scans what commits add: those of a range, or those that a push brings to the other side. */
import { TaskError, describeError, errorKind, systemReason } from '../host/exit/task-error.ts';
import type { Scheduler } from './files/scheduler.ts';
import type { FindingCollector } from './findings/finding-collector.ts';
import { Git } from './git/git.ts';
import { type CommittedFile, addedByUpdates, addedInRange, topFolder } from './git/new-commits.ts';
import { type RefUpdates, refUpdatesIn } from './git/ref-updates.ts';
import { STANDARD_INPUT } from './input.ts';
import { scanExits } from './model/exits.ts';
import { keyOfText } from './model/key-set.ts';
import { type ChangeScan, scanChanges, withoutKnown } from './scan-changes.ts';
import type { Preparation } from './preparation.ts';

/** Lines for more branches and tags than a repository has. */
const MAX_INPUT_BYTES = 64 * 1024 * 1024;
/** Findings that are remembered, so that a secret that is removed and added again is reported once. */
const MAX_REMEMBERED = 100_000;
/** Digits of a commit's id that reports show. */
const SHOWN_DIGITS = 12;

/**
 * @returns the top folder of the work tree, or the repository
 * @throws TaskError `no-root` when git cannot list the commits, `usage` for lines that are not git's, `config` when git cannot be run
 */
export async function scanCommits(
  preparation: Preparation,
  scheduler: Scheduler,
  findings: FindingCollector,
): Promise<string | undefined> {
  const { options, platform, signal, coverage } = preparation;
  const { commits = '' } = options;
  const folder = platform.path.resolve('.');
  try {
    const git = Git.find(platform, signal, '--commits');
    const top = await topFolder(git);
    const files =
      commits === STANDARD_INPUT
        ? addedByUpdates(git, await updatesFrom(preparation), options.pushedTo)
        : addedInRange(git, commits, options.pushedTo);
    await scanChanges({
      preparation,
      scheduler,
      git,
      top,
      files,
      exposure: [],
      onFound: addingOnce(findings),
    });
    return top;
  } catch (error) {
    if (signal.aborted) {
      coverage.gap(folder, 'stopped-early');
      return undefined;
    }
    if (errorKind(error) !== 'internal') throw error;
    throw new TaskError(
      scanExits.noRoot.name,
      `--commits=${commits}: git cannot list the commits in ${folder}: ${describeError(error)}; run it in a repository (a bare one with GIT_DIR=.), with a range such as origin/main..HEAD`,
    );
  }
}

async function updatesFrom({ platform, signal }: Preparation): Promise<RefUpdates> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const piece of platform.standardInput(signal)) {
      length += piece.length;
      if (length > MAX_INPUT_BYTES)
        throw new TaskError('usage', '--commits=-: standard input has more than 64 MiB');
      pieces.push(piece);
    }
  } catch (error) {
    if (errorKind(error) !== 'internal') throw error;
    throw new TaskError(scanExits.noRoot.name, `standard input cannot be read: ${systemReason(error)}`);
  }
  const updates = refUpdatesIn(Buffer.concat(pieces).toString('utf8'));
  if (typeof updates === 'object') return updates;
  throw new TaskError(
    'usage',
    `--commits=-: line ${updates} of standard input is none that git gives to its hooks pre-push and pre-receive; for the commits of a range, use --commits=RANGE`,
  );
}

/** Adds what a commit has found, without what an earlier one has found in the same file. */
function addingOnce(findings: FindingCollector): ChangeScan<CommittedFile>['onFound'] {
  const remembered = new Set<bigint>();
  return (found, { commit }) => {
    const exposure = [`added by commit ${commit.slice(0, SHOWN_DIGITS)}`];
    const added = withoutKnown(found, (identity) => isKnown(remembered, identity, found.path));
    findings.add({ ...added, exposure });
  };
}

/** Whether an earlier commit has it in the same file. Remembers it. */
function isKnown(remembered: Set<bigint>, identity: string, path: string): boolean {
  const key = keyOfText(`${identity} ${path}`);
  const known = remembered.has(key);
  if (remembered.size < MAX_REMEMBERED) remembered.add(key);
  return known;
}
