/** The options of a command that is used by hand: flags only, from a schema of its own. */
import type * as z from 'zod';
import { parseCommandLine, textFor } from './command-line.ts';
import { usage } from './mistakes.ts';
import { optionsOf, shownName } from './options.ts';
import { problemOf } from './problem.ts';
import type { Program } from './program.ts';

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
): { readonly options: z.output<Schema> } | { readonly text: string } {
  const options = optionsOf(schema, program.name);
  const commandLine = parseCommandLine(argv, program, options);
  const text = textFor(commandLine, program, options, version);
  if (text !== undefined) return { text };
  const input = Object.fromEntries(commandLine.values);
  const parsed = schema.safeParse(input);
  if (parsed.success) return { options: parsed.data };
  const [issue] = parsed.error.issues;
  const option = options.find(({ key }) => key === issue?.path[0]);
  const where = option === undefined ? '' : `${shownName(option)}: `;
  throw usage(`${where}${problemOf(issue, input, true)}`, program);
}
