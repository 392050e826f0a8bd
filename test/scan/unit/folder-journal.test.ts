/** What a journal's records say of a file that was read and then turned out not to be examined to its end. */
import { expect, test } from '@jest/globals';
import { FolderJournal } from '../../../src/scan/walk/file-index/folder-journal.ts';
import { keyOfSlice } from '../../../src/scan/walk/file-index/index-format.ts';

const LONG_AGO = 1_600_000_000_000;
const NOW = LONG_AGO + 86_400_000;
type Status = Parameters<FolderJournal['examined']>[1];
const statusOf = (ino: number): Status =>
  // Only these are looked at.
  Object.assign(Object.create(null), { dev: 1, ino, size: 9, mtimeMs: LONG_AGO, ctimeMs: LONG_AGO });

/** Names that a path must not be taken apart by. */
const names = ['slow.txt', 'app\\1.conf', '\\'];
const folders = ['/a', '/', keyOfSlice('/a', 3, { count: 5, seed: 7 })];
const cases = folders.flatMap((key) => names.map((name): [string, string] => [key, name]));

/** A folder with a file that was read, between two others. */
function read(key: string, name: string) {
  const journal = new FolderJournal(() => true);
  journal.begin(key, statusOf(1), 0, NOW);
  const takeBacks = ['before', name, 'behind'].map((file, index) => {
    journal.file(file);
    return journal.examined(`/a/${file}`, statusOf(2 + index), undefined);
  });
  return { journal, takeBack: takeBacks[1] ?? (() => expect('noted').toBe('not noted')) };
}

/** What is to be said of it when it is too slow. */
function expected(key: string, name: string): Buffer {
  const journal = new FolderJournal(() => true);
  journal.begin(key, statusOf(1), 0, NOW);
  for (const [index, file] of ['before', name, 'behind'].entries()) {
    journal.file(file);
    if (file !== name) journal.examined(`/a/${file}`, statusOf(2 + index), undefined);
  }
  journal.end(true);
  return Buffer.from(journal.take());
}

test.each(cases)('in the record of %s, %s counts as not scanned', (key, name) => {
  const { journal, takeBack } = read(key, name);
  journal.end(true);
  takeBack();
  expect(journal.length).toBe(expected(key, name).length);
  expect(Buffer.from(journal.take())).toEqual(expected(key, name));
  expect(journal.length).toBe(0);
});

test.each(cases)('the same for one that is taken back while %s is still walked: %s', (key, name) => {
  const { journal, takeBack } = read(key, name);
  takeBack();
  journal.end(true);
  expect(Buffer.from(journal.take())).toEqual(expected(key, name));
});

test.each(cases)('when the record of %s was taken already, another one follows: %s', (key, name) => {
  const { journal, takeBack } = read(key, name);
  journal.end(true);
  expect(Buffer.from(journal.take())).not.toEqual(expected(key, name));
  takeBack();
  expect(Buffer.from(journal.take())).toEqual(expected(key, name));
});

test('what is taken back of one folder leaves the others as they are', () => {
  const { journal, takeBack } = read('/a', 'slow.txt');
  journal.end(true);
  journal.begin('/b', statusOf(8), 0, NOW);
  journal.file('slow.txt');
  journal.examined('/b/slow.txt', statusOf(9), undefined);
  takeBack();
  journal.end(true);
  const all = Buffer.from(journal.take());
  const { journal: other } = read('/a', 'slow.txt');
  other.drop();
  other.begin('/b', statusOf(8), 0, NOW);
  other.file('slow.txt');
  other.examined('/b/slow.txt', statusOf(9), undefined);
  other.end(true);
  expect(all).toEqual(Buffer.concat([expected('/a', 'slow.txt'), Buffer.from(other.take())]));
});
