/** Runs the commands of the task. */
import { ExitTable, hostExitCode } from '../exit/exit-table.ts';
import { CoreOptions, readFlags } from '../config/index.ts';
import { redactor, textStyle } from '../log/index.ts';
import { inputReader } from '../platform/index.ts';
import type { CommandContext } from '../task/command.ts';
import type { TaskCommand } from '../task/task-command.ts';

/** Milliseconds to wait for a reader that takes nothing of the output. */
const FLUSH_MS = 10_000;

/** Runs a command of the task. @param words its name */
export async function runTaskCommand(
  words: string,
  command: TaskCommand,
  argv: readonly string[],
  context: CommandContext,
): Promise<number> {
  const { task, version, platform, stdout, stderr, signal } = context;
  const { description, options: schema, ...help } = command;
  const { allowUntrustedFiles } = CoreOptions.shape;
  const program = {
    name: `${task.name} ${words}`,
    description: `${description}.`,
    ...help,
  };
  const read = readFlags(argv, schema.safeExtend({ allowUntrustedFiles }), program, version);
  if ('text' in read) {
    stdout.write(read.text);
    return hostExitCode('ok');
  }
  const allowUntrusted = read.options['allowUntrustedFiles'] === true;
  const exits = await command.run({
    ...context,
    options: read.options,
    wrongValue: read.wrongValue,
    readInput: inputReader({ elevated: platform.elevated, allowUntrusted, signal }),
    writeOutput: async (path, text, file) => {
      const { writeWholeFile } = await import('../platform/whole-file.ts');
      await writeWholeFile(path, text, { signal, ...file });
    },
    style: textStyle(stdout, 'auto', context.env),
    redact: redactor(task.redact),
  });
  await Promise.all([stdout, stderr].map(async (stream) => stream.flush?.(FLUSH_MS, signal)));
  const table = new ExitTable(task.exitCodes);
  return table.codeOf(table.worst(exits));
}
