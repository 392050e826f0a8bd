/** Tables of logins, as browsers and password managers export them: comma-separated, with a heading. */
import type { Span } from '../model/rule.ts';

const passwordColumn = /^(?:login[_ ])?(?:password|passwort|kennwort|pass|pwd)$/i;
const otherColumn = /user|login|ur[il]|account|konto|benutzer|site|mail|host|server/i;
const urlColumn = /^(?:login[_ ])?(?:ur[il]|website|web site|origin|hostname)$/i;

/** A cell without its quotes, and where it is. */
interface Cell extends Span {
  readonly text: string;
}

/** The places of the passwords in a text that begins with the heading. */
export function passwordsIn(text: string): Span[] {
  const rows = rowsOf(text);
  const heading = rows[0] ?? [];
  const column = heading.findIndex(({ text: name }) => passwordColumn.test(name));
  if (column < 0 || !heading.some(({ text: name }, at) => at !== column && otherColumn.test(name))) return [];
  // Only an export has addresses too; in other tables, a password is one word.
  const isExport = heading.some(({ text: name }) => urlColumn.test(name));
  return rows.slice(1).flatMap((row) => {
    const cell = row.length < heading.length - 1 ? undefined : row[column];
    if (cell === undefined || cell.text.length < 3 || cell.text.length > 256) return [];
    return isExport || !/\s/.test(cell.text) ? [{ start: cell.start, end: cell.end }] : [];
  });
}

/** Rows of cells (RFC 4180), separated by what separates those of the heading. */
function rowsOf(text: string): Cell[][] {
  const separator = [',', ';', '\t'].find((sign) => /^[^\r\n]*/.exec(text)?.[0].includes(sign)) ?? ',';
  const cell = new RegExp(
    `(?:"((?:[^"]|"")*)"|([^"${separator}\r\n][^${separator}\r\n]*|))(${separator}|\r?\n|$)`,
    'y',
  );
  const rows: Cell[][] = [[]];
  cell.lastIndex = text.startsWith('\xef\xbb\xbf') ? 3 : 0;
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
