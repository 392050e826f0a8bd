/**
 * What to report when a file of the state cannot be written or read: a disk that is full, broken or read-only, or a limit. The
 * message names the file and the remedy, and the kind makes it exit code 73.
 */
import { TaskError, codeOf, errorKind } from '../exit/task-error.ts';
import { sqliteCodeOf } from './sqlite-error.ts';

/** Remedies by the system's error code (errno(3)). */
const bySystemCode: Readonly<Record<string, string>> = {
  ENOSPC: 'free space on its disk',
  EDQUOT: "raise this user's disk quota, or free space",
  EFBIG: 'raise the limit of the size of files',
  EIO: 'check its disk',
  EROFS: 'mount its file system for writing, or choose another folder with --state-dir',
  EMFILE: 'raise the limit of open files of a process',
  ENFILE: 'raise the limit of open files of the system',
  EACCES: 'let the user of this run write to it, or choose another folder with --state-dir',
  EPERM: 'let the user of this run write to it, or choose another folder with --state-dir',
};

/** The same by SQLite's primary result code (sqlite.org/rescode.html). */
const bySqliteCode: Readonly<Record<number, string>> = {
  5: 'end the program that has it open',
  6: 'end the program that has it open',
  7: 'free memory',
  8: 'mount its file system for writing, and let the user of this run write to it',
  10: 'check its disk, and that it is not full',
  11: 'remove it to have a new one made',
  13: 'free space on its disk',
  14: 'raise the limit of open files, and let the user of this run write to its folder',
  26: 'remove it to have a new one made',
};

/** True for an error that comes from the disk, the permissions or a limit, not from this program. */
export function isStorageFailure(error: unknown): boolean {
  const sqlite = sqliteCodeOf(error);
  if (sqlite !== 0) return Object.hasOwn(bySqliteCode, sqlite);
  return /^E[A-Z0-9]+$/.test(codeOf(error));
}

/**
 * The failure of a file of the state.
 * @param what the file is, as in `the file index`
 */
export function cannotWrite(what: string, path: string, cause: unknown): TaskError {
  const remedy = bySqliteCode[sqliteCodeOf(cause)] ?? bySystemCode[codeOf(cause)];
  return new TaskError(
    'cannot-write',
    `${what} ${path} cannot be used: ${remedy ?? 'remove it to have a new one made'}`,
    { cause },
  );
}

/**
 * An error on the way to or from a file of the state, as a failure of that file: itself if it is one already.
 * @throws the error itself when it is not a failure of storage
 */
export function asStateFailure(what: string, path: string, error: unknown): unknown {
  if (errorKind(error) === 'cannot-write') return error;
  if (isStorageFailure(error)) return cannotWrite(what, path, error);
  throw error;
}
