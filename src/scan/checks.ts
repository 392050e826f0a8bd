/** What `doctor` checks of the scanner: that its roots exist and can be read. Walks nothing and reads no file. */
import type * as z from 'zod';
import { describeError, systemReason } from '../host/exit/task-error.ts';
import { MountTable, type Platform, mayNotAnswer } from '../host/platform/index.ts';
import type { Check, CheckContext } from '../host/task/check.ts';
import { CoverageRecorder } from './model/coverage.ts';
import { scanExits } from './model/exits.ts';
import type { ScanOptions } from './options.ts';
import { type Root, findRoots, requireReadable, unusableRoots } from './walk/index.ts';

/** Roots that are named in a message. */
const MAX_NAMED = 5;

/** A root that cannot be scanned, and why. */
interface Problem {
  readonly path: string;
  readonly reason: string;
}

export async function* scanChecks({
  options,
  platform,
  signal,
}: CheckContext<z.output<typeof ScanOptions>>): AsyncGenerator<Check> {
  const mounts = new MountTable(platform);
  const isRemote = (path: string) => mayNotAnswer(path, platform, mounts);
  // `doctor` redacts the texts of all checks.
  const coverage = new CoverageRecorder(
    () => undefined,
    (path) => path,
  );
  const { roots, unusable } = findRoots(options.roots, platform, mounts, coverage, isRemote);
  const areNamed = options.roots.length > 0;
  if (areNamed && unusable.length > 0 && !options.allowMissingRoots) {
    yield noRoots(describeError(unusableRoots(unusable)));
    return;
  }
  if (roots.length === 0) {
    yield noRoots(areNamed ? unusable.map(({ text }) => text).join(', ') : 'no default root exists');
    return;
  }
  const problems: Problem[] = unusable.map(({ path, reason }) => ({ path, reason }));
  for (const root of roots) {
    // Lets a signal arrive between two folders.
    await new Promise(setImmediate);
    if (signal.aborted) return;
    const reason = root.isRemote === true || areNamed ? undefined : unreadable(root, platform);
    if (reason !== undefined) problems.push({ path: root.path, reason });
  }
  yield rootsCheck(roots, problems);
}

const check = { id: 'roots', title: 'Roots of the scan' };

function noRoots(saw: string): Check {
  return {
    ...check,
    result: 'failed',
    exit: scanExits.noRoot.name,
    saw,
    means: 'A run scans nothing and ends with this error.',
    change: 'Name files and folders that exist on this machine, or none to scan the usual places.',
  };
}

function rootsCheck(roots: readonly Root[], problems: readonly Problem[]): Check {
  const remote = roots.filter(({ isRemote }) => isRemote === true).length;
  const total = `${roots.length} to scan${remote === 0 ? '' : `, of which ${remote} may not answer and were not tried`}`;
  if (problems.length === 0) return { ...check, result: 'ok', saw: `${total}; all of them readable` };
  const named = problems.slice(0, MAX_NAMED).map(({ path, reason }) => `${path} (${reason})`);
  const others = problems.length > named.length ? `, and ${problems.length - named.length} others` : '';
  return {
    ...check,
    result: 'warning',
    saw: `${total}; ${problems.length} cannot be read: ${named.join(', ')}${others}`,
    means: 'Files below these are not scanned. With --strict, the run ends with exit code 11.',
    change:
      'Let the user of the job read them, remove them from the roots, or on macOS grant the executable Full Disk Access.',
  };
}

/** Why a default root cannot be read; undefined if it can. */
function unreadable(root: Root, { fs }: Platform): string | undefined {
  try {
    requireReadable(fs.withoutLinks(root.path), root.kind, fs);
    return undefined;
  } catch (error) {
    return systemReason(error);
  }
}
