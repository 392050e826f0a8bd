/**
 * SQLite databases: one entry per table, with a line of JSON per row; large values as entries of their own; and what deleted rows left
 * behind. Reads the file as it is, without SQLite: nothing is written, no lock is taken, and a database in memory is as good as a file.
 */
import {
  type BytesReader,
  type ContainerBytes,
  type ContainerEntry,
  ContainerError,
  type ReaderLimits,
} from '../container.ts';
import { Problems, problemOf } from '../text/problems.ts';
import { type Columns, columnsOf } from './sqlite/columns.ts';
import { Database } from './sqlite/database.ts';
import { deletedLines } from './sqlite/deleted.ts';
import { type LargeValue, rowLine, valueEntry } from './sqlite/rows.ts';
import { layoutOf, rowsOf } from './sqlite/tree.ts';
import { textPieces } from '../text/text-pieces.ts';

/** Maximum number of tables that are read. */
const MAX_TABLES = 10_000;
/** Maximum number of large values of a table that become entries. */
const MAX_LARGE_VALUES = 10_000;

const SCHEMA: Columns = { names: ['type', 'name', 'tbl_name', 'rootpage', 'sql'], rowId: -1 };

interface Table {
  readonly name: string;
  readonly root: number;
  readonly columns: Columns;
}

export const sqliteReader: BytesReader = { needs: 'bytes', read };

async function* read(
  content: ContainerBytes,
  _name: string,
  limits: ReaderLimits,
): AsyncGenerator<ContainerEntry> {
  const database = new Database(content, limits);
  const schema = readSchema(database, limits.memoryBytes);
  // Views, triggers and defaults may contain secrets, too.
  yield { name: 'sqlite_schema', content: textPieces(schema.lines) };
  for (const table of schema.tables) yield* entriesOf(database, table);
  yield { name: 'deleted rows', content: textPieces(deletedLines(database)) };
  if (schema.problem !== undefined) throw schema.problem;
  if (database.isCutOff) throw new ContainerError('damaged', 'the database is cut off');
}

interface Schema {
  readonly tables: readonly Table[];
  readonly lines: readonly string[];
  readonly problem: ContainerError | undefined;
}

function readSchema(database: Database, memoryBytes: number): Schema {
  const [tables, lines]: [Table[], string[]] = [[], []];
  let chars = 0;
  try {
    for (const cell of rowsOf(database, 1)) {
      const line = rowLine(cell, SCHEMA, database.encoding, () => {});
      chars += line.length;
      if (tables.length >= MAX_TABLES || chars > memoryBytes / 4) {
        throw new ContainerError('container-limit', 'too many tables');
      }
      lines.push(line);
      const table = tableOf(database, line);
      if (table !== undefined) tables.push(table);
    }
  } catch (error) {
    if (error instanceof ContainerError) return { tables, lines, problem: error };
    return { tables, lines, problem: problemOf(error) };
  }
  return { tables, lines, problem: undefined };
}

/** @param line the table's row in the schema, as JSON */
function tableOf(database: Database, line: string): Table | undefined {
  const row: Readonly<Record<string, unknown>> = JSON.parse(line);
  const { type, name, rootpage: root, sql } = row;
  // A virtual table has no root: it keeps its rows in other tables.
  if (type !== 'table' || typeof root !== 'number' || root === 0) return undefined;
  const isKeyed = root <= database.pageCount && layoutOf(database.page(root), root)?.isTable === false;
  const columns = columnsOf(typeof sql === 'string' ? sql : '', isKeyed);
  return { name: typeof name === 'string' ? name : `page ${root}`, root, columns };
}

function* entriesOf(database: Database, table: Table): Generator<ContainerEntry> {
  const large: LargeValue[] = [];
  yield { name: table.name, content: textPieces(linesOf(database, table, large)) };
  for (const value of large) yield valueEntry(table.name, value, database);
}

function* linesOf(database: Database, table: Table, large: LargeValue[]): Generator<string> {
  const problems = new Problems();
  let isFull = false;
  const onLarge = (value: LargeValue) => {
    if (large.length < MAX_LARGE_VALUES) large.push(value);
    else isFull = true;
  };
  const rows = rowsOf(database, table.root);
  for (let row = rows.next(); row.done !== true; row = rows.next()) {
    try {
      yield rowLine(row.value, table.columns, database.encoding, onLarge);
    } catch (error) {
      problems.note(error);
    }
  }
  problems.report();
  if (isFull) throw new ContainerError('container-limit', 'too many large values');
}
