/** The topics of `help` that every executable has. All of them are made from the options and tables of the task. */
import {
  FULL_COLUMNS,
  type Option,
  exitCodeList,
  firstSentence,
  list,
  runOptions,
  settableBy,
  shownValue,
} from '../config/index.ts';
import { ExitTable } from '../exit/exit-table.ts';
import { type HostTopic, hostTopics } from '../task/command.ts';
import type { HelpTopic } from '../task/help.ts';
import type { Task } from '../task/task.ts';

const texts: Readonly<Record<HostTopic, (task: Task) => string>> = {
  'exit-codes': exitCodes,
  environment,
  configuration,
  reports,
};

/** A topic of the task or of the host; undefined for an unknown name. */
export function topic(name: string, task: Task): HelpTopic | undefined {
  const own = Object.entries(task.topics ?? {}).find(([known]) => known === name);
  return own?.[1] ?? hostTopic(name, task);
}

function hostTopic(name: string, task: Task): HelpTopic | undefined {
  const hasNone = name === 'reports' && Object.keys(task.reportFormats ?? {}).length === 0;
  if (hasNone || !isHostTopic(name)) return undefined;
  return { title: hostTopics[name], text: () => texts[name](task) };
}

function isHostTopic(name: string): name is HostTopic {
  return Object.hasOwn(hostTopics, name);
}

function exitCodes({ exitCodes: own = [] }: Task): string {
  const order = new ExitTable(own).rows.map(({ code }) => code).join(', ');
  return [...exitCodeList(own), '', `When several apply, the first in this order counts: ${order}.`].join(
    '\n',
  );
}

function environment(task: Task): string {
  const options = runOptions(task).filter((option) => settableBy(option, 'environment'));
  const commas = options.filter((option) => option.separator === ',').map(({ variable }) => variable);
  const others =
    commas.length === 0 ? '' : `; ${asList(commas)} ${commas.length === 1 ? 'uses' : 'use'} commas instead`;
  const prefix = `${task.name.replaceAll('-', '_').toUpperCase()}_`;
  const separator = `The items of a list are separated as in PATH${others}. An empty variable counts as not set.`;
  return [
    'Options on the command line take precedence over variables, variables over the configuration file.',
    separator,
    `A variable that begins with ${prefix} but names no option is an error.`,
    '',
    ...list(
      options.map((option) => [`${option.variable}=${valueOf(option)}`, firstSentence(option.description)]),
      FULL_COLUMNS,
    ),
  ].join('\n');
}

function configuration(task: Task): string {
  const options = runOptions(task).filter((option) => settableBy(option, 'file') && option.key !== 'config');
  const file = `/etc/${task.name}.json`;
  const sample = { maxDuration: '60m', logLevel: 'Warning' };
  return [
    `--config=FILE reads options from a JSON file. Without it, no file is read.`,
    'The keys are the names of the options in camelCase. Options on the command line take precedence over variables, variables over the file, the file over defaults. An unknown key is an error.',
    '',
    `  $ cat ${file}`,
    ...JSON.stringify(sample, null, 2)
      .split('\n')
      .map((line) => `  ${line}`),
    `  $ ${task.name} --config=${file}`,
    '',
    'Keys:',
    ...list(
      options.map((option) => [`${option.key}: ${formOf(option)}`, firstSentence(option.description)]),
      FULL_COLUMNS,
    ),
  ].join('\n');
}

function reports(task: Task): string {
  const { name, reportFormats = {} } = task;
  const positional = runOptions(task).find((option) => option.positional);
  const inputs =
    positional === undefined ? '' : ` ${(positional.placeholder ?? positional.flag).toUpperCase()}`;
  const formats = Object.entries(reportFormats).map(
    ([format, { title, extensions }]) => [format, [title, ...extensions].join(', ')] as const,
  );
  const [first = ''] = Object.keys(reportFormats);
  const streamed = Object.keys(reportFormats).filter((format) => reportFormats[format]?.isStreamed);
  return [
    '--report=FILE writes a report at the end of the run, completely or not at all. The extension of the file selects the format; with --report=FORMAT:FILE, you select it. --report may be repeated.',
    '',
    ...list(formats, FULL_COLUMNS),
    '',
    'In a dry run, --report=FORMAT:- writes to standard output, instead of the readable text.',
    ...(streamed.length === 0
      ? []
      : ['', `On standard output, ${streamed.join(' and ')} is written line by line during the run.`]),
    '',
    `  $ ${name} --dry-run --report=report.${first}${inputs}`,
    `  $ ${name} --dry-run --report=${streamed[0] ?? first}:-${inputs}`,
  ].join('\n');
}

/** `A`, `A and B`, `A, B and C`. */
function asList(names: readonly string[]): string {
  const [last = '', ...others] = names.toReversed();
  return others.length === 0 ? last : `${others.toReversed().join(', ')} and ${last}`;
}

function valueOf(option: Option): string {
  return option.type === 'boolean' ? '<true|false>' : shownValue(option);
}

/** The form of a value in JSON. */
function formOf(option: Option): string {
  if (option.type === 'object') return '{..}';
  return option.type === 'list' ? `[${shownValue(option)}, ..]` : valueOf(option);
}
