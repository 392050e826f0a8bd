/** Scans what git is about to commit. */
import { TaskError, describeError } from '../host/exit/task-error.ts';
import { newStreamExaminer } from './files/detector-module.ts';
import type { Scheduler } from './files/scheduler.ts';
import type { FindingCollector } from './findings/finding-collector.ts';
import { BlobReader } from './git/blob-reader.ts';
import { Git } from './git/git.ts';
import { type Staged, stagedFiles } from './git/staged-files.ts';
import { scanExits } from './model/exits.ts';
import { newIn } from './new-content.ts';
import type { Preparation } from './preparation.ts';
import { containerSettingsOf } from './settings.ts';
import { scopeOf } from './walk/index.ts';

/**
 * @returns the top folder of the work tree
 * @throws TaskError `no-root` outside a work tree, `config` when git cannot be run
 */
export async function scanStaged(
  preparation: Preparation,
  scheduler: Scheduler,
  findings: FindingCollector,
): Promise<string | undefined> {
  const { options, platform, signal, coverage, excludes, opened } = preparation;
  const git = Git.find(platform, signal, '--staged');
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
    containers: containerSettingsOf(options),
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
