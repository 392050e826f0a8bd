/**
 * Looks for texts in the agent's log files, and returns their lines. Only the ends of regular files are read, and only files and folders
 * that no other user can write: others prove nothing, and could redirect or delay the search.
 */
import { closeSync, fstatSync, openSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isLogFile } from '../../../installation/index.ts';
import { describeError } from '../../../exit/task-error.ts';
import {
  READ_AT_ONCE,
  openFolder,
  readRange,
  refuseUntrusted,
  requireAnswer,
  trustedPath,
} from '../../../platform/index.ts';

/** Bytes of the end of each file that are read, and files of a folder. */
const TAIL_BYTES = 1024 * 1024;
const MAX_FILES = 50;
/** Milliseconds between two looks. */
const INTERVAL_MS = 200;

/** A line of a log file. */
export interface LogLine {
  readonly path: string;
  readonly text: string;
}

export interface LogLook {
  /** The lines that contain a text. */
  readonly lines: readonly LogLine[];
  /** Log files that could be read. */
  readonly files: readonly string[];
  /** Why others could not, one line each. */
  readonly problems: readonly string[];
}

/** The lines with `text` at the ends of all log files in these folders. Folders that do not exist are left out. */
function linesWith(text: string, folders: readonly string[]): LogLook {
  const look = { lines: [] as LogLine[], files: [] as string[], problems: [] as string[] };
  for (const named of new Set(folders)) {
    try {
      searchFolder(named, text, look);
    } catch (error) {
      const isMissing = Error.isError(error) && 'code' in error && error.code === 'ENOENT';
      if (!isMissing) look.problems.push(`${named}: ${describeError(error)}`);
    }
  }
  return look;
}

/**
 * Looks until `isEnough`, or until the signal aborts.
 * @returns the last look
 * @throws TaskError `config` when a folder is on a file system that does not answer
 */
export async function watchFor(
  text: string,
  folders: readonly string[],
  isEnough: (look: LogLook) => boolean,
  signal: AbortSignal,
): Promise<LogLook> {
  for (const path of folders) {
    const remedy = 'keep it on a local one';
    await requireAnswer({ path, what: "the agent's log", kind: 'config', remedy, signal });
  }
  for (;;) {
    const look = linesWith(text, folders);
    if (isEnough(look) || signal.aborted) return look;
    await sleep(INTERVAL_MS, undefined, { signal }).catch(() => undefined);
  }
}

function searchFolder(
  named: string,
  text: string,
  look: { lines: LogLine[]; files: string[]; problems: string[] },
): void {
  const folder = openFolder(trustedPath(named));
  try {
    const names = readdirSync(folder.pathOf('.')).filter(isLogFile);
    // Names contain the date: the newest come last.
    for (const name of names.toSorted().slice(-MAX_FILES)) {
      const path = join(named, name);
      try {
        const lines = tailOf(folder.pathOf(name), path).split('\n');
        look.files.push(path);
        for (const line of lines) if (line.includes(text)) look.lines.push({ path, text: line });
      } catch (error) {
        look.problems.push(`${path}: ${describeError(error)}`);
      }
    }
  } finally {
    folder.close();
  }
}

/** The end of a regular file. @throws the system's error, or an error for anything else than a regular file */
function tailOf(path: string, named: string): string {
  const descriptor = openSync(path, READ_AT_ONCE);
  try {
    const status = fstatSync(descriptor);
    if (!status.isFile()) throw new Error('not a regular file');
    refuseUntrusted(named, status);
    const start = Math.max(0, status.size - TAIL_BYTES);
    return readRange(descriptor, status.size - start, start).toString('utf8');
  } finally {
    closeSync(descriptor);
  }
}
