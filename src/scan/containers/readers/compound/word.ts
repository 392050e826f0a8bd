/** The text of a document of Word 97 to 2003 (Microsoft, [MS-DOC], section 2.4.1). */
import { ContainerError } from '../../container.ts';

const MAGIC = 0xa5ec;
const ENCRYPTED = 0x0100;
/** In the older format of Word 95, text is stored in another way. */
const FIRST_VERSION = 0x00c1;
const OTHER_TABLE = 0x0200;
const COMPRESSED = 0x4000_0000;
const decoder = new TextDecoder('windows-1252');

/** The name of the stream with the tables; undefined if the text cannot be found by means of them. */
export function tableStreamOf(main: Buffer): '0Table' | '1Table' | undefined {
  if (main.length < 0x1aa || main.readUInt16LE(0) !== MAGIC) return undefined;
  const flags = main.readUInt16LE(10);
  if ((flags & ENCRYPTED) !== 0) throw new ContainerError('encrypted', 'a password is needed');
  if (main.readUInt16LE(2) < FIRST_VERSION) return undefined;
  return (flags & OTHER_TABLE) === 0 ? '0Table' : '1Table';
}

/** The lines of the document: its paragraphs, with tabs between the cells of a table. */
export function* wordLines(main: Buffer, table: Buffer): Generator<string> {
  let rest = '';
  for (const text of piecesOf(main, table)) {
    const lines = (rest + readable(text)).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}

function* piecesOf(main: Buffer, table: Buffer): Generator<string> {
  const start = main.readUInt32LE(0x1a2);
  const clx = table.subarray(start, start + main.readUInt32LE(0x1a6));
  let at = 0;
  // Before the pieces, there may be descriptions of formats.
  while (clx[at] === 1) at += 3 + clx.readUInt16LE(at + 1);
  if (clx[at] !== 2) throw new ContainerError('damaged', 'the table of pieces is missing');
  const pieces = clx.subarray(at + 5, at + 5 + clx.readUInt32LE(at + 1));
  const count = Math.floor((pieces.length - 4) / 12);
  // Pieces may overlap; together, they cannot be longer than the stream.
  let left = main.length;
  for (let index = 0; index < count && left > 0; index += 1) {
    const length = pieces.readUInt32LE(4 * index + 4) - pieces.readUInt32LE(4 * index);
    const place = pieces.readUInt32LE(4 * (count + 1) + 8 * index + 2);
    const isCompressed = (place & COMPRESSED) !== 0;
    const from = isCompressed ? (place & ~COMPRESSED) / 2 : place;
    const bytes = main.subarray(from, from + Math.max(0, length) * (isCompressed ? 1 : 2));
    left -= bytes.length;
    yield isCompressed ? decoder.decode(bytes) : bytes.toString('utf16le');
  }
}

/** Ends of paragraphs, lines and pages become line feeds, ends of cells tabs; marks of fields and of objects are left out. */
function readable(text: string): string {
  return (
    text
      .replaceAll(/[\r\v\f]/g, '\n')
      // A row ends with a mark of its own behind that of its last cell.
      .replaceAll('\x07\x07', '\n')
      .replaceAll('\x07', '\t')
      .replaceAll('\x1e', '-')
      // eslint-disable-next-line no-control-regex
      .replaceAll(/[\0-\x08\x0e-\x1f]/g, (mark) =>
        mark === '\x13' || mark === '\x14' || mark === '\x15' ? ' ' : '',
      )
  );
}
