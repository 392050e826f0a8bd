/** `rules list` and `rules show`. */
import { TaskError } from '../../host/exit/task-error.ts';
import { grouped } from '../../host/log/grouped.ts';
import { printable, typed } from '../../host/log/index.ts';
import { nearest } from '../../host/task/nearest.ts';
import type { TaskCommandContext } from '../../host/task/task-command.ts';
import { openRules, ruleCatalogue } from '../files/detector-module.ts';
import { disabledIn } from '../files/disabled-rules.ts';
import { severities } from '../model/finding.ts';
import type { RuleEntry } from '../model/rule-entry.ts';
import { NAME } from '../model/name.ts';
import type { CustomRules } from '../rules/custom/index.ts';
import type { ListOptions, ShowOptions } from './options.ts';

/** Columns of ids in a list: longer ones move the rest of their line. */
const ID_COLUMNS = 40;
/** Keywords and file names that `rules show` names. */
const MAX_SHOWN = 12;

/** Prints the rules that fit all filters. */
export async function listRules(context: TaskCommandContext<ListOptions>): Promise<readonly string[]> {
  const { options, stdout, stderr, wrongValue } = context;
  const opened = await openedRules(context);
  const all = ruleCatalogue(opened?.descriptions ?? [], false);
  const disabled = disabledIn(options, opened, wrongValue);
  const found = all.filter((rule) => fits(rule, options, all));
  if (options.json) {
    const entries = found.map((rule) => ({ ...rule, enabled: !disabled.has(rule.id) }));
    stdout.write(`${JSON.stringify(entries, null, 2)}\n`);
    return [];
  }
  for (const rule of found) stdout.write(`${printable(lineOf(rule, disabled))}\n`);
  const off = found.filter(({ id }) => disabled.has(id)).length;
  const ofThem = off > 0 ? `, ${grouped(off)} of them disabled` : '';
  stderr.write(`${grouped(found.length)} of ${grouped(all.length)} rules${ofThem}\n`);
  return [];
}

function fits(rule: RuleEntry, { words, family, severity }: ListOptions, all: readonly RuleEntry[]): boolean {
  if (family !== undefined && family !== rule.family) {
    if (!all.some((other) => other.family === family)) throw unknownFamily(family, all);
    return false;
  }
  if (severity !== undefined && severities.indexOf(rule.severity) < severities.indexOf(severity))
    return false;
  const texts = [rule.id, rule.title, rule.family, ...rule.keywords].map((text) => text.toLowerCase());
  return words.every((word) => texts.some((text) => text.includes(word.toLowerCase())));
}

function unknownFamily(family: string, all: readonly RuleEntry[]): TaskError {
  const known = [...new Set(all.map((rule) => rule.family))].sort();
  const meant = nearest(family, known);
  const remedy = meant === undefined ? `the families are ${known.join(', ')}` : `did you mean ${meant}?`;
  return new TaskError('usage', `--family: there is no family "${typed(family)}"; ${remedy}`);
}

/** Prints all about one rule. */
export async function showRule(context: TaskCommandContext<ShowOptions>): Promise<readonly string[]> {
  const { options, stdout } = context;
  const [id = ''] = options.id;
  const all = ruleCatalogue((await openedRules(context))?.descriptions ?? [], false);
  const rule = all.find((candidate) => candidate.id === id);
  if (rule === undefined) {
    const meant = nearest(
      id,
      all.map((candidate) => candidate.id),
    );
    const remedy = meant === undefined ? `see ${NAME} rules list` : `did you mean ${meant}?`;
    throw new TaskError('usage', `there is no rule "${typed(id)}"; ${remedy}`);
  }
  const text = options.json ? JSON.stringify(rule, null, 2) : descriptionOf(rule).map(printable).join('\n');
  stdout.write(`${text}\n`);
  return [];
}

/** The rules of `--rules`. */
async function openedRules({
  options: { rules },
  readInput,
  stderr,
}: TaskCommandContext<Pick<ListOptions, 'rules'>>): Promise<CustomRules | undefined> {
  if (rules === undefined) return undefined;
  const opened = await openRules(rules, false, readInput, (text) =>
    stderr.write(`${NAME}: warning: ${printable(text)}\n`),
  );
  return opened.rules;
}

/** With a column for what is disabled, if anything is. */
function lineOf({ id, severity, title }: RuleEntry, disabled: ReadonlySet<string>): string {
  const state = disabled.has(id) ? 'disabled' : '';
  const column = disabled.size > 0 ? `${state.padEnd('disabled'.length)}  ` : '';
  return `${id.padEnd(ID_COLUMNS)}  ${severity.padEnd(8)}  ${column}${title}`;
}

const whenTried = {
  keyword: 'where a keyword occurs',
  contextual: 'where a value is assigned beside the name of the vendor',
  file: 'in certain files',
  custom: 'as its file says',
} as const satisfies Record<RuleEntry['kind'], string>;

function descriptionOf(rule: RuleEntry): string[] {
  const { id, title, family, severity, confidence, kind, keywords, files = [], remediation, source } = rule;
  const rows: readonly (readonly [string, string])[] = [
    ['Id', id],
    ['Family', family],
    ['Severity', severity],
    ['Confidence', `${confidence}, unless a finding says otherwise`],
    ['Tried', whenTried[kind]],
    ['Keywords', some(keywords)],
    ['Files', some(files)],
    ['Remedy', remediation],
    ['Format', source],
  ];
  return [
    title,
    ...rows.filter(([, text]) => text !== '').map(([name, text]) => `  ${name.padEnd(10)}  ${text}`),
  ];
}

function some(texts: readonly string[]): string {
  const others = texts.length - MAX_SHOWN;
  return `${texts.slice(0, MAX_SHOWN).join(', ')}${others > 0 ? `, and ${others} more` : ''}`;
}
