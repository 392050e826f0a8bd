/** Comparing two builds: what differs is seen, in folders and in archives. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { writeArchive } from '../../../build/release/archive.ts';
import { compareArchives, compareFolders } from '../../../build/release/compare.ts';
import { targets } from '../../../build/targets.ts';

const folder = mkdtempSync(join(tmpdir(), 'compare-'));
afterAll(() => rmSync(folder, { recursive: true }));

function folderOf(name: string, files: Readonly<Record<string, string>>): string {
  const path = join(folder, name);
  mkdirSync(path);
  for (const [file, text] of Object.entries(files)) writeFileSync(join(path, file), text);
  return path;
}

test('folders: a file that is the same, another, and one that only one of them has', () => {
  const first = folderOf('first', { same: '1', changed: '2', gone: '3' });
  const second = folderOf('second', { same: '1', changed: 'two', more: '4' });
  const seen = compareFolders(first, second).map(({ file, isSame }) => [file, isSame]);
  expect(seen).toEqual([
    ['changed', false],
    ['gone', false],
    ['more', false],
    ['same', true],
  ]);
});

test('archives: each file that differs is named, and another way of packing', async () => {
  const [linux] = targets;
  if (linux === undefined) throw new Error('there are no targets');
  const pack = (files: Readonly<Record<string, string>>, seconds = 0, executable = false) =>
    writeArchive(
      linux.archive,
      Object.entries(files).map(([path, text]) => ({ path, content: Buffer.from(text), executable })),
      new Date(seconds * 1000),
    );
  const built = await pack({ a: 'one', b: 'two' });
  const compared = async (published: Buffer) => (await compareArchives(linux, published, built)).differences;
  expect(await compareArchives(linux, built, built)).toMatchObject({ isSame: true, verdict: 'identical' });
  expect(await compared(await pack({ a: 'one', b: 'twO' }))).toEqual(['b: other bytes, from 2 on']);
  expect(await compared(await pack({ a: 'one' }))).toEqual(['b: only in what the source makes']);
  expect(await compared(await pack({ a: 'one', b: 'two', c: '' }))).toEqual([
    'c: only in the published archive',
  ]);
  expect(await compared(await pack({ a: 'one', b: 'two' }, 0, true))).toEqual([
    'a: another mode',
    'b: another mode',
  ]);
  expect(await compared(await pack({ a: 'one', b: 'two' }, 1))).toEqual([
    'how the files are packed: order, times, owners or compression',
  ]);
});
