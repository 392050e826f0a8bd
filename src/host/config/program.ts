/** A command as its help describes it. */
import type { TaskExit } from '../exit/exit-table.ts';
import type { Example } from '../task/help.ts';

export interface Program {
  /** With the words of the command: `my-job deploy`. */
  readonly name: string;
  /** One or more sentences. */
  readonly description: string;
  /** Ways to call it; by default, options and the argument without a flag. */
  readonly usage?: readonly string[];
  /** The word before them that may be left out: `[scan]`. */
  readonly prefix?: string;
  readonly examples?: readonly Example[];
  /** What people type by mistake, as in `Task.synonyms`. */
  readonly synonyms?: Readonly<Record<string, string>>;
  /** Other commands, by their words, with one line for each. */
  readonly commands?: Readonly<Record<string, string>>;
  /** Names of the topics of `help`. */
  readonly topics?: readonly string[];
  /** The exit codes of a run of the task. */
  readonly exitCodes?: readonly TaskExit[];
  /** The end of `--help`, such as the exit codes of a command. */
  readonly epilogue?: string;
}
