/** What a journal's records say of a file that was read and then turned out not to be examined to its end. */
import { expect, test } from '@jest/globals';
import { FolderJournal } from '../../src/scan/state/folder-journal.ts';

const LONG_AGO = 1_600_000_000_000;
const NOW = LONG_AGO + 86_400_000;
type Status = Parameters<FolderJournal['examined']>[1];
const statusOf = (ino: number): Status =>
  // Only these are looked at.
  Object.assign(Object.create(null), { dev: 1, ino, size: 9, mtimeMs: LONG_AGO, ctimeMs: LONG_AGO });

function journalOf(): FolderJournal {
  const journal = new FolderJournal(() => true);
  journal.begin('/a', statusOf(1), 0, NOW);
  journal.file('slow.txt');
  journal.examined('/a/slow.txt', statusOf(2), false);
  return journal;
}

test('a folder that has ended has no record', () => {
  const journal = journalOf();
  journal.end(true);
  expect(journal.length).toBeGreaterThan(0);
  journal.forget('/a/b/slow.txt');
  expect(journal.length).toBeGreaterThan(0);
  journal.forget('/a/slow.txt');
  expect(journal.length).toBe(0);
  expect(journal.take()).toHaveLength(0);
});

test('in a folder that is still walked, the file has the record of one that was not examined', () => {
  const [forgotten, never] = [journalOf(), new FolderJournal(() => true)];
  forgotten.forget('/a/slow.txt');
  forgotten.end(true);
  never.begin('/a', statusOf(1), 0, NOW);
  never.file('slow.txt');
  never.end(true);
  expect(forgotten.length).toBeGreaterThan(0);
  expect(Buffer.from(forgotten.take()).equals(Buffer.from(never.take()))).toBe(true);
});
