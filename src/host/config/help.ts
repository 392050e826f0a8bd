/** The texts of `-h`, which is short, and of `--help`, which is complete. Both list the options by purpose. */
import { ExitTable, type TaskExit } from '../exit/exit-table.ts';
import { optionGroups } from '../task/option-groups.ts';
import { type Row, columnOf, firstSentence, list, wrapped } from './help-layout.ts';
import { commonOptions, shownValue } from './mistakes.ts';
import { type Option, settableBy } from './options.ts';
import type { Program } from './program.ts';

/** Columns of `-h`: those of the smallest usual terminal. */
const BRIEF_COLUMNS = 80;
/** Columns of `--help` and of the topics of `help`. */
export const FULL_COLUMNS = 100;

/** Columns of the longest example that is on a line with its meaning. */
const MAX_EXAMPLE_COLUMNS = 56;

const hostGroups: readonly string[] = Object.values(optionGroups);

/** So many options are all shown by `-h`. */
const FEW_OPTIONS = 12;

/** The group of options that do not name one. */
const OTHER = 'Options';

/** What most people need: the usual options, examples, and where the rest is. */
export function briefHelp(program: Program, options: readonly Option[]): string {
  const flags = options.filter(isShown);
  const usual = flags.filter(({ isBrief }) => isBrief);
  const groups = groupsOf(
    flags.length <= FEW_OPTIONS || usual.length === 0 ? flags : usual,
    ({ description }) => firstSentence(description),
  );
  const column = columnOf(groups.flatMap(([, rows]) => rows));
  const sections = [
    ...heading(program, options, BRIEF_COLUMNS),
    ...groups.map(([group, rows]) => section(group, list(rows, BRIEF_COLUMNS, column))),
    ...examples(program, BRIEF_COLUMNS),
    section('More', list(pointers(program), BRIEF_COLUMNS)),
  ];
  return page(sections);
}

/** Everything: all options with their defaults, commands, sources of options and exit codes. */
export function fullHelp(program: Program, options: readonly Option[]): string {
  const groups = groupsOf(options, detailed);
  const { commands = {}, exitCodes, epilogue } = program;
  const sections = [
    ...heading(program, options, FULL_COLUMNS),
    ...groups.map(([group, rows]) => section(group, list(rows, FULL_COLUMNS))),
    section('Help', list(helpRows(program), FULL_COLUMNS)),
    ...(Object.keys(commands).length === 0
      ? []
      : [section(`Commands (${program.name} COMMAND --help)`, list(Object.entries(commands), FULL_COLUMNS))]),
    ...examples(program, FULL_COLUMNS),
    ...(exitCodes === undefined ? [] : [sources(program), section('Exit codes', exitCodeList(exitCodes))]),
    ...(epilogue === undefined || epilogue === '' ? [] : [epilogue.trimEnd().split('\n')]),
  ];
  return page(sections);
}

/** The lines of a table of exit codes, in the order of the codes. */
export function exitCodeList(own: readonly TaskExit[]): string[] {
  const rows = new ExitTable(own).rows.toSorted((a, b) => a.code - b.code);
  return rows.map(({ code, meaning }) => `  ${String(code).padStart(3)}  ${meaning}`);
}

type Section = readonly string[];

function page(sections: readonly Section[]): string {
  return `${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function section(title: string, lines: readonly string[]): Section {
  return [`${title}:`, ...lines];
}

function heading(program: Program, options: readonly Option[], columns: number): Section[] {
  const { name, description, usage = defaultUsage(program, options) } = program;
  const positional = options.find((option) => option.positional);
  const ways = usage.map((way, index) => `${index === 0 ? 'Usage: ' : '       '}${name} ${way}`);
  return [
    wrapped(columns === BRIEF_COLUMNS ? `${firstSentence(description)}.` : description, columns),
    ways,
    ...(positional === undefined
      ? []
      : [list([[`<${positional.placeholder ?? positional.flag}>`, textOf(positional, columns)]], columns)]),
  ];
}

function defaultUsage({ prefix }: Program, options: readonly Option[]): string[] {
  const positional = options.find((option) => option.positional);
  const argument = positional === undefined ? [] : [`[${positional.placeholder ?? positional.flag}..]`];
  return [[...(prefix === undefined ? [] : [prefix]), '[options]', ...argument].join(' ')];
}

function textOf({ description }: Option, columns: number): string {
  return columns === BRIEF_COLUMNS ? firstSentence(description) : description;
}

function examples({ name, examples: own = [] }: Program, columns: number): Section[] {
  if (own.length === 0) return [];
  const rows = own.map((example): Row => [`${name} ${example.arguments}`.trimEnd(), example.meaning]);
  return [section('Examples', list(rows, columns, columnOf(rows, MAX_EXAMPLE_COLUMNS)))];
}

function pointers({ name, commands = {}, topics = [] }: Program): Row[] {
  const others = Object.keys(commands);
  return [
    ...(others.length === 0 ? [] : [[`${name} COMMAND -h`, others.join(', ')] as const]),
    ...(topics.length === 0 ? [] : [[`${name} help TOPIC`, topics.join(', ')] as const]),
    [`${name} --help`, 'all options in detail'],
  ];
}

function helpRows({ topics = [] }: Program): Row[] {
  const texts = { help: 'Show this text; -h shows the usual options only', version: 'Show the version' };
  const rows = commonOptions.map(({ flag, letter }): Row => [`-${letter}, --${flag}`, texts[flag]]);
  return topics.length === 0 ? rows : [...rows, ['help <topic>', `Explain a topic: ${topics.join(', ')}`]];
}

/** The flags below their headings: those of the task first, in the order of its schema. */
export function optionsByGroup(options: readonly Option[]): (readonly [string, readonly Option[]])[] {
  const groups = Map.groupBy(options.filter(isShown), ({ group = OTHER }) => group);
  return [...groups].toSorted(([one], [other]) => hostGroups.indexOf(one) - hostGroups.indexOf(other));
}

function groupsOf(options: readonly Option[], describe: (option: Option) => string): [string, Row[]][] {
  return optionsByGroup(options).map(([group, members]) => [
    group,
    members.map((option): Row => [nameOf(option), describe(option)]),
  ]);
}

function isShown(option: Option): boolean {
  return !option.positional && settableBy(option, 'flag');
}

function nameOf(option: Option): string {
  const { letter, flag, type } = option;
  const short = letter === undefined ? '    ' : `-${letter}, `;
  return `${short}--${flag}${type === 'boolean' ? '' : ` ${shownValue(option)}`}`;
}

/** The description of an option with its values and its default. */
export function detailed({ description, placeholder, choices, defaultText, type }: Option): string {
  const notes = [
    ...(choices !== undefined && placeholder !== undefined ? [`one of ${choices.join(', ')}`] : []),
    ...(defaultText === undefined ? [] : [`default: ${defaultText}`]),
    ...(type === 'list' ? ['may be repeated'] : []),
  ];
  return notes.length === 0 ? description : `${description} [${notes.join('; ')}]`;
}

function sources({ name }: Program): Section {
  const variable = `${name}-max-duration`.replaceAll('-', '_').toUpperCase();
  return wrapped(
    `Most options can also be set by an environment variable (${variable}) or, in camelCase, by a key of the ` +
      '--config file (maxDuration). The command line takes precedence over variables, variables over the file.',
    FULL_COLUMNS,
  );
}
