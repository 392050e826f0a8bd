/**
 * The `arguments` string of a task. KEPM does not document how the agent splits it. Its bundled plugins are .NET programs, and
 * .NET's `ProcessStartInfo.Arguments` follows the rules of Windows on every operating system: spaces and tabs separate arguments,
 * double quotes group, a backslash is special only before a double quote (Microsoft, "CommandLineToArgvW function" and "Parsing C
 * command-line arguments"). No shell is involved.
 */
import { TaskError } from '../exit/task-error.ts';

/** Quotes an argument so that splitting returns it. Plain arguments stay unchanged. */
export function quoteArgument(argument: string): string {
  if (argument.includes('\0')) throw new TaskError('usage', 'an argument cannot contain a NUL character');
  if (argument !== '' && !/[\s"]/.test(argument)) return argument;
  // Backslashes before a double quote, including the closing one, are doubled; the quote itself gets one more.
  const escaped = argument.replaceAll(/(\\*)("|$)/g, (_, slashes: string, quote: string) =>
    quote === '' ? slashes.repeat(2) : `${slashes.repeat(2)}\\"`,
  );
  return `"${escaped}"`;
}

/** Arguments as one string. */
export function joinArguments(args: readonly string[]): string {
  return args.map(quoteArgument).join(' ');
}

/**
 * The inverse: the arguments of a process that is started with the string. An open quote ends with the string. Two double quotes
 * inside a quoted part have different meanings in different versions of the rules; `quoteArgument` never writes them.
 */
export function splitArguments(text: string): string[] {
  const args: string[] = [];
  /** Undefined between two arguments. */
  let current: string | undefined;
  let quoted = false;
  for (const [part, slashes] of text.matchAll(/(\\*)"|[ \t]|[^ \t"\\]+|\\/g)) {
    if (slashes !== undefined) {
      const isLiteral = slashes.length % 2 === 1;
      current = `${current ?? ''}${'\\'.repeat(Math.floor(slashes.length / 2))}${isLiteral ? '"' : ''}`;
      if (!isLiteral) quoted = !quoted;
    } else if (quoted || (part !== ' ' && part !== '\t')) {
      current = `${current ?? ''}${part}`;
    } else if (current !== undefined) {
      args.push(current);
      current = undefined;
    }
  }
  return current === undefined ? args : [...args, current];
}
