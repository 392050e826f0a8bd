/** The command line, through yargs: the options that it sets. */
import yargs from 'yargs';
import { TaskError } from '../exit/task-error.ts';
import { typed } from '../log/index.ts';
import { briefHelp, fullHelp } from './help.ts';
import { commonOptions, refuseMistakes, usage } from './mistakes.ts';
import { type Option, canonical, settableBy } from './options.ts';
import type { Program } from './program.ts';

export interface CommandLine {
  /** By option key; only the options that the command line sets. */
  readonly values: ReadonlyMap<string, unknown>;
  /** Which help is asked for: `-h` is the brief one. */
  readonly help: 'brief' | 'full' | undefined;
  readonly version: boolean;
}

/** Parses arguments. @throws TaskError `usage` that names the argument and the remedy */
export function parseCommandLine(
  argv: readonly string[],
  program: Program,
  options: readonly Option[],
): CommandLine {
  refuseMistakes(argv, program, options);
  const parsed = parser(options)
    .fail((message: string, error?: Error) => {
      throw usage(message ?? error?.message, program);
    })
    .parseSync([...argv]) as Readonly<Record<string, unknown>>;
  refuseStrayArguments(parsed['_'], program, options);
  const values = new Map<string, unknown>();
  for (const option of options) {
    const value = option.positional ? positionals(parsed['_']) : parsed[option.flag];
    if (value !== undefined) values.set(option.key, valueOf(option, value));
  }
  const help = parsed['help'] === true ? (isBrief(argv) ? 'brief' : 'full') : undefined;
  return { values, help, version: parsed['version'] === true };
}

/** The text that a command line asks for instead of running; undefined if it asks for none. */
export function textFor(
  { help, version }: CommandLine,
  program: Program,
  options: readonly Option[],
  ownVersion: string,
): string | undefined {
  if (help !== undefined) return (help === 'brief' ? briefHelp : fullHelp)(program, options);
  return version ? `${ownVersion}\n` : undefined;
}

/** yargs with these options, which neither prints nor ends the process. */
export function parser(options: readonly Option[]) {
  const cli = yargs([]).locale('en').exitProcess(false).help(false).version(false).parserConfiguration({
    'boolean-negation': false,
    'camel-case-expansion': false,
    'dot-notation': false,
    'parse-numbers': false,
    'parse-positional-numbers': false,
    'greedy-arrays': false,
    'short-option-groups': false,
  });
  for (const { flag, letter } of commonOptions) cli.option(flag, { type: 'boolean', alias: letter });
  for (const option of options) {
    if (option.positional || !settableBy(option, 'flag')) continue;
    cli.option(option.flag, {
      type: option.type === 'boolean' ? 'boolean' : 'string',
      description: option.description,
      requiresArg: option.type !== 'boolean',
      ...(option.letter !== undefined && { alias: option.letter }),
    });
  }
  return cli;
}

function isBrief(argv: readonly string[]): boolean {
  return argv.includes('-h') && !argv.includes('--help');
}

/** An unexpected argument may be a value that was separated from its flag: it must not be ignored. */
function refuseStrayArguments(value: unknown, program: Program, options: readonly Option[]): void {
  if (positionals(value)?.includes('') === true) {
    throw usage('an argument is empty; leave it out, or check the variable that it comes from', program);
  }
  const [stray] = options.some((option) => option.positional) ? [] : (positionals(value) ?? []);
  if (stray !== undefined) throw usage(`unexpected argument: ${typed(stray)}`, program);
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
