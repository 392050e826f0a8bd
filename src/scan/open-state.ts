/** From a scan's preparation to its state: where it is kept, what it depends on, and what a failure means. */
import { asStateFailure } from '../host/platform/index.ts';
import type { Preparation } from './preparation.ts';
import { ScanState } from './state/scan-state.ts';

/** Undefined where no state is kept. */
export function openState(preparation: Preparation): ScanState | undefined {
  const { store, stateDirectory, options, opened } = preparation;
  if (store === undefined || stateDirectory === undefined) return undefined;
  const { binaries, rulesOnly, remind, full } = options;
  const onFailure = preparation.onStateFailure ?? raise;
  try {
    return new ScanState({
      ...preparation,
      store,
      directory: stateDirectory,
      walkedAs: walkedAs(preparation),
      scope: JSON.stringify([preparation.roots.map(({ path }) => path), walkedAs(preparation)]),
      remind,
      full,
      contentOptions: { binaries, rulesOnly, rules: opened?.set },
      onFailure,
    });
  } catch (error) {
    onFailure(asStateFailure('the store', store.path, error));
    return undefined;
  }
}

/** True when state should be kept and cannot be. A caller without `onStateFailure` gets an error instead. */
export function isStateLost({ stateDirectory, onStateFailure }: Preparation): boolean {
  return stateDirectory !== undefined && onStateFailure !== undefined;
}

function raise(error: unknown): never {
  throw error;
}

/** Options that decide which entries of a folder count. */
export function walkedAs({ options: { exclude, shard } }: Preparation): string {
  return JSON.stringify([exclude, shard]);
}
