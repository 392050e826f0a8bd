/** The compiled rules of a file. `read.ts` reads the file: both are loaded only when rules are given. */
import type { CustomRules } from './custom-rules.ts';
import type { RuleSet } from './rule-set.ts';

export { CustomRules } from './custom-rules.ts';
export type { Occurrence } from './expression.ts';
export type { RuleSet } from './rule-set.ts';

export interface OpenedRules {
  readonly rules: CustomRules;
  /** For other threads, which compile their own rules from it. */
  readonly set: RuleSet;
}
