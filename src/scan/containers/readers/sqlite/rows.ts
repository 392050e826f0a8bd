/** Rows as lines of JSON, so that names stand beside values. Binary values are reduced to the text in them. */
import { isUtf8 } from 'node:buffer';
import type { ContainerEntry } from '../../container.ts';
import { stringsIn } from '../../text/binary-strings.ts';
import type { Columns } from './columns.ts';
import type { Database, Encoding } from './database.ts';
import { type Cell, type Payload, type StoredValue, isBlob, isText, numberOf, valuesOf } from './record.ts';

/** Longer values become entries of their own. */
const MAX_INLINE_BYTES = 16 * 1024;
/** Pieces of the content of such an entry. */
const PIECE_BYTES = 64 * 1024;
/** The smallest file that contains others has more bytes. */
const MIN_CONTAINER_BYTES = 20;
/** Control characters do not occur in text. */
// eslint-disable-next-line no-control-regex
const CONTROL = /[\0-\x08\x0e-\x1a\x1c-\x1f]/;
/** Beginnings of files that contain others: such a value is also an entry of its own, whatever its size. */
const CONTAINERS: readonly string[] = [
  'PK\x03\x04',
  '\x1f\x8b',
  'BZh',
  '\xfd7zXZ',
  '\x28\xb5\x2f\xfd',
  'SQLite format 3',
  '%PDF',
  '\xd0\xcf\x11\xe0',
];

/** A value that is an entry of its own. */
export interface LargeValue {
  readonly payload: Payload;
  readonly value: StoredValue;
  /** `7/photo`: row and column. */
  readonly name: string;
}

/** A row as an object, or as a list if the columns are unknown. */
export function rowLine(
  cell: Cell,
  columns: Columns | undefined,
  encoding: Encoding,
  onLarge: (value: LargeValue) => void,
): string {
  const { payload, rowId } = cell;
  const parts: string[] = [];
  for (const [index, value] of valuesOf(payload).entries()) {
    const name = columns?.names[index] ?? `column${index + 1}`;
    const isRowId = index === columns?.rowId && value.type === 0;
    const text = isRowId ? String(rowId) : valueText(payload, value, encoding);
    if (text === undefined || isContainer(payload, value)) {
      onLarge({ payload, value, name: `${rowId ?? '-'}/${name}` });
    }
    const shown = text ?? '"…"';
    parts.push(columns === undefined ? shown : `${JSON.stringify(name)}: ${shown}`);
  }
  return columns === undefined ? `[${parts.join(', ')}]` : `{${parts.join(', ')}}`;
}

/** A value as JSON; undefined if it is too long. */
function valueText(payload: Payload, value: StoredValue, encoding: Encoding): string | undefined {
  const { type, from, to } = value;
  if (to - from > MAX_INLINE_BYTES) return undefined;
  const bytes = payload.slice(from, to);
  if (isText(type)) return JSON.stringify(decode(bytes, encoding));
  if (!isBlob(type)) return numberOf(type, bytes);
  return JSON.stringify(textOfBlob(bytes));
}

function textOfBlob(bytes: Buffer): string {
  if (isUtf8(bytes)) {
    const text = bytes.toString();
    if (!CONTROL.test(text)) return text;
  }
  return stringsIn(bytes).join('\n');
}

function decode(bytes: Buffer, encoding: Encoding): string {
  return encoding === 'utf-8' ? bytes.toString() : new TextDecoder(encoding).decode(bytes);
}

function isContainer(payload: Payload, { type, from, to }: StoredValue): boolean {
  if (!isBlob(type) || to - from < MIN_CONTAINER_BYTES) return false;
  const beginning = payload.slice(from, from + 16).toString('latin1');
  return CONTAINERS.some((signature) => beginning.startsWith(signature));
}

/** The entry of a value. */
export function valueEntry(table: string, large: LargeValue, database: Database): ContainerEntry {
  return { name: `${table}/${large.name}`, content: contentOf(large, database) };
}

// eslint-disable-next-line require-await
async function* contentOf(
  { payload, value }: LargeValue,
  { encoding }: Database,
): AsyncGenerator<Uint8Array> {
  const decoder = isText(value.type) && encoding !== 'utf-8' ? new TextDecoder(encoding) : undefined;
  let pieces: Buffer[] = [];
  let size = 0;
  for (const piece of payload.pieces(value.from, value.to)) {
    pieces.push(decoder === undefined ? piece : Buffer.from(decoder.decode(piece, { stream: true })));
    size += piece.length;
    if (size < PIECE_BYTES) continue;
    yield Buffer.concat(pieces);
    pieces = [];
    size = 0;
  }
  if (decoder !== undefined) pieces.push(Buffer.from(decoder.decode()));
  yield Buffer.concat(pieces);
}
