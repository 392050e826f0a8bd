/** The log files in a folder of the agent. Only regular files that no other user can write are opened: others prove nothing. */
import { closeSync, fstatSync, openSync, readdirSync } from 'node:fs';
import { READ_AT_ONCE, openFolder, refuseUntrusted, trustedPath } from '../platform/index.ts';
import { isLogFile } from './log-files.ts';

/** A log file, open for reading. */
export interface OpenLogFile {
  readonly name: string;
  readonly descriptor: number;
  /** Identifies the file, whatever its name. */
  readonly identity: string;
  /** Bytes. */
  readonly size: number;
}

export interface LogFolderOptions {
  /** Files that are opened, at most. */
  readonly most: number;
  /** Called for each file that cannot be read or is not trusted. */
  readonly onProblem?: (name: string, error: unknown) => void;
}

/**
 * Calls the function with each log file until it returns true.
 * @param path of the folder, absolute
 * @returns the number of log files in the folder, of those that may be opened, and whether the function has returned true
 * @throws the system's error, or that of an untrusted path, when the folder cannot be read
 */
export function someLogFile(
  path: string,
  action: (file: OpenLogFile) => boolean,
  { most, onProblem }: LogFolderOptions,
): { readonly count: number; readonly isDone: boolean } {
  const folder = openFolder(trustedPath(path));
  try {
    const names = newest(readdirSync(folder.pathOf('.')).filter(isLogFile).toSorted(), most);
    const isDone = names.some((name) => {
      try {
        return withFile(folder.pathOf(name), name, action);
      } catch (error) {
        onProblem?.(name, error);
        return false;
      }
    });
    return { count: names.length, isDone };
  } finally {
    folder.close();
  }
}

/** Names contain the date, so that the newest come last; the active file, which has none, comes first. */
function newest(names: readonly string[], most: number): readonly string[] {
  return names.length <= most ? names : [...names.slice(0, 1), ...names.slice(1 - most)];
}

function withFile(path: string, name: string, action: (file: OpenLogFile) => boolean): boolean {
  const descriptor = openSync(path, READ_AT_ONCE);
  try {
    const status = fstatSync(descriptor);
    if (!status.isFile()) throw new Error('not a regular file');
    refuseUntrusted(name, status);
    return action({ name, descriptor, identity: `${status.dev}:${status.ino}`, size: status.size });
  } finally {
    closeSync(descriptor);
  }
}
