/** `help`: the brief help with a list of topics, or one topic. The help of a command is the command's own. */
import { FULL_COLUMNS, briefHelp, list, programOf, runOptions, topicsOf, wrapped } from '../config/index.ts';
import { hostExitCode } from '../exit/exit-table.ts';
import { TaskError } from '../exit/task-error.ts';
import { typed } from '../log/index.ts';
import type { Command } from '../task/command.ts';
import { nearest } from '../task/nearest.ts';
import type { Task } from '../task/task.ts';
import { topic } from './topics.ts';

export const help: Command = async (argv, { task, stdout }) => {
  const name = argv.filter((word) => !word.startsWith('-')).join(' ');
  stdout.write(name === '' ? overview(task) : await page(name, task));
  return hostExitCode('ok');
};

function overview(task: Task): string {
  const titles = topicsOf(task).map((name) => [name, topic(name, task)?.title ?? ''] as const);
  const topics = [`Topics (${task.name} help TOPIC):`, ...list(titles, FULL_COLUMNS)];
  return `${briefHelp(programOf(task), runOptions(task))}\n${topics.join('\n')}\n`;
}

async function page(name: string, task: Task): Promise<string> {
  const found = topic(name, task);
  if (found === undefined) throw unknownTopic(name, task);
  const { title, text } = found;
  return `${[`${title}.`, '', ...wrapped(await text(), FULL_COLUMNS)].join('\n').trimEnd()}\n`;
}

function unknownTopic(name: string, task: Task): TaskError {
  const known = topicsOf(task);
  const meant = nearest(name, known);
  const remedy =
    meant === undefined
      ? `the topics are: ${known.join(', ')}`
      : `did you mean "${task.name} help ${meant}"?`;
  return new TaskError('usage', `help has no topic "${typed(name)}"; ${remedy}`);
}
