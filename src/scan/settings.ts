/** From a scan's preparation to the settings of its threads. */
import type { ContainerSettings } from './model/container-settings.ts';
import type { SharedRate } from './files/rate-limit.ts';
import type { ScanSettings } from './files/scan-settings.ts';
import type { Preparation } from './preparation.ts';
import type { ScanState } from './state/scan-state.ts';
import type { SharedSeparateFolders } from './walk/index.ts';

/** The unit of `--container-limit`. */
const BYTES_PER_MEGABYTE = 1_000_000;

/** @param state undefined where none is kept */
export function settingsOf(
  preparation: Preparation,
  state: ScanState | undefined,
  rate: SharedRate | undefined,
  visitedSeparately: SharedSeparateFolders,
): ScanSettings {
  const { key, now, opened, options, disabledRules, suppressions, excludeGlobs } = preparation;
  const { binaries, gitHistory, shard, rulesOnly } = options;
  return {
    exclude: excludeGlobs,
    binaries,
    containers: containerSettingsOf(options),
    gitHistory,
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

/** What a run does about containers. */
export function containerSettingsOf(options: Preparation['options']): ContainerSettings {
  const { containers, containerDepth, containerLimit } = options;
  return { mode: containers, depth: containerDepth, maxBytes: containerLimit * BYTES_PER_MEGABYTE };
}

/** Options that affect which entries of a folder count. */
export function walkOptionsKey({ excludeGlobs, options: { shard } }: Preparation): string {
  return JSON.stringify([excludeGlobs, shard]);
}
