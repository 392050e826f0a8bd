/** Tables of logins, as browsers and password managers export them: comma-separated, with a heading. */
import type { Span, TableHeading, TableSecrets } from '../model/rule.ts';

const passwordColumn = /^(?:login[_ ])?(?:password|passwort|kennwort|pass|pwd)$/i;
const otherColumn = /user|login|ur[il]|account|konto|benutzer|site|mail|host|server/i;
const urlColumn = /^(?:login[_ ])?(?:ur[il]|website|web site|origin|hostname)$/i;

/** A line that may be a heading, after a byte-order mark or not, and the end of the line. */
const headingLine =
  /(?<![^\n])(?=[^\r\n]{0,400}(?:pass|kennwort|pwd))(?:\xef\xbb\xbf)?([^\r\n]{4,600})(?:\r?\n|$)/gi;

/** A cell without its quotes, and where it is. */
interface Cell extends Span {
  readonly text: string;
}

/** The places of the passwords in lines of a file. @param before heading of the table that the lines before them belong to */
export function passwordsIn(text: string, before?: TableHeading): TableSecrets {
  const own = headingIn(text);
  if (own === undefined)
    return { spans: before === undefined ? [] : cellsIn(text, 0, before), heading: before };
  const { heading, start, end } = own;
  const rest = before === undefined ? [] : cellsIn(text.slice(0, start), 0, before);
  return { spans: [...rest, ...cellsIn(text.slice(end), end, heading)], heading };
}

/** The passwords in rows that begin at this place of the text. */
function cellsIn(rows: string, at: number, { separator, width, column, isExport }: TableHeading): Span[] {
  return rowsOf(rows, separator).flatMap((row) => {
    const cell = row.length < width - 1 ? undefined : row[column];
    if (cell === undefined || cell.text.length < 3 || cell.text.length > 256) return [];
    return isExport || !/\s/.test(cell.text) ? [{ start: at + cell.start, end: at + cell.end }] : [];
  });
}

/** The first line that is the heading of a table with passwords, and where it begins and where the first row does. */
function headingIn(text: string): ({ readonly heading: TableHeading } & Span) | undefined {
  for (const { 0: line, 1: names = '', index } of text.matchAll(headingLine)) {
    const heading = headingOf(names);
    if (heading !== undefined) return { heading, start: index, end: index + line.length };
  }
  return undefined;
}

function headingOf(line: string): TableHeading | undefined {
  const separator = [',', ';', '\t'].find((sign) => line.includes(sign));
  if (separator === undefined) return undefined;
  const names = rowsOf(line, separator)[0]?.map(({ text: name }) => name) ?? [];
  const column = names.findIndex((name) => passwordColumn.test(name));
  if (column < 0 || !names.some((name, at) => at !== column && otherColumn.test(name))) return undefined;
  // Only an export has addresses too; in other tables, a password is one word.
  return { separator, width: names.length, column, isExport: names.some((name) => urlColumn.test(name)) };
}

/** Rows of cells (RFC 4180). */
function rowsOf(text: string, separator: string): Cell[][] {
  const cell = new RegExp(
    `(?:"((?:[^"]|"")*)"|([^"${separator}\r\n][^${separator}\r\n]*|))(${separator}|\r?\n|$)`,
    'y',
  );
  const rows: Cell[][] = [[]];
  for (let match = cell.exec(text); match !== null; match = cell.exec(text)) {
    const [whole, quoted, plain = '', after = ''] = match;
    const start = match.index + (quoted === undefined ? 0 : 1);
    const content = quoted ?? plain;
    rows.at(-1)?.push({ text: content, start, end: start + content.length });
    if (match.index + whole.length >= text.length) break;
    if (after !== separator) rows.push([]);
  }
  return rows;
}
