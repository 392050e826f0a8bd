/** The options of a command that is used by hand: flags only, from a schema of its own. */
import type * as z from 'zod';
import type { WrongValue } from '../task/wrong-value.ts';
import { parseCommandLine, textFor } from './command-line.ts';
import { usage } from './mistakes.ts';
import { optionsOf, shownName } from './options.ts';
import { problemOf } from './problem.ts';
import type { Program } from './program.ts';

/** The options of a command. */
export interface Flags<Schema extends z.ZodObject> {
  readonly options: z.output<Schema>;
  readonly wrongValue: WrongValue;
}

/**
 * Reads flags.
 * @param program its name contains the command's: `my-job deploy`
 * @returns the options, or a text to print for `--help` and `--version`
 * @throws TaskError `usage` that names the flag
 */
export function readFlags<Schema extends z.ZodObject>(
  argv: readonly string[],
  schema: Schema,
  program: Program,
  version: string,
): Flags<Schema> | { readonly text: string } {
  const options = optionsOf(schema, program.name);
  const commandLine = parseCommandLine(argv, program, options);
  const text = textFor(commandLine, program, options, version);
  if (text !== undefined) return { text };
  const input = Object.fromEntries(commandLine.values);
  const parsed = schema.safeParse(input);
  const wrongValue: WrongValue = (key, problem) => {
    const option = options.find((candidate) => candidate.key === key);
    return usage(`${option === undefined ? '' : `${shownName(option)}: `}${problem}`, program);
  };
  if (parsed.success) return { options: parsed.data, wrongValue };
  const [issue] = parsed.error.issues;
  throw wrongValue(String(issue?.path[0]), problemOf(issue, input, true));
}
