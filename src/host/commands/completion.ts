/**
 * `completion`: the script for a shell, and the words that it asks for while someone types. The script calls the executable with a first
 * argument that no one types (`REQUEST`); yargs finds what may follow.
 */
import * as z from 'zod';
import {
  CoreOptions,
  type Option,
  commandsOf,
  optionsOf,
  parser,
  readFlags,
  runOptions,
} from '../config/index.ts';
import { hostExitCode } from '../exit/exit-table.ts';
import { TaskError } from '../exit/task-error.ts';
import type { Command, HostCommand } from '../task/command.ts';
import type { Task } from '../task/task.ts';
import { REQUEST } from './request.ts';

const CompletionOptions = z.object({
  shell: z
    .array(z.enum(['bash', 'zsh'], 'expected bash or zsh'))
    .max(1, 'expected one shell')
    .default([])
    .meta({ description: 'The shell, bash or zsh. By default, that of $SHELL', positional: true }),
});

export const completion: Command = async (argv, { task: { name }, version, env, stdout }) => {
  const program = {
    name: `${name} completion`,
    description: 'Prints a script that completes commands and options.',
    usage: ['[bash|zsh]'],
    examples: [
      { arguments: 'bash > /etc/bash_completion.d/' + name, meaning: 'for all users of bash' },
      { arguments: 'zsh > "${fpath[1]}/_' + name + '"', meaning: 'for you, in zsh' },
    ],
  };
  const read = readFlags(argv, CompletionOptions, program, version);
  if ('text' in read) {
    stdout.write(read.text);
    return hostExitCode('ok');
  }
  const shell = read.options.shell[0] ?? /(?:^|\/)(bash|zsh)$/.exec(env['SHELL'] ?? '')?.[1];
  if (shell === undefined) {
    throw new TaskError('usage', `name the shell: ${name} completion bash, or ${name} completion zsh`);
  }
  stdout.write(shell === 'zsh' ? zshScript(name) : bashScript(name));
  return hostExitCode('ok');
};

/** Answers the script: one line for each word that may stand where the last argument is. */
export const complete: Command = async (argv, { task, stdout }) => {
  // bash splits `--option=value` into three words.
  const words = argv.filter((word) => word !== '=');
  const current = words.at(-1) ?? '';
  const candidates = await candidatesFor(words, task);
  const lines = candidates.filter((word) => word.startsWith(current));
  stdout.write(lines.map((word) => `${word}\n`).join(''));
  return hostExitCode('ok');
};

async function candidatesFor(words: readonly string[], task: Task): Promise<readonly string[]> {
  const before = words.slice(0, -1);
  const commands = Object.keys(commandsOf(task));
  const called = commands.find((known) => before.slice(0, known.split(' ').length).join(' ') === known);
  // Words that can continue what was typed so far.
  const typed = before.map((word) => `${word} `).join('');
  const next = commands.filter((known) => known.startsWith(typed)).map((known) => known.slice(typed.length));
  const continued = called === undefined ? next.map((known) => known.split(' ')[0] ?? '') : [];
  const rest = called === undefined ? words : words.slice(called.split(' ').length);
  const options = await optionsOfCommand(called, task);
  const cli = parser(options);
  for (const { flag, choices, positional } of options) if (choices && !positional) cli.choices(flag, choices);
  for (const word of new Set(continued)) cli.command(word, '', () => undefined);
  return await cli.getCompletion([...rest]);
}

/** @param words of a command; undefined for a run */
async function optionsOfCommand(words: string | undefined, task: Task): Promise<Option[]> {
  const own = words === undefined ? undefined : task.commands?.[words];
  const { allowUntrustedFiles } = CoreOptions.shape;
  if (own !== undefined) return optionsOf(own.options.safeExtend({ allowUntrustedFiles }), task.name);
  return await (ofHost[words ?? ''] ?? ofRun)(task);
}

type Options = (task: Task) => Promise<Option[]> | Option[];

const ofRun: Options = (task) => runOptions(task);
const hostOptions: Readonly<Record<HostCommand, Options>> = {
  completion: ({ name }) => optionsOf(CompletionOptions, name),
  deploy: async ({ name }) => optionsOf((await import('./deploy/options.ts')).DeployFlags, name),
  doctor: async (task) => {
    const { DoctorOptions } = await import('./doctor/arguments.ts');
    return [...runOptions(task), ...optionsOf(DoctorOptions, task.name)];
  },
  help: () => [],
  'job lint': async ({ name }) => optionsOf((await import('./job-lint.ts')).JobLintOptions, name),
  uninstall: async ({ name }) => optionsOf((await import('./deploy/options.ts')).UninstallFlags, name),
};
const ofHost: Readonly<Record<string, Options>> = hostOptions;

/** @param name of the executable */
export function bashScript(name: string): string {
  const call = `_${name.replaceAll('-', '_')}_completion`;
  return [
    `# bash completion for ${name}`,
    `${call}() {`,
    `  local IFS=$'\\n'`,
    `  COMPREPLY=($(${name} ${REQUEST} "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))`,
    '}',
    `complete -o default -F ${call} ${name}`,
    '',
  ].join('\n');
}

/** @param name of the executable */
export function zshScript(name: string): string {
  const call = `_${name.replaceAll('-', '_')}`;
  return [
    `#compdef ${name}`,
    `${call}() {`,
    '  local -a found',
    `  found=("\${(@f)$(${name} ${REQUEST} "\${(@)words[2,CURRENT]}" 2>/dev/null)}")`,
    '  if [[ -n "$found" ]]; then compadd -a found; else _files; fi',
    '}',
    `if [[ "\${zsh_eval_context[-1]}" == loadautofunc ]]; then ${call} "$@"; else compdef ${call} ${name}; fi`,
    '',
  ].join('\n');
}
