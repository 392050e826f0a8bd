/** Finds mistakes in the options of a command line before it is parsed, so that each one is named together with its remedy. */
import { existsSync } from 'node:fs';
import { TaskError } from '../exit/task-error.ts';
import { typed } from '../log/index.ts';
import { nearest } from '../task/nearest.ts';
import { type Option, settableBy } from './options.ts';
import type { Program } from './program.ts';

/** The options that every command has. */
export const commonOptions = [
  { flag: 'help', letter: 'h' },
  { flag: 'version', letter: 'V' },
] as const;

/** @throws TaskError `usage` for an unknown option, a missing value, or a value of a switch that is not true or false */
export function refuseMistakes(argv: readonly string[], program: Program, options: readonly Option[]): void {
  for (let index = 0; index < argv.length && argv[index] !== '--'; index += 1) {
    const { name, value } = partsOf(argv[index] ?? '');
    if (name === undefined) continue;
    const common = commonOptions.find(({ flag, letter }) => name === `--${flag}` || name === `-${letter}`);
    if (common !== undefined) {
      refuseOddSwitch(common, value);
      continue;
    }
    const option = options.find(
      (candidate) => isFlag(candidate) && (name === `--${candidate.flag}` || name === `-${candidate.letter}`),
    );
    if (option === undefined) throw unknownOption(name, program, options);
    if (option.type === 'boolean') refuseOddSwitch(option, value);
    else if (value === undefined) {
      const next = argv[index + 1];
      if (next === undefined || partsOf(next).name !== undefined || next === '--') {
        throw usage(`${name} needs a value: --${option.flag}=${shownValue(option)}`, program);
      }
      index += 1;
    }
  }
}

/** A usage error that ends with where help is. */
export function usage(message: string, { name }: Pick<Program, 'name'>): TaskError {
  return new TaskError('usage', `${message} (see ${name} --help)`);
}

/** The value of an option, as help shows it: `<file>`, or the few texts that it may be. */
export function shownValue({ placeholder, choices }: Option): string {
  return `<${placeholder ?? choices?.join('|') ?? 'value'}>`;
}

/** An option's name with its dashes, and the value that is attached to it. Without a name: no option, such as `-` and `-1`. */
function partsOf(argument: string): { readonly name?: string; readonly value?: string | undefined } {
  if (!/^-(?:-|[^\d-])/.test(argument)) return {};
  const end = argument.indexOf('=');
  return end === -1 ? { name: argument } : { name: argument.slice(0, end), value: argument.slice(end + 1) };
}

function isFlag(option: Option): boolean {
  return !option.positional && settableBy(option, 'flag');
}

/** yargs treats every value of a boolean flag except `true` as false; `--dry-run=yes` must not start a real run. */
function refuseOddSwitch({ flag }: Pick<Option, 'flag'>, value: string | undefined): void {
  if (value === undefined || value === 'true' || value === 'false') return;
  throw new TaskError('usage', `--${flag} takes no value, or true or false`);
}

function unknownOption(name: string, program: Program, options: readonly Option[]): TaskError {
  const unknown = `unknown option ${typed(name)}`;
  const word = name.replace(/^-+/, '');
  const synonym = program.synonyms?.[name];
  if (synonym !== undefined) return usage(`${unknown}; ${synonym}`, program);
  const elsewhere = options.find((option) => option.flag === word && !isFlag(option));
  if (elsewhere !== undefined) return new TaskError('usage', `${unknown}; ${remedyFor(elsewhere)}`);
  const switchedOff = options.find(({ flag, type }) => type === 'boolean' && word === `no-${flag}`);
  if (switchedOff !== undefined) return usage(`${unknown}; use --${switchedOff.flag}=false`, program);
  const flags = [...options.filter(isFlag), ...commonOptions].map(({ flag }) => flag);
  if (options.some(({ positional }) => positional) && existsSync(name)) {
    return usage(`${unknown}; for the file of this name, write ./${typed(name)}`, program);
  }
  const meant = word.length < 2 ? undefined : nearest(word, flags);
  return usage(meant === undefined ? unknown : `${unknown}; did you mean --${meant}?`, program);
}

/** For an option that is not settable by a flag of its name. */
function remedyFor({ positional, placeholder = 'value', variable, key, only = [] }: Option): string {
  if (positional) return `give each ${placeholder} without an option`;
  if (only.includes('file')) return `set "${key}" in the file that --config names`;
  return `it is set by the environment variable ${variable}`;
}
