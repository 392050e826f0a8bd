/** The compiled rules of a file. What reads one is in `read.ts`: both are loaded only by a run that is given one. */
export { ForeignRules, type ForeignMatch } from './foreign-rules.ts';
export type { Occurrence } from './expression.ts';
export type { RuleSet } from './rule-set.ts';
