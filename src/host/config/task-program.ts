/** The executable of a task, or one of its commands with the options of a run, as its help describes it. */
import { hostCommands, hostTopics } from '../task/command.ts';
import type { Task } from '../task/task.ts';
import type { Program } from './program.ts';

/** What a task contributes to its help. */
export type Described = Pick<
  Task,
  | 'name'
  | 'description'
  | 'commands'
  | 'defaultCommand'
  | 'examples'
  | 'topics'
  | 'synonyms'
  | 'exitCodes'
  | 'reportFormats'
>;

/** @param command one that takes the options of a run, instead of the run itself */
export function programOf(
  task: Described,
  command?: { readonly words: string; readonly description: string },
): Program {
  const { name, synonyms = {}, exitCodes = [] } = task;
  if (command !== undefined) {
    const { words, description } = command;
    return { name: `${name} ${words}`, description: `${description}.`, synonyms, exitCodes };
  }
  const { description, examples = [], defaultCommand } = task;
  return {
    name,
    description,
    ...(defaultCommand !== undefined && { prefix: `[${defaultCommand.word}]` }),
    examples,
    synonyms,
    exitCodes,
    commands: commandsOf(task),
    topics: topicsOf(task),
  };
}

/** All commands with one line for each, those of the task first. */
export function commandsOf({
  defaultCommand,
  commands = {},
}: Pick<Task, 'defaultCommand' | 'commands'>): Readonly<Record<string, string>> {
  const own = Object.entries(commands).map(([words, { description }]) => [words, description]);
  return {
    ...(defaultCommand !== undefined && { [defaultCommand.word]: defaultCommand.description }),
    ...Object.fromEntries(own),
    ...hostCommands,
  };
}

/** The names of all topics, those of the task first. */
export function topicsOf({
  topics = {},
  reportFormats = {},
}: Pick<Task, 'topics' | 'reportFormats'>): string[] {
  const hasReports = Object.keys(reportFormats).length > 0;
  const ofHost = Object.keys(hostTopics).filter((topic) => topic !== 'reports' || hasReports);
  return [...Object.keys(topics), ...ofHost];
}
