/** Errors of node:sqlite. */
import { codeOf } from '../exit/task-error.ts';

/** The primary result code (sqlite.org/rescode.html) of an error of node:sqlite; 0 for other errors. */
export function sqliteCodeOf(error: unknown): number {
  const isSqlite = codeOf(error) === 'ERR_SQLITE_ERROR' && Error.isError(error) && 'errcode' in error;
  return isSqlite && typeof error.errcode === 'number' ? error.errcode & 0xff : 0;
}
