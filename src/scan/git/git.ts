/**
 * Runs git, without a shell, in the current folder. The configuration of a repository can name programs and servers, and belongs to whoever
 * made the repository: the options below keep git from running or contacting any of them. That a privileged run does not read a
 * repository of another user is git's own rule (`safe.directory`).
 */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { TaskError, describeError } from '../../host/exit/task-error.ts';
import { printable } from '../../host/log/index.ts';
import { type Platform, findProgram } from '../../host/platform/index.ts';

/** git(1), git-config(1). */
const SAFE_OPTIONS = [
  '--no-pager',
  // Refreshing the index runs the hook `post-index-change`.
  '--no-optional-locks',
  // Shows what is committed, not what `refs/replace` puts in its place.
  '--no-replace-objects',
  ...[
    'core.fsmonitor=false',
    'core.hooksPath=/dev/null',
    // A partial clone fetches missing objects, with the programs of its configuration.
    'protocol.allow=never',
    // A repository inside another one, committed as ordinary files, brings its own configuration.
    'safe.bareRepository=explicit',
  ].flatMap((setting) => ['-c', setting]),
];

/** Enough for the list of 100,000 long paths. */
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;
/** Characters of an error message of git that are shown. */
const MAX_MESSAGE_CHARS = 300;

export class Git {
  readonly #program: string;
  readonly #signal: AbortSignal;

  private constructor(program: string, signal: AbortSignal) {
    this.#program = program;
    this.#signal = signal;
  }

  /**
   * @param signal aborted when the run must end: ends every process
   * @throws TaskError `config` when git is not installed, or when another user could replace it in a privileged run
   */
  static find(platform: Platform, signal: AbortSignal): Git {
    let program: string | undefined;
    try {
      program = findProgram(platform, 'git');
    } catch (error) {
      throw new TaskError('config', `--staged: git is not run: ${describeError(error)}`);
    }
    if (program !== undefined) return new Git(program, signal);
    throw new TaskError('config', '--staged: git is in no folder of PATH; install it, or correct PATH');
  }

  start(args: readonly string[]): ChildProcessWithoutNullStreams {
    const options = { signal: this.#signal, windowsHide: true };
    const child = spawn(this.#program, [...SAFE_OPTIONS, ...args], options);
    // That it has ended is seen at its output.
    child.stdin.on('error', () => undefined);
    return child;
  }

  /**
   * The output of a command.
   * @throws GitFailed when it fails
   */
  async output(args: readonly string[]): Promise<Buffer> {
    const child = this.start(args);
    child.stdin.end();
    const ended = once(child, 'close');
    ended.catch(() => undefined); // Awaited below.
    const [output, errors] = await Promise.all([whole(child.stdout), whole(child.stderr)]);
    const [code]: readonly unknown[] = await ended;
    if (code !== 0) throw new GitFailed(messageIn(errors.toString('utf8')));
    return output;
  }
}

/** A command of git failed; the message is git's own, safe to print. */
export class GitFailed extends Error {
  override readonly name = 'GitFailed';
}

async function whole(stream: Readable): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of stream) {
    if (!Buffer.isBuffer(piece)) continue;
    length += piece.length;
    if (length > MAX_OUTPUT_BYTES) throw new GitFailed('its answer has more than 64 MiB');
    pieces.push(piece);
  }
  return Buffer.concat(pieces, length);
}

/** `fatal: not a git repository (or any of the parent directories): .git` without its beginning. */
function messageIn(errors: string): string {
  const line = errors.split('\n').find((text) => /^(?:fatal|error): /.test(text)) ?? '';
  return printable(line.replace(/^\w+: /, '').slice(0, MAX_MESSAGE_CHARS)) || 'it gave no reason';
}
