/** A command of an executable besides its work, such as `doctor`. */
import type { Surroundings } from './surroundings.ts';
import type { Task } from './task.ts';

/** What a command is given. */
export interface CommandContext extends Surroundings {
  readonly task: Task;
  /** The process's environment. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Runs a command.
 * @param argv the arguments after the command's name
 * @returns the exit code
 * @throws TaskError for arguments and settings that are wrong
 */
export type Command = (argv: readonly string[], context: CommandContext) => Promise<number>;

/** The commands that every executable has, by their words, for `--help`. */
export const hostCommands = {
  doctor: 'Check the chain from the agent to its log, step by step',
  'job lint': 'Find mistakes in a job document before it is deployed',
  deploy: "Install a release on this machine's agent, or return to the previous version",
  uninstall: "Remove the program and its job from this machine's agent",
  completion: 'Print a script that completes commands and options in bash or zsh',
  help: 'Explain a command or a topic',
} as const;
export type HostCommand = keyof typeof hostCommands;

/** The topics of `help` that every executable has; `reports` only with formats of reports. */
export const hostTopics = {
  'exit-codes': 'What each exit code means',
  environment: 'The environment variables that set options',
  configuration: 'The configuration file, and which source of an option wins',
  reports: 'Report files and their formats',
} as const;
export type HostTopic = keyof typeof hostTopics;
