/** The b-trees of SQLite: the rows of a table, in order. */
import { ContainerError } from '../../container.ts';
import { Problems } from '../../text/problems.ts';
import type { Database } from './database.ts';
import { type Cell, cellAt } from './record.ts';

const INDEX_INTERIOR = 2;
const TABLE_INTERIOR = 5;
const INDEX_LEAF = 10;
const TABLE_LEAF = 13;
/** No sound tree is deeper. */
const MAX_DEPTH = 40;

export interface PageLayout {
  readonly isLeaf: boolean;
  readonly isTable: boolean;
  readonly cells: readonly number[];
  /** Where the list of cells ends, and where their contents begin: what is between them is free. */
  readonly free: readonly [from: number, to: number];
  /** The first free block between cells, or 0. */
  readonly firstBlock: number;
  /** The last child of a page that is no leaf. */
  readonly last: number;
}

/** How a page of a tree is laid out; undefined if it is none. */
export function layoutOf(page: Buffer, number: number): PageLayout | undefined {
  // The first page begins with the file's header.
  const start = number === 1 ? 100 : 0;
  const type = page[start] ?? 0;
  const isLeaf = type === INDEX_LEAF || type === TABLE_LEAF;
  if (!isLeaf && type !== INDEX_INTERIOR && type !== TABLE_INTERIOR) return undefined;
  const list = start + (isLeaf ? 8 : 12);
  const count = page.readUInt16BE(start + 3);
  const content = page.readUInt16BE(start + 5) || 65_536;
  const end = list + 2 * count;
  if (end > page.length) return undefined;
  return {
    isLeaf,
    isTable: type === TABLE_LEAF || type === TABLE_INTERIOR,
    cells: Array.from({ length: count }, (_, index) => page.readUInt16BE(list + 2 * index)),
    free: [end, Math.min(Math.max(end, content), page.length)],
    firstBlock: page.readUInt16BE(start + 1),
    last: isLeaf ? 0 : page.readUInt32BE(start + 8),
  };
}

/**
 * The rows of the tree whose root is page `root`. A part that is damaged is left out, and reported once at the end.
 * @throws ContainerError after the last row that can be read
 */
export function* rowsOf(database: Database, root: number): Generator<Cell> {
  const problems = new Problems();
  yield* walk(database, root, 0, problems);
  problems.report();
}

function* walk(database: Database, number: number, depth: number, problems: Problems): Generator<Cell> {
  let page: Buffer;
  let layout: PageLayout | undefined;
  try {
    page = database.page(number);
    layout = database.see(number) && depth < MAX_DEPTH ? layoutOf(page, number) : undefined;
  } catch (error) {
    problems.note(error);
    return;
  }
  if (layout === undefined) {
    problems.note(new ContainerError('damaged', 'a page is not part of a table'));
    return;
  }
  for (const at of layout.cells) {
    try {
      if (!layout.isLeaf) yield* walk(database, page.readUInt32BE(at), depth + 1, problems);
      // In an index, the pages above the leaves hold rows as well.
      if (layout.isLeaf) yield cellAt(database, page, at, layout.isTable);
      else if (!layout.isTable) yield cellAt(database, page, at + 4, false);
    } catch (error) {
      problems.note(error);
    }
  }
  if (!layout.isLeaf) yield* walk(database, layout.last, depth + 1, problems);
}
