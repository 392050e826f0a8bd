/** From a scan's preparation to its state: where it is kept, what it depends on, and what happens when it fails. */
import { asStateFailure } from '../host/platform/index.ts';
import { codeIdentity } from './files/detector-module.ts';
import { silent } from './findings/durable-findings.ts';
import { FindingCollector, type FindingLedger } from './findings/finding-collector.ts';
import type { Finding } from './model/finding.ts';
import type { Preparation } from './preparation.ts';
import { containerSettingsOf, walkOptionsKey } from './settings.ts';
import { ScanState } from './state/scan-state.ts';

/** Undefined where no state is kept. */
export function openState(preparation: Preparation): ScanState | undefined {
  const { state, store, options, opened, disabledRules } = preparation;
  if (store === undefined || state === undefined) return undefined;
  const { binaries, rulesOnly, remind, full } = options;
  const containers = containerSettingsOf(options);
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
      contentOptions: {
        binaries,
        containers,
        rulesOnly,
        rules: opened?.set,
        disabledRules: [...disabledRules].toSorted(),
      },
      isDisabled: (rule) => disabledRules.has(rule),
      onFailure,
    });
  } catch (error) {
    onFailure(asStateFailure('the state database', store.path, error));
    return undefined;
  }
}

/**
 * The collector of a run's findings.
 * @param state undefined where none is kept
 * @param onFinding called with each finding as soon as it is known, if no state is kept
 */
export function ledgerOf(
  preparation: Preparation,
  state: ScanState | undefined,
  onFinding: ((finding: Finding) => void) | undefined,
): FindingLedger {
  if (state !== undefined) return state.findings;
  // If state should be kept and cannot be, the next run announces the findings.
  const log = preparation.state === undefined ? preparation.log : silent;
  return new FindingCollector({ ...preparation, log, onFinding });
}
