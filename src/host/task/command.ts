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

/** The commands that every executable has, for `--help`. */
export const commandDescriptions = {
  deploy: "install a release on this machine's agent, or return to the previous version",
  doctor: 'check the chain from the agent to its log, step by step',
  uninstall: "remove the program and its job from this machine's agent",
} as const;
export type CommandName = keyof typeof commandDescriptions;
