/** The folder for state: made for this user alone, and refused when anybody else could have a hand in it. */
import { lstatSync, mkdirSync } from 'node:fs';
import { TaskError } from '../errors.ts';

/**
 * Makes the directory (and its parents) when it is missing.
 * @throws TaskError `cannot-write` when it cannot be made, is a link, belongs to another user or is open to others.
 */
export function openStateDirectory(path: string): void {
  let status;
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    status = lstatSync(path);
  } catch (cause) {
    throw new TaskError('cannot-write', `the state directory ${path} cannot be made`, { cause });
  }
  const problem = status.isDirectory() ? openToOthers(status) : 'is no directory of its own';
  if (problem !== undefined) {
    throw new TaskError(
      'cannot-write',
      `the state directory ${path} ${problem}; choose another with --state-dir`,
    );
  }
}

/** Undefined when all is well. On Windows the folder inherits its access list, and `getuid` is missing. */
function openToOthers({ uid, mode }: { readonly uid: number; readonly mode: number }): string | undefined {
  if (process.getuid === undefined) return undefined;
  if (uid !== process.getuid()) return `belongs to user ${uid}`;
  return (mode & 0o077) === 0 ? undefined : `is open to other users (mode ${(mode & 0o777).toString(8)})`;
}
