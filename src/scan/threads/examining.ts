/**
 * The part of a worker thread that knows the rules. It takes several times as long to load as all that a walk over unchanged
 * files needs, so it is loaded for the first file that is to be examined, or the first name that is to be kept.
 */
import type { ForeignRules, RuleSet } from '../foreign-rules/index.ts';

export { Examiner } from '../examiner.ts';
export { redactorWith } from '../redaction.ts';

export async function foreignRulesOf(set: RuleSet, areAlone: boolean | undefined): Promise<ForeignRules> {
  const foreign = await import('../foreign-rules/index.ts');
  return new foreign.ForeignRules(set, areAlone);
}
