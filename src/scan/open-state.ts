/** From a scan's preparation to its state: where it is kept, what it depends on, and what a failure means. */
import { asStateFailure } from '../host/platform/index.ts';
import { codeIdentity } from './files/detector-module.ts';
import type { Preparation } from './preparation.ts';
import { ScanState } from './state/scan-state.ts';

/** Undefined where no state is kept. */
export function openState(preparation: Preparation): ScanState | undefined {
  const { state, store, options, opened } = preparation;
  if (store === undefined || state === undefined) return undefined;
  const { binaries, rulesOnly, remind, full } = options;
  const { directory, onFailure } = state;
  try {
    return new ScanState({
      ...preparation,
      code: codeIdentity(),
      store,
      directory,
      walkOptionsKey: walkOptionsKey(preparation),
      scope: JSON.stringify([preparation.roots.map(({ path }) => path), walkOptionsKey(preparation)]),
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

/** Options that decide which entries of a folder count. */
export function walkOptionsKey({ options: { exclude, shard } }: Preparation): string {
  return JSON.stringify([exclude, shard]);
}
