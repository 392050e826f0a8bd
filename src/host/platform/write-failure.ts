/**
 * The error for a state file that cannot be written or read: a full, broken or read-only disk, or a limit. The message names the file
 * and the remedy; the kind leads to exit code 73.
 */
import { TaskError, codeOf, errorKind } from '../exit/task-error.ts';
import { sqliteCodeOf } from './sqlite-error.ts';

/** Remedies by the system's error code (errno(3)). */
const bySystemCode: Readonly<Record<string, string>> = {
  ENOSPC: 'free space on its disk',
  EDQUOT: "raise this user's disk quota, or free space",
  EFBIG: 'raise the limit on the size of files',
  EIO: 'check its disk',
  EROFS: 'mount its file system read-write, or choose another folder with --state-dir',
  EMFILE: 'raise the limit on open files per process',
  ENFILE: 'raise the limit on open files of the system',
  EACCES: 'let the user of this run write to it, or choose another folder with --state-dir',
  EPERM: 'let the user of this run write to it, or choose another folder with --state-dir',
};

/** The same by SQLite's primary result code (sqlite.org/rescode.html). */
const bySqliteCode: Readonly<Record<number, string>> = {
  5: 'end the program that has it open',
  6: 'end the program that has it open',
  7: 'free memory',
  8: 'mount its file system read-write, and let the user of this run write to it',
  10: 'check its disk, and that it is not full',
  11: 'remove it; a new one will be created',
  13: 'free space on its disk',
  14: 'raise the limit on open files, and let the user of this run write to its folder',
  26: 'remove it; a new one will be created',
};

/** True for an error of the disk, the permissions or a limit, not of this program. */
export function isStorageFailure(error: unknown): boolean {
  const sqlite = sqliteCodeOf(error);
  if (sqlite !== 0) return Object.hasOwn(bySqliteCode, sqlite);
  return /^E[A-Z0-9]+$/.test(codeOf(error));
}

/**
 * The error for an unusable state file.
 * @param what the file's name in the message, such as `the state database`
 */
export function cannotWrite(what: string, path: string, cause: unknown): TaskError {
  const remedy = bySqliteCode[sqliteCodeOf(cause)] ?? bySystemCode[codeOf(cause)];
  return new TaskError(
    'cannot-write',
    `${what} ${path} cannot be used: ${remedy ?? 'remove it; a new one will be created'}`,
    { cause },
  );
}

/**
 * Converts an error of a state file with `cannotWrite`, unless it already is such an error.
 * @throws the error itself if it is not a storage failure
 */
export function asStateFailure(what: string, path: string, error: unknown): unknown {
  if (errorKind(error) === 'cannot-write') return error;
  if (isStorageFailure(error)) return cannotWrite(what, path, error);
  throw error;
}
