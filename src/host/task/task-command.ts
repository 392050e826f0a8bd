/** A command that a task adds to its executable, such as `rules list`. The host reads its flags. */
import type * as z from 'zod';
import type { TextStyle } from '../log/index.ts';
import type { ReadInput } from '../platform/index.ts';
import type { Example } from './help.ts';
import type { OutputFile } from '../platform/whole-file.ts';
import type { Surroundings } from './surroundings.ts';
import type { WrongValue } from './wrong-value.ts';

/** What a task's command is given. */
export interface TaskCommandContext<Options> extends Surroundings {
  readonly options: Options;
  /** As in `TaskContext`. */
  readonly readInput: ReadInput;
  readonly wrongValue: WrongValue;
  /**
   * Writes a file that an option names: completely or not at all, readable by its owner alone, and through no link of another user.
   * @param file its name in errors (`the page`) and the option (`--output`)
   * @throws TaskError `cannot-write`
   */
  readonly writeOutput: (path: string, text: string, file: OutputFile) => Promise<void>;
  /** How to show text on standard output. */
  readonly style: TextStyle;
  /** Replaces secrets in texts that are shown. */
  readonly redact: (text: string) => string;
}

export interface TaskCommand<Schema extends z.ZodObject = z.ZodObject> {
  /** One line for `--help`, an imperative without a full stop. */
  readonly description: string;
  /** Its flags and arguments. They can only be set on the command line. */
  readonly options: Schema;
  /** Ways to call it, after its words: `[options] FILE`. By default, options and the argument without a flag. */
  readonly usage?: readonly string[];
  readonly examples?: readonly Example[];
  /** The end of its `--help`. */
  readonly epilogue?: string;
  /**
   * Runs the command.
   * @returns names of rows in the table of exit codes that apply; the worst one is the command's
   * @throws TaskError for arguments that are wrong
   */
  run(context: TaskCommandContext<z.output<Schema>>): Promise<readonly string[]>;
}
