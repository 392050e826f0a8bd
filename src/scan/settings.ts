/** From a scan's preparation to the settings of its threads. */
import type { SharedRate } from './files/rate-limit.ts';
import type { ScanSettings } from './files/scan-settings.ts';
import type { Preparation } from './preparation.ts';
import type { ScanState } from './state/scan-state.ts';
import type { SharedSeparateFolders } from './walk/index.ts';

/** @param state undefined where none is kept */
export function settingsOf(
  preparation: Preparation,
  state: ScanState | undefined,
  rate: SharedRate | undefined,
  visitedSeparately: SharedSeparateFolders,
): ScanSettings {
  const { key, now, opened, options, disabledRules, suppressions } = preparation;
  const { exclude, binaries, shard, rulesOnly } = options;
  return {
    exclude,
    binaries,
    shard,
    rate,
    key,
    now,
    ruleSet: opened?.set,
    rulesOnly,
    disabledRules,
    suppressions,
    walkOptionsKey: walkOptionsKey(preparation),
    visitedSeparately,
    watched: state?.watched,
    index: state?.index,
    readAgain: state?.readAgain,
  };
}

/** Options that affect which entries of a folder count. */
export function walkOptionsKey({ options: { exclude, shard } }: Preparation): string {
  return JSON.stringify([exclude, shard]);
}
