/** The manual page of the executable, from the same options, commands and exit codes as its help (man(7)). */
import { type Option, optionsOf, settableBy } from '../../../src/host/config/options.ts';
import { hostOptions } from '../../../src/host/config/schema.ts';
import { ExitTable } from '../../../src/host/exit/exit-table.ts';
import { hostCommands } from '../../../src/host/task/command.ts';
import type { Task } from '../../../src/host/task/task.ts';
import type { Facts } from './package-input.ts';

/** @param time whose date is in the page's footer */
export function manualPage(task: Task, facts: Facts, time: Date): string {
  const options = [...optionsOf(task.options, task.name), ...optionsOf(hostOptions(task), task.name)];
  const positional = options.find((option) => option.positional);
  const flags = options.filter((option) => !option.positional && settableBy(option, 'flag'));
  const exits = new ExitTable(task.exitCodes).rows.toSorted((one, other) => one.code - other.code);
  const own = Object.entries(task.commands ?? {}).map(
    ([words, { description }]) => [words, description] as const,
  );
  const commands = [...own, ...Object.entries(hostCommands)];
  const name = `.B ${roff(task.name)}`;
  const places = [
    [`/usr/share/${facts.name}/jobs`, 'Job documents for the agent.'],
    [`/var/lib/${facts.name}`, 'State of runs as root. Removing the package keeps it.'],
  ] as const;
  const lines = [
    `.TH ${[task.name.toUpperCase(), '1', time.toISOString().slice(0, 10), `${facts.name} ${facts.version}`, facts.title].map(argument).join(' ')}`,
    '.SH NAME',
    `${roff(task.name)} \\- ${roff(task.description)}`,
    '.SH SYNOPSIS',
    name,
    `[\\fIoptions\\fR]${positional === undefined ? '' : ` [\\fI${roff(positional.flag)}\\fR ...]`}`,
    '.br',
    name,
    '\\fIcommand\\fR [\\fIoptions\\fR]',
    '.SH DESCRIPTION',
    roff(task.description),
    ...(positional === undefined ? [] : item(`\\fI${roff(positional.flag)}\\fR`, positional.description)),
    '.SH OPTIONS',
    ...flags.flatMap((option) => item(flagOf(option), descriptionOf(option))),
    '.SH COMMANDS',
    `\\fB${roff(`${task.name} COMMAND --help`)}\\fR explains the options of a command.`,
    ...commands.flatMap(([words, description]) => item(`\\fB${roff(words)}\\fR`, description)),
    '.SH EXIT STATUS',
    ...exits.flatMap(({ code, meaning }) => item(String(code), meaning)),
    '.SH FILES',
    ...places.flatMap(([path, meaning]) => item(`\\fI${roff(path)}\\fR`, meaning)),
  ];
  return `${lines.join('\n')}\n`;
}

/** A paragraph with a term in front. */
function item(term: string, text: string): string[] {
  return ['.TP', term, roff(text)];
}

function flagOf({ flag, type, placeholder, choices }: Option): string {
  const value = choices?.join('|') ?? placeholder;
  const name = `\\fB${roff(`--${flag}`)}\\fR`;
  return type === 'boolean' || value === undefined ? name : `${name}=\\fI${roff(value)}\\fR`;
}

function descriptionOf({ description, defaultText, type, variable }: Option): string {
  const notes = [defaultText && `default: ${defaultText}`, type === 'list' && 'may be repeated'];
  const said = notes.filter((note) => typeof note === 'string' && note !== '');
  return `${description}${said.length === 0 ? '' : ` (${said.join('; ')})`}. Variable: ${variable}`;
}

/** A text in which nothing is a request or an escape, and hyphens are those that can be copied. */
function roff(text: string): string {
  const escaped = text.replaceAll('\\', '\\e').replaceAll('-', '\\-').replaceAll(/\s+/g, ' ');
  return /^[.']/.test(escaped) ? `\\&${escaped}` : escaped;
}

/** A quoted argument of a request. */
function argument(text: string): string {
  return `"${roff(text).replaceAll('"', '""')}"`;
}
