/** Starts an executable to learn its version, and whether this machine can start it at all: architecture, libraries, signature. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { TaskError, describeError } from '../../exit/task-error.ts';

const LONGEST_START_MS = 60_000;
const MAX_OUTPUT_BYTES = 64 * 1024;
const LONGEST_VERSION = 100;

/**
 * The first line that it prints for `--version`.
 * @param path absolute
 * @throws TaskError `config` when it does not start
 */
export async function versionOf(path: string, signal: AbortSignal): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(path, ['--version'], {
      timeout: LONGEST_START_MS,
      maxBuffer: MAX_OUTPUT_BYTES,
      signal,
      windowsHide: true,
    });
    return stdout.split('\n', 1)[0]?.trim().slice(0, LONGEST_VERSION) || 'of unknown version';
  } catch (error) {
    const said = Error.isError(error) && 'stderr' in error ? String(error.stderr).trim().slice(0, 300) : '';
    throw new TaskError('config', `${path} does not start on this machine: ${said || describeError(error)}`);
  }
}
