/** Paragraphs and lists of two columns, wrapped to a width. */

/** Columns up to which a long name moves the descriptions of a list to the right. */
const MAX_NAME_COLUMNS = 36;

/** An entry of a list: a name and its description. */
export type Row = readonly [name: string, text: string];

/** Lines of at most this width, each after an indentation. A line that begins with two spaces stays as it is. */
export function wrapped(text: string, width: number, indent = ''): string[] {
  return text
    .split('\n')
    .flatMap((line) => (line.startsWith('  ') ? [indent + line] : wrapLine(line, width, indent)));
}

function wrapLine(text: string, width: number, indent: string): string[] {
  const lines: string[] = [];
  let line = indent;
  for (const word of text.split(' ')) {
    if (line !== indent && line.length + 1 + word.length > width) {
      lines.push(line);
      line = indent;
    }
    line += line === indent ? word : ` ${word}`;
  }
  return [...lines, line.trimEnd()];
}

/** The first sentence of a description, without its full stop. */
export function firstSentence(text: string): string {
  return text.split('. ', 1)[0]?.replace(/\.$/, '') ?? text;
}

/** The column in which the descriptions of a list begin. */
export function columnOf(rows: readonly Row[], most = MAX_NAME_COLUMNS): number {
  const lengths = rows.map(([name]) => name.length).filter((length) => length <= most);
  return Math.max(0, ...lengths) + 4;
}

/** The entries below each other, their descriptions in a second column. */
export function list(rows: readonly Row[], width: number, column = columnOf(rows)): string[] {
  return rows.flatMap(([name, text]) => {
    const lines = wrapped(text, width, ' '.repeat(column));
    const start = `  ${name}`;
    if (start.length + 2 > column) return [start, ...lines];
    return [start.padEnd(column) + (lines[0] ?? '').trimStart(), ...lines.slice(1)];
  });
}
