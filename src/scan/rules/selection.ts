/** Which rules are disabled, as `--enable-rules` and `--disable-rules` say. */
import { typed } from '../../host/log/index.ts';
import { nearest } from '../../host/task/nearest.ts';
import type { WrongValue } from '../../host/task/wrong-value.ts';
import type { RuleDescription } from '../model/finding.ts';

export interface RuleSwitches {
  /** If there are any, only these rules are enabled. */
  readonly enableRules: readonly string[];
  readonly disableRules: readonly string[];
}

type Named = Pick<RuleDescription, 'id' | 'family'>;

const FAMILY = 'family:';

/**
 * The ids of the rules that are disabled.
 * @param rules all that there are
 * @throws what `wrongValue` makes of a name that names no rule, and of switches that leave no rule
 */
export function disabledRules(
  { enableRules, disableRules }: RuleSwitches,
  rules: readonly Named[],
  wrongValue: WrongValue,
): ReadonlySet<string> {
  const enabled = namedIn('enableRules', enableRules, rules, wrongValue);
  const disabled = namedIn('disableRules', disableRules, rules, wrongValue);
  const isEnabled = (id: string) => (enableRules.length === 0 || enabled.has(id)) && !disabled.has(id);
  const off = new Set(rules.map(({ id }) => id).filter((id) => !isEnabled(id)));
  if (rules.every(({ id }) => off.has(id))) {
    throw wrongValue('disableRules', 'no rule is left, so that nothing would be found; leave at least one');
  }
  return off;
}

function namedIn(
  key: keyof RuleSwitches,
  texts: readonly string[],
  rules: readonly Named[],
  wrongValue: WrongValue,
): ReadonlySet<string> {
  const names = texts.flatMap((text) => text.split(',')).map((name) => name.trim());
  return new Set(
    names.flatMap((name) => {
      const found = rules.filter(isNamed(name));
      if (found.length === 0) throw wrongValue(key, unknownName(name, rules));
      return found.map(({ id }) => id);
    }),
  );
}

/** A name is an id, or a family after `family:`; `*` stands for any characters. */
function isNamed(name: string): (rule: Named) => boolean {
  const isFamily = name.startsWith(FAMILY);
  const parts = (isFamily ? name.slice(FAMILY.length) : name).split('*');
  return ({ id, family = '' }) => consistsOf(isFamily ? family : id, parts);
}

/** Whether a text has these parts in this order, the first at its beginning and the last at its end. */
function consistsOf(text: string, parts: readonly string[]): boolean {
  const [first = '', ...others] = parts;
  const last = others.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const part of others) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}

function unknownName(name: string, rules: readonly Named[]): string {
  if (name === '') return 'a name is empty; write ids, globs or families, with commas between them';
  const families = [...new Set(rules.map(({ family = '' }) => family))];
  const known = [...rules.map(({ id }) => id), ...families.map((family) => FAMILY + family)];
  const meant = families.includes(name) ? FAMILY + name : nearest(name, known);
  const remedy = meant === undefined ? '"rules list" shows the ids' : `did you mean ${meant}?`;
  if (name.includes('*')) return `the glob ${shown(name)} matches no rule; ${remedy}`;
  const what = name.startsWith(FAMILY) ? 'family' : 'rule';
  return `there is no ${what} ${shown(what === 'family' ? name.slice(FAMILY.length) : name)}; ${remedy}`;
}

/** Quoted if it looks like the name of a rule, which no token does: a wrong file may have been named. */
function shown(name: string): string {
  const isName = /^[a-z*]{0,24}\d{0,3}(?:[-_:][a-z*]{0,24}\d{0,3}){0,9}$/i.test(name);
  return isName ? `"${typed(name)}"` : `(of ${name.length} characters)`;
}
