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

const FLAGS = [
  '--no-pager',
  // Refreshing the index runs the hook `post-index-change`.
  '--no-optional-locks',
  // Shows what is committed, not what `refs/replace` puts in its place.
  '--no-replace-objects',
];

/** git-config(1). */
const SETTINGS = [
  'core.fsmonitor=false',
  // A partial clone fetches missing objects, with the programs of its configuration.
  'protocol.allow=never',
];

/** For commands that read the contents of a repository. */
const CONTENT_SETTINGS = [
  'core.hooksPath=/dev/null',
  // A repository inside another one, committed as ordinary files, brings its own configuration.
  'safe.bareRepository=explicit',
];

/** Enough for the list of a million commits. */
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;
/** More than any path that git accepts. */
const MAX_RECORD_CHARS = 1024 * 1024;
/** Characters of an error message of git that are shown. */
const MAX_MESSAGE_CHARS = 300;

export class Git {
  readonly #program: string;
  readonly #signal: AbortSignal;
  readonly #options: readonly string[];

  private constructor(program: string, signal: AbortSignal, settings: readonly string[]) {
    this.#program = program;
    this.#signal = signal;
    this.#options = [...FLAGS, ...settings.flatMap((setting) => ['-c', setting])];
  }

  /**
   * @param signal aborted when the run must end: ends every process
   * @param purpose the option or command that needs git, for errors
   * @throws TaskError `config` when git is not installed, or when another user could replace it in a privileged run
   */
  static find(platform: Platform, signal: AbortSignal, purpose: string): Git {
    return new Git(programIn(platform, purpose), signal, [...SETTINGS, ...CONTENT_SETTINGS]);
  }

  /** The same for commands that read the place of hooks, also in a bare repository. They must read nothing else. */
  static findForHooks(platform: Platform, signal: AbortSignal, purpose: string): Git {
    return new Git(programIn(platform, purpose), signal, SETTINGS);
  }

  start(args: readonly string[]): ChildProcessWithoutNullStreams {
    const options = { signal: this.#signal, windowsHide: true };
    const child = spawn(this.#program, [...this.#options, ...args], options);
    // That it has ended is seen at its output.
    child.stdin.on('error', () => undefined);
    return child;
  }

  /**
   * The output of a command.
   * @throws GitFailed when it fails
   */
  async output(args: readonly string[], input: string | Buffer = ''): Promise<Buffer> {
    const child = this.start(args);
    child.stdin.end(input);
    const ended = endOf(child);
    const output = await whole(child.stdout);
    await ended();
    return output;
  }

  /** The output of a command as text, without the line feed at its end. @throws GitFailed when it fails */
  async text(args: readonly string[], input?: string): Promise<string> {
    return (await this.output(args, input)).toString('utf8').replace(/\r?\n$/, '');
  }

  /**
   * The records of a command's output, each ended by a NUL, as they arrive. Bytes that are not UTF-8 are replaced.
   * @throws GitFailed when it fails
   */
  async *records(args: readonly string[], input: string | Buffer = ''): AsyncGenerator<string> {
    const child = this.start(args);
    child.stdin.end(input);
    const ended = endOf(child);
    try {
      let rest = '';
      child.stdout.setEncoding('utf8');
      for await (const piece of child.stdout) {
        const parts = `${rest}${String(piece)}`.split('\0');
        rest = parts.pop() ?? '';
        if (rest.length > MAX_RECORD_CHARS) throw new GitFailed('its answer has an unknown format');
        yield* parts;
      }
      await ended();
    } finally {
      child.kill();
    }
  }
}

function programIn(platform: Platform, purpose: string): string {
  let program: string | undefined;
  try {
    program = findProgram(platform, 'git');
  } catch (error) {
    throw new TaskError('config', `${purpose}: git is not run: ${describeError(error)}`);
  }
  if (program !== undefined) return program;
  throw new TaskError('config', `${purpose}: git is in no folder of PATH; install it, or correct PATH`);
}

/** A command of git failed; the message is git's own, safe to print. */
export class GitFailed extends Error {
  override readonly name = 'GitFailed';
}

/** Reads the messages of a command. @returns waits for its end, and throws GitFailed if it failed */
function endOf(child: ChildProcessWithoutNullStreams): () => Promise<void> {
  const ended = once(child, 'close');
  const messages = whole(child.stderr);
  for (const awaitedLater of [ended, messages]) awaitedLater.catch(() => undefined);
  return async () => {
    const [code]: readonly unknown[] = await ended;
    if (code !== 0) throw new GitFailed(messageIn((await messages).toString('utf8')));
  };
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
