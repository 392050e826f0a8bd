/** The outcome of a scan, made of what its parts have collected. */
import { keyId } from './detect/fingerprint-key.ts';
import { ruleDescriptions } from './files/detector-module.ts';
import type { FindingSum } from './findings/finding-collector.ts';
import type { ScanOutcome } from './model/finding.ts';
import type { Preparation } from './preparation.ts';

/** Milliseconds between two records of a scan's progress. */
export const PROGRESS_INTERVAL_MS = 10_000;
/** A machine may have as many roots as users. */
const MAX_LISTED_ROOTS = 1000;

/** @param roots what was scanned; undefined if that is no file of this machine */
export function outcomeOf(
  { opened, disabledRules, key, redact, coverage }: Preparation,
  { listed, omitted, count, shipped, suppressed, lifecycle }: FindingSum,
  roots: readonly string[] | undefined,
): ScanOutcome {
  return {
    ...(roots !== undefined && { roots: roots.slice(0, MAX_LISTED_ROOTS).map(redact) }),
    // Few reports contain all of them.
    get rules() {
      return ruleDescriptions(opened?.rules).filter(({ id }) => !disabledRules.has(id));
    },
    ...(disabledRules.size > 0 && { disabledRules: [...disabledRules].toSorted() }),
    findings: listed,
    findingCount: count,
    shipped,
    ...(Object.keys(omitted).length > 0 && { omitted }),
    suppressed,
    fingerprintKey: keyId(key),
    ...(lifecycle !== undefined && { lifecycle }),
    coverage: coverage.outcome(),
  };
}
