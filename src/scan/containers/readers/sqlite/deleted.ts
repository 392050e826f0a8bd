/**
 * What deleted rows leave behind: pages that are free, and the space between the rows of a page. Rows that are still whole are read as
 * such; from the rest, the text in it is taken.
 */
import { ContainerError } from '../../container.ts';
import { stringsIn } from '../../text/binary-strings.ts';
import { problemOf } from '../../text/problems.ts';
import { type Database, varint } from './database.ts';
import { Payload, bytesOfType, cellAt, placesOf, valuesOf } from './record.ts';
import { rowLine } from './rows.ts';
import { layoutOf } from './tree.ts';

/** A header of a record that is guessed has at most this many bytes, so that a guess costs little. */
const MAX_GUESSED_HEADER_BYTES = 128;
/** A free block begins with the place of the next one and its own size, over the beginning of the row that was there. */
const BLOCK_HEADER_BYTES = 4;
/** Fewer bytes hold no row with a secret. */
const MIN_GAP_BYTES = 12;

const nothing = () => {};

/** Lines for what was deleted, from the pages of tables that were read and from the list of free pages. */
export function* deletedLines(database: Database): Generator<string> {
  for (let number = 1; number <= database.pageCount; number += 1) {
    if (number % 1024 === 0) database.check();
    if (database.isSeen(number)) yield* gapsIn(database, number);
  }
  for (const number of freePages(database)) yield* freePage(database, number);
}

function* gapsIn(database: Database, number: number): Generator<string> {
  const page = database.page(number);
  const layout = layoutOf(page, number);
  if (layout === undefined || !layout.isLeaf) return;
  yield* linesIn(database, page.subarray(...layout.free));
  let [at, before] = [layout.firstBlock, 0];
  // Blocks are in the order of their places.
  while (at > before && at + BLOCK_HEADER_BYTES <= page.length) {
    const size = page.readUInt16BE(at + 2);
    yield* linesIn(database, page.subarray(at + BLOCK_HEADER_BYTES, Math.min(at + size, page.length)));
    before = at;
    at = page.readUInt16BE(at);
  }
}

/** The trunks of the list of free pages, and the pages that they list. */
function* freePages(database: Database): Generator<number> {
  for (let trunk = database.firstFree; trunk !== 0;) {
    if (trunk > database.pageCount || !database.see(trunk))
      throw new ContainerError('damaged', 'the list of free pages is damaged');
    const page = database.page(trunk);
    const count = Math.min(page.readUInt32BE(4), page.length / 4 - 2);
    for (let index = 0; index < count; index += 1) {
      const number = page.readUInt32BE(8 + 4 * index);
      if (number <= database.pageCount && database.see(number)) yield number;
    }
    yield trunk;
    trunk = page.readUInt32BE(0);
  }
}

function* freePage(database: Database, number: number): Generator<string> {
  const page = database.page(number);
  const layout = layoutOf(page, number);
  if (layout?.isLeaf !== true) {
    yield* stringsIn(page);
    return;
  }
  for (const at of layout.cells) {
    try {
      yield rowLine(cellAt(database, page, at, layout.isTable), undefined, database.encoding, nothing);
    } catch (error) {
      problemOf(error);
      yield* stringsIn(page.subarray(at, at + 256));
    }
  }
  yield* linesIn(database, page.subarray(...layout.free));
}

interface FoundRow {
  readonly line: string;
  readonly end: number;
}

/** Looks for whole rows in bytes that are free. What is between them is searched for text. */
function* linesIn(database: Database, bytes: Buffer): Generator<string> {
  let from = 0;
  for (let at = 0; at + MIN_GAP_BYTES <= bytes.length; at += 1) {
    const isFirst = at === from || at === from + BLOCK_HEADER_BYTES;
    const row = rowAt(database, bytes, at) ?? (isFirst ? restOfRow(database, bytes, at) : undefined);
    if (row === undefined) continue;
    yield* stringsIn(bytes.subarray(from, at));
    yield row.line;
    at = row.end - 1;
    from = row.end;
  }
  if (bytes.length - from >= MIN_GAP_BYTES) yield* stringsIn(bytes.subarray(from));
}

/** A whole row that begins here. */
function rowAt(database: Database, bytes: Buffer, at: number): FoundRow | undefined {
  try {
    const [size, afterSize] = varint(bytes, at);
    if (size < MIN_GAP_BYTES - 2 || at + size > bytes.length) return undefined;
    const start = varint(bytes, afterSize)[1];
    const end = start + size;
    const header = varint(bytes, start)[0];
    if (header < 2 || header > MAX_GUESSED_HEADER_BYTES || header >= size || end > bytes.length)
      return undefined;
    const record = bytes.subarray(start, end);
    return placesOf(record.subarray(0, header)).at(-1)?.to === size
      ? rowOf(database, record, end)
      : undefined;
  } catch (error) {
    problemOf(error);
    return undefined;
  }
}

/**
 * A row over whose beginning a free block has written its header: what begins here are the types of the values after the first. It must
 * reach to where the bytes end or another row begins.
 */
function restOfRow(database: Database, bytes: Buffer, from: number): FoundRow | undefined {
  let sum = 0;
  for (let at = from; at < bytes.length && at - from < MAX_GUESSED_HEADER_BYTES - 1;) {
    const [type, afterType] = varint(bytes, at);
    sum += bytesOfType(type);
    at = afterType;
    const end = at + sum;
    if (end > bytes.length) return undefined;
    if (sum === 0 || (end < bytes.length && rowAt(database, bytes, end) === undefined)) continue;
    const length = Buffer.from([at - from + 1]);
    return rowOf(database, Buffer.concat([length, bytes.subarray(from, end)]), end);
  }
  return undefined;
}

function rowOf(database: Database, record: Buffer, end: number): FoundRow | undefined {
  const payload = new Payload(database, record, record.length, 0);
  const hasText = valuesOf(payload).some(({ type, from, to }) => type >= 12 && to - from >= 4);
  if (!hasText) return undefined;
  return { line: rowLine({ rowId: undefined, payload, end }, undefined, database.encoding, nothing), end };
}
