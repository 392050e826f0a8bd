/**
 * A task's `arguments`: one string, split into the arguments of a process. KEPM's own rules are not documented; its
 * agent is a .NET program, and .NET splits `ProcessStartInfo.Arguments` in the same way on every system: by the rules of
 * "Parsing C++ command-line arguments" of Microsoft's documentation. They know double quotes and backslashes; a single
 * quote, a dollar sign or an asterisk means nothing.
 */

/**
 * Splits at spaces and tabs outside double quotes. Backslashes are special only before a double quote: each pair becomes one, and an odd
 * one makes the quote literal. Two double quotes inside quotes become one.
 */
export function splitArguments(line: string): string[] {
  const result: string[] = [];
  let current: string | undefined;
  let isQuoted = false;
  for (let at = 0; at < line.length; at += 1) {
    const { backslashes, quote } = tokenAt(line, at);
    const character = line.charAt(at);
    if (backslashes > 0) {
      const isLiteralQuote = quote && backslashes % 2 === 1;
      current = (current ?? '') + '\\'.repeat(quote ? backslashes >> 1 : backslashes);
      if (isLiteralQuote) current += '"';
      at += backslashes - 1 + (isLiteralQuote ? 1 : 0);
    } else if (quote) {
      current ??= '';
      const isDoubled = isQuoted && line.charAt(at + 1) === '"';
      if (isDoubled) {
        current += '"';
        at += 1;
      } else isQuoted = !isQuoted;
    } else if (!isQuoted && (character === ' ' || character === '\t')) {
      if (current !== undefined) result.push(current);
      current = undefined;
    } else current = (current ?? '') + character;
  }
  if (current !== undefined) result.push(current);
  return result;
}

/** The number of backslashes at a position, and whether a double quote follows them. */
function tokenAt(line: string, at: number): { readonly backslashes: number; readonly quote: boolean } {
  let end = at;
  while (line.charAt(end) === '\\') end += 1;
  return { backslashes: end - at, quote: line.charAt(end) === '"' };
}

/** The result of a substitution: the text, and its unknown tokens, which stay unchanged. */
export interface Substituted {
  readonly text: string;
  readonly unknown: readonly string[];
}

/**
 * Replaces `{Name}` tokens (KEPM documentation, "Jobs definition and format"). Values are inserted before the line is split,
 * so the token of a value with spaces must be quoted in the job document.
 */
export function substitute(text: string, variables: ReadonlyMap<string, string>): Substituted {
  const unknown: string[] = [];
  const replaced = text.replaceAll(/\{([A-Za-z][\w.-]*)\}/g, (token, name: string) => {
    const value = variables.get(name);
    if (value === undefined) unknown.push(token);
    return value ?? token;
  });
  return { text: replaced, unknown };
}
