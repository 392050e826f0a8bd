/**
 * Finds the command that arguments begin with: one of the host, one of the task, or the work itself. Commands are plain words (`./doctor` is
 * a path), and each one is loaded when it is needed.
 */
import { existsSync } from 'node:fs';
import { commandsOf } from '../config/index.ts';
import { TaskError } from '../exit/task-error.ts';
import { typed } from '../log/index.ts';
import type { Command, HostCommand } from '../task/command.ts';
import { nearest } from '../task/nearest.ts';
import type { Task } from '../task/task.ts';
import { REQUEST } from './request.ts';
import { runTaskCommand } from './task-command.ts';

const hostCommands: Readonly<Record<HostCommand, () => Promise<Command>>> = {
  completion: async () => (await import('./completion.ts')).completion,
  deploy: async () => (await import('./deploy/deploy.ts')).deploy,
  doctor: async () => (await import('./doctor/doctor.ts')).doctor,
  help: async () => (await import('./help.ts')).help,
  'job lint': async () => (await import('./job-lint.ts')).jobLint,
  uninstall: async () => (await import('./deploy/uninstall.ts')).uninstall,
};
const ofHost: Readonly<Record<string, () => Promise<Command>>> = hostCommands;

/** What arguments ask for. */
export interface Call {
  /** Undefined for the work itself. */
  readonly command: Command | undefined;
  /** The arguments after the command's words. */
  readonly argv: readonly string[];
  /** The work was asked for by its word, which is what people type. */
  readonly isByWord?: boolean;
}

/** The part of a task that decides what a command is. */
type WithCommands = Pick<Task, 'name' | 'commands' | 'defaultCommand' | 'synonyms'>;

/** @throws TaskError `usage` for a first word that is mistaken for a command, or that needs another word */
export async function callOf(argv: readonly string[], task: WithCommands): Promise<Call> {
  if (argv[0] === REQUEST)
    return { command: (await import('./completion.ts')).complete, argv: argv.slice(1) };
  const all = Object.keys(commandsOf(task));
  const [first, ...subject] = argv;
  if (first === 'help' && all.includes(subject.join(' '))) return await callOf([...subject, '--help'], task);
  const words = all.find((candidate) => startsWith(argv, candidate));
  if (words === undefined) {
    refuseMistakenWord(argv, task);
    return { command: undefined, argv };
  }
  const rest = argv.slice(words.split(' ').length);
  const own = task.commands?.[words];
  if (own !== undefined) {
    return {
      command: async (given, context) => await runTaskCommand(words, own, given, context),
      argv: rest,
    };
  }
  return { command: await ofHost[words]?.(), argv: rest, isByWord: words === task.defaultCommand?.word };
}

function startsWith(argv: readonly string[], words: string): boolean {
  const parts = words.split(' ');
  return parts.every((part, index) => argv[index] === part);
}

function refuseMistakenWord([first = '', second = '']: readonly string[], task: WithCommands): void {
  const { name } = task;
  const all = Object.keys(commandsOf(task));
  const group = all.filter((words) => words.startsWith(`${first} `));
  if (group.length > 0) {
    const known = group.map((words) => `${name} ${words}`).join(', ');
    const what = second === '' ? 'needs another word' : `has no command "${typed(second)}"`;
    throw new TaskError('usage', `${first} ${what}; the commands are: ${known} (a folder: ./${first})`);
  }
  // What exists was meant.
  if (!/^[A-Za-z][A-Za-z-]{2,}$/.test(first) || existsSync(first)) return;
  const meant = meantBy(first, second, all, task);
  if (meant === undefined) return;
  throw new TaskError(
    'usage',
    `${typed(first)} is no command, and no file or folder; did you mean "${name} ${meant}"? (see ${name} --help)`,
  );
}

/** The command that two mistyped words, or the first of them, probably stand for. */
function meantBy(
  first: string,
  second: string,
  all: readonly string[],
  { synonyms = {} }: WithCommands,
): string | undefined {
  const long = all.filter((words) => words.includes(' '));
  const both = nearest(`${first} ${second}`, long);
  if (both !== undefined) return both;
  // Of equal words, the last one counts.
  const known = new Map([
    ...long.flatMap((words) => [
      [words.slice(words.lastIndexOf(' ') + 1), words] as const,
      [words.slice(0, words.indexOf(' ')), words.slice(0, words.indexOf(' '))] as const,
    ]),
    ...Object.entries(synonyms).filter(([word]) => !word.startsWith('-')),
    ...all.map((words) => [words, words] as const),
  ]);
  return known.get(nearest(first, [...known.keys()]) ?? '');
}
