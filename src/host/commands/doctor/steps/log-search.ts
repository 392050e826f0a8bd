/**
 * Looks for texts in the agent's log files, and returns their lines. Only the ends of files are read.
 */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type OpenLogFile, someLogFile } from '../../../installation/index.ts';
import { describeError } from '../../../exit/task-error.ts';
import { readRange, requireAnswer } from '../../../platform/index.ts';

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
    const remedy = 'move it to a local file system';
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
  const search = (file: OpenLogFile) => {
    const path = join(named, file.name);
    const lines = tailOf(file).split('\n');
    look.files.push(path);
    for (const line of lines) if (line.includes(text)) look.lines.push({ path, text: line });
    return false;
  };
  const onProblem = (name: string, error: unknown) =>
    void look.problems.push(`${join(named, name)}: ${describeError(error)}`);
  someLogFile(named, search, { most: MAX_FILES, onProblem });
}

function tailOf({ descriptor, size }: OpenLogFile): string {
  const start = Math.max(0, size - TAIL_BYTES);
  return readRange(descriptor, size - start, start).toString('utf8');
}
