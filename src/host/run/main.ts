/**
 * A process that runs one task. Reads argv and environment, turns signals into one AbortSignal, sets the exit code; nothing else does
 * any of these. It never calls `process.exit`, which would cut what is still being written, and would wait for a thread that
 * is stuck.
 */
import { stopCoverage } from 'node:v8';
import type * as z from 'zod';
import { describeError } from '../exit/task-error.ts';
import { hostExitCode } from '../exit/exit-table.ts';
import { StandardStream, endNow, endSoon, hostPlatform } from '../platform/index.ts';
import type { Task } from '../task/task.ts';
import { run } from './run.ts';

/** Milliseconds that a run may take to end after a signal; the waits within it are much shorter. */
const LONGEST_END_MS = 10_000;
/** Milliseconds that a run may take to say what went wrong after an error that nothing has caught. */
const LONGEST_FAILURE_MS = 2000;
/** Milliseconds to wait for a reader that takes nothing of help, a usage error or an unexpected one. */
const READER_PATIENCE_MS = 10_000;

/** What an executable is made of. */
export interface Main<Schema extends z.ZodObject> {
  /** The executable's name, for errors from before the task is loaded. */
  readonly name: string;
  readonly version: string;
  /** Loads the task; not called for `--version`. */
  readonly loadTask: () => Promise<Task<Schema>>;
}

/** Runs the task once, as the whole of this process. To be called once, first of all. */
export async function runMain<Schema extends z.ZodObject>({
  name,
  version,
  loadTask,
}: Main<Schema>): Promise<void> {
  // With this variable, Node would write a file at its end, in any folder. The other variables that Node reads before this line are
  // disabled when the executable is packed.
  if (process.env['NODE_V8_COVERAGE'] !== undefined) stopCoverage();
  // Not success if the event loop runs dry before the run has ended.
  process.exitCode = hostExitCode('internal');
  const stdout = new StandardStream(1);
  const stderr = new StandardStream(2);
  const signal = signalOfProcess();
  const crash = crashOfProcess();
  // An async function, so that what fails before the run ends in the same way: few descriptors are enough.
  const start = async () =>
    await run(process.argv.slice(2), process.env, {
      loadTask,
      version,
      platform: hostPlatform(process.env),
      stdout,
      stderr,
      signal,
      crash,
    });
  const code = await start().catch((error: unknown) => {
    stderr.write(`${name}: ${describeError(error)}\n`);
    return hostExitCode('internal');
  });
  await Promise.all([stdout, stderr].map((stream) => stream.flush(READER_PATIENCE_MS, signal)));
  endSoon(code);
}

/** Aborts with the signal's name when SIGINT or SIGTERM arrives; the process then ends, if need be by force. */
function signalOfProcess(): AbortSignal {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      stop.abort(signal);
      const code = hostExitCode(signal === 'SIGINT' ? 'interrupted' : 'terminated');
      setTimeout(() => endNow(code), LONGEST_END_MS).unref();
    });
  }
  return stop.signal;
}

/** Resolves with the first error that nothing has caught, a rejection included. */
function crashOfProcess(): Promise<unknown> {
  const { promise, resolve } = Promise.withResolvers<unknown>();
  let hasCrashed = false;
  process.on('uncaughtException', (error) => {
    if (hasCrashed) return;
    hasCrashed = true;
    resolve(error);
    setTimeout(() => endNow(hostExitCode('internal')), LONGEST_FAILURE_MS).unref();
  });
  return promise;
}
