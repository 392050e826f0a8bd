/** The disabled rules of a run, in words: a report must not look as if secrets of their kinds had been looked for. */
import { printable } from '../../host/log/index.ts';
import { grouped } from '../../host/log/grouped.ts';
import type { ScanOutcome } from '../model/finding.ts';
import { plural } from './quantities.ts';

type Outcome = Pick<ScanOutcome, 'disabledRules'>;

/** Rules that are named ... */
const MAX_NAMED = 8;
/** ... if there are no more than this: of nearly all rules, a few names say nothing. */
const MAX_TO_NAME = 100;

/** `2 rules are disabled`; empty if none is. */
export function disabledRulesCount({ disabledRules: { length } = [] }: Outcome): string {
  return length === 0 ? '' : `${plural(length, 'rule')} ${length === 1 ? 'is' : 'are'} disabled`;
}

/** `npm-access-token, pypi-upload-token and 12 more`; empty if none is disabled, or very many are. */
export function disabledRuleNames({ disabledRules = [] }: Outcome): string {
  if (disabledRules.length > MAX_TO_NAME) return '';
  const others = disabledRules.length - MAX_NAMED;
  const named = disabledRules.slice(0, MAX_NAMED).map(printable).join(', ');
  return others > 0 ? `${named} and ${grouped(others)} more` : named;
}

/** Both, as a sentence without its full stop; undefined if none is disabled. */
export function disabledRulesNote(outcome: Outcome): string | undefined {
  const count = disabledRulesCount(outcome);
  const names = disabledRuleNames(outcome);
  return count === '' ? undefined : `${count}${names === '' ? '' : `: ${names}`}`;
}
