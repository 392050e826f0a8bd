/**
 * The write-ahead log and the rollback journal of an SQLite database: the rows in their pages, as lists, because the names of the columns
 * are in the database. A row that stands in several versions of a page is passed on once.
 */
import { createHash } from 'node:crypto';
import type { BytesReader, ContainerBytes, ContainerEntry, ReaderLimits } from '../container.ts';
import { stringsIn } from '../text/binary-strings.ts';
import { problemOf } from '../text/problems.ts';
import { textPieces } from '../text/text-pieces.ts';
import { Journal } from './sqlite/journal.ts';
import { cellAt } from './sqlite/record.ts';
import { rowLine } from './sqlite/rows.ts';
import { layoutOf } from './sqlite/tree.ts';

/** Bytes in memory for each line that is remembered, about. */
const LINE_MEMORY = 120;

export const sqliteJournalReader: BytesReader = { needs: 'bytes', read };

// eslint-disable-next-line require-await
async function* read(
  content: ContainerBytes,
  _name: string,
  limits: ReaderLimits,
): AsyncGenerator<ContainerEntry> {
  const journal = new Journal(content, limits);
  yield { name: 'rows', content: textPieces(newLines(journal, limits.memoryBytes)) };
}

function* newLines(journal: Journal, memoryBytes: number): Generator<string> {
  const known = new Set<string>();
  for (const { number, page } of journal.pages()) {
    for (const line of linesOf(journal, number, page)) {
      const key = createHash('sha256').update(line).digest('base64');
      if (known.has(key)) continue;
      if (known.size * LINE_MEMORY < memoryBytes / 4) known.add(key);
      yield line;
    }
  }
}

function* linesOf(journal: Journal, number: number, page: Buffer): Generator<string> {
  const layout = layoutOf(page, number);
  if (layout === undefined) yield* stringsIn(page);
  // The pages above the leaves hold only numbers, or what an index repeats.
  if (layout?.isLeaf !== true) return;
  for (const at of layout.cells) {
    try {
      yield rowLine(cellAt(journal, page, at, layout.isTable), undefined, journal.encoding, () => {});
    } catch (error) {
      // The rest of a long row may be in the database.
      problemOf(error);
      yield* stringsIn(page.subarray(at));
    }
  }
}
