/** Finds and runs the commands of the task. */
import { ExitTable, hostExitCode } from '../exit/exit-table.ts';
import { TaskError } from '../exit/task-error.ts';
import { CoreOptions, readFlags } from '../config/index.ts';
import { printable, redactor } from '../log/index.ts';
import { inputReader } from '../platform/index.ts';
import type { Command, CommandContext } from '../task/command.ts';
import type { Task } from '../task/task.ts';
import type { TaskCommand } from '../task/task-command.ts';

/** Milliseconds to wait for a reader that takes nothing of the output. */
const FLUSH_MS = 10_000;

/**
 * The task's command that the arguments begin with: `rules list`.
 * @returns undefined when they begin with none
 * @throws TaskError `usage` when the first word belongs to commands, and the second to none of them
 */
export function taskCommandOf(
  argv: readonly string[],
  { name, commands = {} }: Pick<Task, 'name' | 'commands'>,
): Command | undefined {
  for (const [words, command] of Object.entries(commands)) {
    const count = words.split(' ').length;
    if (argv.slice(0, count).join(' ') === words) {
      return async (_, context) => await runTaskCommand(words, command, argv.slice(count), context);
    }
  }
  const [first = '', second = ''] = argv;
  const group = Object.keys(commands).filter((words) => words.startsWith(`${first} `));
  if (first === '' || group.length === 0) return undefined;
  const known = group.map((words) => `${name} ${words}`).join(', ');
  const what = second === '' ? 'needs another word' : `has no command "${printable(second.slice(0, 100))}"`;
  throw new TaskError('usage', `${first} ${what}; the commands are ${known} (a folder: ./${first})`);
}

async function runTaskCommand(
  words: string,
  command: TaskCommand,
  argv: readonly string[],
  context: CommandContext,
): Promise<number> {
  const { task, version, platform, stdout, stderr, signal } = context;
  const { description, options: schema, epilogue = '' } = command;
  const { allowUntrustedFiles } = CoreOptions.shape;
  const program = {
    name: `${task.name} ${words}`,
    description: `${description}.`,
    help: { usage: '$0 [options]', epilogue },
  };
  const read = await readFlags(argv, schema.safeExtend({ allowUntrustedFiles }), program, version);
  if ('text' in read) {
    stdout.write(read.text);
    return hostExitCode('ok');
  }
  const allowUntrusted = read.options['allowUntrustedFiles'] === true;
  const exits = await command.run({
    ...context,
    options: read.options,
    readInput: inputReader({ elevated: platform.elevated, allowUntrusted, signal }),
    writeOutput: async (path, text, file) => {
      const { writeWholeFile } = await import('../platform/whole-file.ts');
      await writeWholeFile(path, text, { signal, ...file });
    },
    redact: redactor(task.redact),
  });
  await Promise.all([stdout, stderr].map(async (stream) => stream.flush?.(FLUSH_MS, signal)));
  const table = new ExitTable(task.exitCodes);
  return table.codeOf(table.worst(exits));
}
