/**
 * Waits for file systems that may never answer: a network that is down, or a file server process that has stopped. A call to such a
 * file system blocks its thread forever. Therefore, a path is first accessed from Node's thread pool, and the main thread, which
 * handles the signals, waits no longer than the run may.
 */
import { stat, statfs } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { type ErrorKind, TaskError } from '../exit/task-error.ts';
import { MountTable } from './mounts.ts';
import { hostPlatform } from './platform.ts';
import { mountThatMayNotAnswer } from './remote.ts';

/** Milliseconds that the first access to a path may take. */
const LOOK_MS = 10_000;
/** Milliseconds that reading or writing a whole file may take. */
const TRANSFER_MS = 60_000;
/** The same once the run must end; a local file system needs a few milliseconds. */
const ENDING_LOOK_MS = 300;
const ENDING_TRANSFER_MS = 500;

/** A path that is waited for. */
export interface Awaited {
  /** Relative to the working directory, or absolute. */
  readonly path: string;
  /** Its name in errors: `--rules`, `the state directory`. */
  readonly what: string;
  readonly kind: ErrorKind;
  /** What the user should do: the end of the error message. */
  readonly remedy: string;
  /** Aborted when the run must end. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Resolves when the file system of the path has answered, even if the file does not exist: the next call will show that.
 * @throws TaskError of the given kind when it does not answer within 10 seconds, or soon after the run must end
 */
export async function requireAnswer(awaited: Awaited): Promise<void> {
  await within(lookAt(resolve(awaited.path)), awaited, LOOK_MS, ENDING_LOOK_MS);
}

/**
 * The result of reading or writing a file, if it ends within a minute and soon after the run must end. Otherwise, the transfer
 * continues in its thread, so it must close what it opened.
 * @throws TaskError like `requireAnswer`
 */
export async function whileAnswering<Result>(transfer: Promise<Result>, awaited: Awaited): Promise<Result> {
  return within(transfer, awaited, TRANSFER_MS, ENDING_TRANSFER_MS);
}

/** `statfs` asks the file system itself; the kernel may answer `stat` from its cache. Neither opens anything. */
async function lookAt(path: string): Promise<void> {
  for (let place = path; ; place = dirname(place)) {
    try {
      await stat(place);
      await statfs(place);
      return;
    } catch {
      // Missing or not accessible: the folders above decide whether the file system answers.
      if (dirname(place) === place) return;
    }
  }
}

/**
 * @param patience milliseconds from now
 * @param grace milliseconds from the moment when the run must end, or from now if that is later
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
    // A later failure has no listener.
    work.catch(() => undefined);
  }
}

function notAnswering({ path, what, kind, remedy }: Awaited): TaskError {
  const platform = hostPlatform({});
  const mount = mountThatMayNotAnswer(resolve(path), platform, new MountTable(platform));
  const where = mount === undefined ? '' : ` (${mount.type} at ${mount.path})`;
  return new TaskError(kind, `${what} ${path} is on a file system that is not responding${where}; ${remedy}`);
}
