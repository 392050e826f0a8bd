/** The command line, through yargs: the options that it sets, and the text of `--help`. */
import yargs from 'yargs';
import { TaskError } from '../exit/task-error.ts';
import { ExitTable, type TaskExit } from '../exit/exit-table.ts';
import { commandDescriptions } from '../task/command.ts';
import { type Option, canonical, settableBy } from './options.ts';

export interface CommandLine {
  /** By option key; only the options that the command line sets. */
  readonly values: ReadonlyMap<string, unknown>;
  readonly help: boolean;
  readonly version: boolean;
}

export interface Program {
  readonly name: string;
  readonly description: string;
  readonly exitCodes?: readonly TaskExit[];
  /** The task's own commands, by their words. */
  readonly commands?: Readonly<Record<string, { readonly description: string }>>;
  /** The first line and the end of `--help`, for a command; by default, they are those of a run. */
  readonly help?: { readonly usage: string; readonly epilogue: string };
}

/** Parses arguments. @throws TaskError `usage` that names the argument. */
export function parseCommandLine(
  argv: readonly string[],
  program: Program,
  options: readonly Option[],
): CommandLine {
  refuseOddBooleans(argv, options);
  const parsed = parser(program, options)
    .fail((message: string, error?: Error) => {
      throw new TaskError('usage', `${message ?? error?.message} (see ${program.name} --help)`);
    })
    .parseSync([...argv]) as Readonly<Record<string, unknown>>;
  refuseStrayArguments(parsed['_'], program, options);
  const values = new Map<string, unknown>();
  for (const option of options) {
    const value = option.positional ? positionals(parsed['_']) : parsed[option.flag];
    if (value !== undefined) values.set(option.key, valueOf(option, value));
  }
  return { values, help: parsed['help'] === true, version: parsed['version'] === true };
}

/** The text of `--help`, exit codes included. */
export async function helpText(program: Program, options: readonly Option[]): Promise<string> {
  return `${await parser(program, options).getHelp()}\n`;
}

function parser(program: Program, options: readonly Option[]) {
  const positional = options.find((option) => option.positional);
  const cli = yargs([])
    .scriptName(program.name)
    .usage(
      [
        program.help?.usage ?? `$0 [options]${positional ? ` [${positional.flag}..]` : ''}`,
        program.description,
        ...(positional ? [positionalHelp(positional)] : []),
      ].join('\n\n'),
    )
    .epilogue(
      program.help?.epilogue ??
        [commandHelp(program), sourcesHelp(program), exitCodeHelp(program)].join('\n\n'),
    )
    .locale('en')
    .wrap(100)
    .exitProcess(false)
    .help(false)
    .version(false)
    .strictOptions()
    .parserConfiguration({
      'boolean-negation': false,
      'camel-case-expansion': false,
      'dot-notation': false,
      'parse-numbers': false,
      'parse-positional-numbers': false,
      'greedy-arrays': false,
      'short-option-groups': false,
    })
    .option('help', { type: 'boolean', description: 'Show this text' })
    .option('version', { type: 'boolean', description: 'Show the version' });
  for (const option of options) {
    if (option.positional || !settableBy(option, 'flag')) continue;
    cli.option(option.flag, {
      type: option.type === 'boolean' ? 'boolean' : 'string',
      requiresArg: option.type !== 'boolean',
      description: helpLine(option),
    });
  }
  return cli;
}

function positionalHelp(option: Option): string {
  return `${option.flag}: ${option.description}`;
}

function helpLine({ description, placeholder, choices, defaultText, type }: Option): string {
  const value = choices?.join(' | ') ?? placeholder;
  const notes = [value, defaultText && `default ${defaultText}`, type === 'list' && 'may be repeated'];
  const said = notes.filter((note) => typeof note === 'string' && note !== '');
  return said.length === 0 ? description : `${description} (${said.join('; ')})`;
}

function commandHelp({ name, commands = {} }: Program): string {
  const own = Object.entries(commands).map(([words, { description }]) => [words, description] as const);
  const all = [...own, ...Object.entries(commandDescriptions)];
  const width = Math.max(...all.map(([words]) => words.length));
  const rows = all.map(([words, text]) => `  ${words.padEnd(width)}  ${text}`);
  return [`Commands (${name} COMMAND --help):`, ...rows].join('\n');
}

function sourcesHelp({ name }: Program): string {
  const variable = `${name}-max-duration`.replaceAll('-', '_').toUpperCase();
  return (
    `Each option can also be set by an environment variable (${variable}) or, in camelCase, by a key of the ` +
    '--config file (maxDuration). Flags win over variables, variables over the file.'
  );
}

function exitCodeHelp({ exitCodes }: Program): string {
  const rows = new ExitTable(exitCodes).rows.toSorted((a, b) => a.code - b.code);
  return [
    'Exit codes:',
    ...rows.map(({ code, meaning }) => `  ${String(code).padStart(3)}  ${meaning}`),
  ].join('\n');
}

/** yargs treats every value of a boolean flag except `true` as false; `--dry-run=yes` must not start a real run. */
function refuseOddBooleans(argv: readonly string[], options: readonly Option[]): void {
  const end = argv.indexOf('--');
  for (const argument of end === -1 ? argv : argv.slice(0, end)) {
    const [, flag, value] = /^--([^=]+)=(.*)$/s.exec(argument) ?? [];
    const option = options.find((candidate) => candidate.flag === flag && candidate.type === 'boolean');
    if (option !== undefined && value !== 'true' && value !== 'false') {
      throw new TaskError('usage', `--${option.flag} takes no value, or true or false`);
    }
  }
}

/** An unexpected argument may be a value that was separated from its flag: it must not be ignored. */
function refuseStrayArguments(value: unknown, { name }: Program, options: readonly Option[]): void {
  const [stray] = options.some((option) => option.positional) ? [] : (positionals(value) ?? []);
  if (stray !== undefined) {
    throw new TaskError('usage', `unexpected argument: ${stray.slice(0, 100)} (see ${name} --help)`);
  }
}

function positionals(value: unknown): string[] | undefined {
  const list = Array.isArray(value) ? value.map(String) : [];
  return list.length === 0 ? undefined : list;
}

function valueOf(option: Option, value: unknown): unknown {
  if (option.type === 'list') return [value].flat();
  if (Array.isArray(value)) throw new TaskError('usage', `--${option.flag} is given more than once`);
  return typeof value === 'string' ? canonical(option, value) : value;
}
