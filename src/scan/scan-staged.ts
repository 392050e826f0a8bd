/** Scans what git is about to commit. */
import { TaskError, describeError } from '../host/exit/task-error.ts';
import type { Scheduler } from './files/scheduler.ts';
import type { FindingCollector } from './findings/finding-collector.ts';
import { Git } from './git/git.ts';
import { type Staged, stagedFiles } from './git/staged-files.ts';
import { scanExits } from './model/exits.ts';
import { scanChanges } from './scan-changes.ts';
import type { Preparation } from './preparation.ts';

/**
 * @returns the top folder of the work tree
 * @throws TaskError `no-root` outside a work tree, `config` when git cannot be run
 */
export async function scanStaged(
  preparation: Preparation,
  scheduler: Scheduler,
  findings: FindingCollector,
): Promise<string | undefined> {
  const { platform, signal, coverage } = preparation;
  const git = Git.find(platform, signal, '--staged');
  const folder = platform.path.resolve('.');
  const staged = await stagedIn(git, folder, signal);
  if (staged === undefined) {
    coverage.gap(folder, 'stopped-early');
    return undefined;
  }
  await scanChanges({
    preparation,
    scheduler,
    git,
    ...staged,
    exposure: ['staged for commit'],
    onFound: (found) => findings.add(found),
  });
  return staged.top;
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
