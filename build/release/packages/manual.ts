/** The manual page of the executable, from the same options, commands, examples and exit codes as its help (man(7)). */
import { detailed, optionsByGroup } from '../../../src/host/config/help.ts';
import { type Option, programOf, runOptions, shownValue } from '../../../src/host/config/index.ts';
import { ExitTable } from '../../../src/host/exit/exit-table.ts';
import type { Task } from '../../../src/host/task/task.ts';
import type { Facts } from './package-input.ts';

/** @param time whose date is in the page's footer */
export function manualPage(task: Task, facts: Facts, time: Date): string {
  const options = runOptions(task);
  const { commands = {}, examples = [] } = programOf(task);
  const positional = options.find((option) => option.positional);
  const argument = italic(positional?.placeholder ?? positional?.flag ?? '');
  const exits = new ExitTable(task.exitCodes).rows.toSorted((one, other) => one.code - other.code);
  const title = [
    task.name.toUpperCase(),
    '1',
    time.toISOString().slice(0, 10),
    `${facts.name} ${facts.version}`,
    facts.title,
  ];
  const lines = [
    `.TH ${title.map(quoted).join(' ')}`,
    '.SH NAME',
    `${roff(task.name)} \\- ${roff(task.description)}`,
    '.SH SYNOPSIS',
    `${bold(task.name)} [${italic('options')}]${positional === undefined ? '' : ` [${argument} ...]`}`,
    '.br',
    `${bold(task.name)} ${italic('command')} [${italic('options')}]`,
    '.SH DESCRIPTION',
    roff(task.description),
    ...(positional === undefined ? [] : item(argument, positional.description)),
    '.SH OPTIONS',
    ...optionsByGroup(options).flatMap(([group, members]) => [
      `.SS ${quoted(group)}`,
      ...members.flatMap((option) => item(flagOf(option), `${detailed(option)} (${option.variable})`)),
    ]),
    '.SH COMMANDS',
    `${bold(`${task.name} COMMAND --help`)} explains the options of a command.`,
    ...Object.entries(commands).flatMap(([words, description]) => item(bold(words), description)),
    ...(examples.length === 0 ? [] : ['.SH EXAMPLES']),
    ...examples.flatMap((one) => item(bold(`${task.name} ${one.arguments}`.trimEnd()), one.meaning)),
    '.SH EXIT STATUS',
    ...exits.flatMap(({ code, meaning }) => item(String(code), meaning)),
    '.SH FILES',
    ...item(italic(`/usr/share/${facts.name}/jobs`), 'Job documents for the agent.'),
    ...item(italic(`/var/lib/${facts.name}`), 'State of runs as root. Removing the package keeps it.'),
  ];
  return `${lines.join('\n')}\n`;
}

/** A paragraph with a term in front. */
function item(term: string, text: string): string[] {
  return ['.TP', term, roff(text)];
}

function flagOf(option: Option): string {
  const { flag, letter, type } = option;
  const names = [...(letter === undefined ? [] : [`-${letter}`]), `--${flag}`].map(bold).join(', ');
  return type === 'boolean' ? names : `${names} ${roff(shownValue(option))}`;
}

/** A text in which nothing is a request or an escape, and hyphens are those that can be copied. */
function roff(text: string): string {
  const escaped = text.replaceAll('\\', '\\e').replaceAll('-', '\\-').replaceAll(/\s+/g, ' ');
  return /^[.']/.test(escaped) ? `\\&${escaped}` : escaped;
}

function bold(text: string): string {
  return `\\fB${roff(text)}\\fR`;
}

function italic(text: string): string {
  return `\\fI${roff(text)}\\fR`;
}

/** A quoted argument of a request. */
function quoted(text: string): string {
  return `"${roff(text).replaceAll('"', '""')}"`;
}
