/**
 * Keeps runs from being in progress. A run holds the lock of its state directory; on Linux, other processes of the executable, such as a dry
 * run, are found too.
 */
import { readdirSync, readlinkSync } from 'node:fs';
import { TaskError } from '../../exit/task-error.ts';
import { type Platform, type RunLock, takeRunLock } from '../../platform/index.ts';

export interface HoldOptions {
  readonly platform: Platform;
  /** State directories of earlier runs. */
  readonly directories: readonly string[];
  /** Absolute path without links. */
  readonly executable: string;
}

/**
 * Takes the locks, so that no run can begin its work.
 * @returns a function that releases them
 * @throws TaskError `busy` while a run is in progress, `cannot-write` for a directory that cannot be used
 */
export async function holdRuns({ platform, directories, executable }: HoldOptions): Promise<() => void> {
  const locks: RunLock[] = [];
  const release = () => {
    for (const lock of locks.splice(0)) lock.release();
  };
  try {
    for (const directory of directories) locks.push(await takeRunLock(platform, directory));
    const pid = processOf(executable, platform);
    if (pid !== undefined) throw new TaskError('busy', `another run is in progress: process ${pid}`);
  } catch (error) {
    release();
    throw error;
  }
  return release;
}

/** Another process that was started from the executable; its file may have been replaced since. */
function processOf(executable: string, { os, pid: own }: Platform): string | undefined {
  if (os !== 'linux') return undefined;
  const names = new Set([executable, `${executable} (deleted)`]);
  return processes().find((pid) => pid !== String(own) && names.has(programOf(pid)));
}

function processes(): string[] {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
}

/** Empty for a process of another user that this one may not look at. */
function programOf(pid: string): string {
  try {
    return readlinkSync(`/proc/${pid}/exe`);
  } catch {
    return '';
  }
}
