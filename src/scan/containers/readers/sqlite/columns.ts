/** The names of a table's stored columns, from the statement that created it. */

/** A quoted name, a text, a comment, a word, or a single character. What is not closed ends with the statement, so that matching is linear. */
const TOKEN =
  /"[^"]*(?:""[^"]*)*"?|`[^`]*(?:``[^`]*)*`?|\[[^\]]*\]?|'[^']*(?:''[^']*)*'?|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|[\p{L}\p{N}_$]+|\S/gu;
/** Words that begin a constraint of the table, after its columns. */
const TABLE_CONSTRAINTS: ReadonlySet<string> = new Set([
  'CONSTRAINT',
  'PRIMARY',
  'UNIQUE',
  'CHECK',
  'FOREIGN',
]);
/** A longer statement is not parsed. */
const MAX_STATEMENT_CHARS = 256 * 1024;

export interface Columns {
  /** In the order in which records hold them. */
  readonly names: readonly string[];
  /** Index of the column that is the row's number and is not stored, or -1. */
  readonly rowId: number;
}

/** @param isKeyed whether the table is `WITHOUT ROWID`: its records begin with the columns of the primary key */
export function columnsOf(statement: string, isKeyed: boolean): Columns {
  const columns: string[] = [];
  let key: string[] = [];
  let rowId = -1;
  const integers = new Set<number>();
  for (const tokens of definitionsIn(statement.slice(0, MAX_STATEMENT_CHARS))) {
    const words = tokens.map((token) => token.toUpperCase());
    const first = words[0] ?? '';
    const primary = words.findIndex((word, at) => word === 'PRIMARY' && words[at + 1] === 'KEY');
    if (TABLE_CONSTRAINTS.has(first) && columns.length > 0) {
      if (primary >= 0) key = namesIn(tokens.slice(primary + 2));
      if (key.length === 1 && integers.has(columns.indexOf(key[0] ?? '')))
        rowId = columns.indexOf(key[0] ?? '');
      continue;
    }
    // The values of a virtual column are not stored.
    if (words.includes('AS') && words.includes('(') && !words.includes('STORED')) continue;
    const name = unquoted(tokens[0] ?? '');
    if (primary > 0) {
      key = [name];
      if (words[1] === 'INTEGER') rowId = columns.length;
    }
    if (words[1] === 'INTEGER') integers.add(columns.length);
    columns.push(name);
  }
  if (!isKeyed) return { names: columns, rowId };
  const rest = columns.filter((name) => !key.includes(name));
  return { names: [...key, ...rest], rowId: -1 };
}

/** The tokens of each definition between the statement's outer parentheses. */
function definitionsIn(statement: string): string[][] {
  const definitions: string[][] = [];
  let current: string[] = [];
  let depth = 0;
  for (const [token] of statement.matchAll(TOKEN)) {
    if (token.startsWith('--') || token.startsWith('/*')) continue;
    if (token === ')') {
      depth -= 1;
      if (depth <= 0) break;
    }
    if (depth === 1 && token === ',') {
      definitions.push(current);
      current = [];
    } else if (depth > 0) current.push(token);
    if (token === '(') depth += 1;
  }
  if (current.length > 0) definitions.push(current);
  return definitions;
}

/** The names in a list such as `("id", name DESC)`. */
function namesIn(tokens: readonly string[]): string[] {
  const names: string[] = [];
  for (const [at, token] of tokens.entries()) {
    if (token === ')') break;
    if (at > 0 && (tokens[at - 1] === '(' || tokens[at - 1] === ',')) names.push(unquoted(token));
  }
  return names;
}

function unquoted(token: string): string {
  const first = token.charAt(0);
  if (first === '[') return token.slice(1, -1);
  if (first !== '"' && first !== '`' && first !== "'") return token;
  return token.slice(1, -1).replaceAll(first + first, first);
}
