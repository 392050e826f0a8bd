/** The compiled rules of a file. What reads one is in `read.ts`: both are loaded only by a run that is given one. */
import type { CustomRules } from './custom-rules.ts';
import type { RuleSet } from './rule-set.ts';

export { CustomRules } from './custom-rules.ts';
export type { Occurrence } from './expression.ts';
export type { RuleSet } from './rule-set.ts';

export interface OpenedRules {
  readonly rules: CustomRules;
  /** For other threads, which make rules of their own from it. */
  readonly set: RuleSet;
}
