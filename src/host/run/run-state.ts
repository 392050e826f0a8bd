/**
 * The state of a run: directory, lock, store. An unusable store does not stop the work: the failure is reported, and the run ends
 * with `cannot-write`.
 */
import { errorKind } from '../exit/task-error.ts';
import {
  type Platform,
  type RunLock,
  type Schemas,
  type Store,
  asStateFailure,
  openStateDirectory,
  openStore,
  requireAnswer,
  takeRunLock,
} from '../platform/index.ts';

/** Reports a failure. */
type OnFailure = (error: unknown) => void;

/** The open state of a run. */
export interface RunState {
  /** Without links. */
  readonly directory: string;
  /** Undefined if it is unusable. */
  readonly store: Store | undefined;
  /** Set if an earlier store was unusable: the reason, and its new path. */
  readonly setAside: { readonly path: string; readonly reason: string } | undefined;
  /** Failures are reported, not thrown. */
  close(): void;
}

/**
 * Opens the state of a run, and creates it if necessary.
 * @param signal aborted when the run must end: ends the wait for the directory's file system
 * @throws TaskError `busy` when another run holds the lock, `cannot-write` when there is no directory or no lock: without
 * the lock, another run may be at work.
 */
export async function openRunState(
  platform: Platform,
  named: string,
  schemas: Schemas,
  onFailure: OnFailure,
  signal: AbortSignal,
): Promise<RunState> {
  const directory = await openRunDirectory(platform, named, signal);
  const lock = await takeRunLock(platform, directory);
  if (lock.problem !== undefined) onFailure(lock.problem);
  const { store, setAside } = await storeOf(platform, directory, schemas, onFailure);
  const close = () => closeAll(store, lock, onFailure);
  return { directory, store, setAside, close };
}

/**
 * Opens the directory alone, and creates it if necessary.
 * @returns its path without links
 * @throws TaskError `cannot-write`
 */
export async function openRunDirectory(
  platform: Platform,
  named: string,
  signal: AbortSignal,
): Promise<string> {
  await requireAnswer({
    path: named,
    what: 'the state directory',
    kind: 'cannot-write',
    remedy: 'choose a local one with --state-dir',
    signal,
  });
  return await openStateDirectory(platform, named, signal);
}

/** Runs the action in one transaction. Returns false, after the failure was reported, when nothing is stored. */
export function commitTo(
  store: Store | undefined,
  action: (store: Store) => void,
  onFailure: OnFailure,
): boolean {
  // That there is no store has been reported.
  if (store === undefined) return false;
  try {
    store.transaction(() => action(store));
    return true;
  } catch (error) {
    onFailure(asStateFailure('the state database', store.path, error));
    return false;
  }
}

async function storeOf(platform: Platform, directory: string, schemas: Schemas, onFailure: OnFailure) {
  try {
    return await openStore(platform, directory, schemas);
  } catch (error) {
    if (errorKind(error) !== 'cannot-write') throw error;
    onFailure(error);
    return { store: undefined, setAside: undefined };
  }
}

function closeAll(store: Store | undefined, lock: RunLock, onFailure: OnFailure): void {
  for (const close of [() => store?.close(), () => lock.release()]) {
    try {
      close();
    } catch (error) {
      onFailure(error);
    }
  }
}
