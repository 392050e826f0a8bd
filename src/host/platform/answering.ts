/**
 * Waits for file systems that may never answer: a network that is down, a process that serves files and has stopped. A call to
 * such a one blocks its thread for good, so the first look at a path is left to a thread of Node's pool, and the main thread, which
 * takes the signals, only waits for it as long as the run may.
 */
import { stat, statfs } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { type ErrorKind, TaskError } from '../exit/task-error.ts';
import { MountTable } from './mounts.ts';
import { hostPlatform } from './platform.ts';
import { mountThatMayNotAnswer } from './remote.ts';

/** Milliseconds that a look at a path may take. */
const LOOK_MS = 10_000;
/** Milliseconds that reading or writing a whole file may take. */
const TRANSFER_MS = 60_000;
/** Milliseconds that a file system has for either once the run must end: a local one needs a few. */
const ENDING_LOOK_MS = 300;
const ENDING_TRANSFER_MS = 500;

/** What is waited for. */
export interface Awaited {
  /** Relative to the working directory, or absolute. */
  readonly path: string;
  /** How an error calls it: `--rules`, `the state directory`. */
  readonly what: string;
  readonly kind: ErrorKind;
  /** What the user should do; the end of the error's sentence. */
  readonly remedy: string;
  /** Aborted when the run must end. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Resolves when the file system of the path has answered, if only that there is no such file. Whatever it says is left to the call
 * that follows.
 * @throws TaskError of the kind given when it does not answer within 10 seconds, or before the run must end
 */
export async function requireAnswer(awaited: Awaited): Promise<void> {
  await within(lookAt(resolve(awaited.path)), awaited, LOOK_MS, ENDING_LOOK_MS);
}

/**
 * The result of reading or writing, if it ends within a minute and before the run must end. What was begun goes on in its thread
 * otherwise, so it must close what it has opened by itself.
 * @throws TaskError as `requireAnswer`
 */
export async function whileAnswering<Result>(transfer: Promise<Result>, awaited: Awaited): Promise<Result> {
  return within(transfer, awaited, TRANSFER_MS, ENDING_TRANSFER_MS);
}

/** `statfs` asks the file system itself; what `stat` says may be known to the kernel from before. Neither opens anything. */
async function lookAt(path: string): Promise<void> {
  for (let place = path; ; place = dirname(place)) {
    try {
      await stat(place);
      await statfs(place);
      return;
    } catch {
      // Missing, or not to be looked at: what is above it decides whether that can be said at once.
      if (dirname(place) === place) return;
    }
  }
}

/**
 * @param patience milliseconds from now
 * @param grace milliseconds from when the run must end, or from now if that is later
 */
async function within<Result>(
  work: Promise<Result>,
  awaited: Awaited,
  patience: number,
  grace: number,
): Promise<Result> {
  const { signal } = awaited;
  const { promise: given, reject } = Promise.withResolvers<never>();
  const giveUp = () => reject(notAnswering(awaited));
  const timers = [setTimeout(giveUp, patience)];
  const onEnding = () => void timers.push(setTimeout(giveUp, grace));
  if (signal?.aborted === true) onEnding();
  else signal?.addEventListener('abort', onEnding, { once: true });
  try {
    return await Promise.race([work, given]);
  } finally {
    signal?.removeEventListener('abort', onEnding);
    for (const timer of timers) clearTimeout(timer);
    // It may still fail when there is no one left to hear of it.
    work.catch(() => undefined);
  }
}

function notAnswering({ path, what, kind, remedy }: Awaited): TaskError {
  const platform = hostPlatform({});
  const mount = mountThatMayNotAnswer(resolve(path), platform, new MountTable(platform));
  const where = mount === undefined ? '' : ` (${mount.type} at ${mount.path})`;
  return new TaskError(kind, `${what} ${path} is on a file system that does not answer${where}; ${remedy}`);
}
