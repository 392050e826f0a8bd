/** Folders of so many entries that they are remembered in slices: nothing is missed, read twice or read again for nothing. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { afterAll, expect, test } from '@jest/globals';
import type { DirectoryEntry } from '../../../src/host/platform/index.ts';
import { EntryTable } from '../../../src/scan/walk/entry-table.ts';
import { MAX_UNSLICED_WEIGHT, hashName, slicingOf } from '../../../src/scan/walk/file-index/slice.ts';
import { OwnWork } from '../../../src/scan/threads/own-work.ts';
import { Machine } from '../stateful-scan.ts';
import { plantable } from '../../../fixtures/tokens.ts';

const machine = new Machine();
afterAll(() => machine.remove());

/** Beyond the granularity of any clock: what the tests write counts as quiet. */
const later = 10_000;
const entries = MAX_UNSLICED_WEIGHT + 5000;
const token = plantable('github-classic-token', '1');

test('a folder in slices is read once, and then only where it changes', async () => {
  mkdirSync(machine.path('huge/sub'), { recursive: true });
  for (let index = 0; index < entries; index += 1) writeFileSync(machine.path(`huge/é-${index}`), '');
  writeFileSync(machine.path('huge/token.txt'), token);
  writeFileSync(machine.path('huge/sub/token.txt'), token);

  const first = await machine.run({ later });
  expect(new Set(first.opened).size).toBe(entries + 2);
  expect(first.opened).toHaveLength(entries + 2);
  expect(first.said).toEqual(['finding huge/sub/token.txt', 'finding huge/token.txt']);

  const second = await machine.run({ later });
  expect(second.opened).toEqual([]);
  expect(second.outcome.coverage).toMatchObject({ unchanged: entries + 2, folders: 3, files: 0 });

  writeFileSync(machine.path('huge/new'), token);
  rmSync(machine.path('huge/token.txt'));
  const third = await machine.run({ later });
  expect(third.opened).toEqual([machine.path('huge/new')]);
  expect(third.outcome.coverage).toMatchObject({ unchanged: entries + 1, folders: 3, files: 1 });
  expect(third.said).toEqual(['finding-moved huge/new']);

  for (let index = 0; index < entries; index += 2) rmSync(machine.path(`huge/é-${index}`));
  const fourth = await machine.run({ later });
  expect(fourth.outcome.coverage).toMatchObject({ folders: 3, unexamined: {} });
  const fifth = await machine.run({ later });
  expect(fifth.opened).toEqual([]);
}, 120_000);

test('slices share the names evenly, and another seed shares them in another way', () => {
  const { count } = slicingOf(1_000_000, 1, undefined);
  const sizes = [1, 2].map((seed) => {
    const of = Array.from({ length: count }, () => 0);
    for (let index = 0; index < 100_000; index += 1) {
      const slice = hashName(`name-${index}`, seed) % count;
      of[slice] = (of[slice] ?? 0) + 1;
    }
    return of;
  });
  for (const of of sizes) expect(Math.max(...of)).toBeLessThan((1.2 * 100_000) / count);
  expect(sizes[0]).not.toEqual(sizes[1]);
});

test('a table of entries returns what was added', () => {
  const table = new EntryTable(3);
  const entry = (name: string, kind: number): DirectoryEntry => ({
    name,
    isFile: () => kind === 0,
    isDirectory: () => kind === 1,
    isSymbolicLink: () => kind === 2,
  });
  const names = Array.from({ length: 5000 }, (_, index) => `${'ä🌞'.repeat(index % 60)}${index}`);
  names.forEach((name, index) => table.add(entry(name, index % 4)));
  const kinds = [...table.all()].map((e) => [e.name, e.isFile(), e.isDirectory(), e.isSymbolicLink()]);
  expect(kinds).toEqual(
    names.map((name, index) => [name, index % 4 === 0, index % 4 === 1, index % 4 === 2]),
  );
  const inSlices = [0, 1, 2].flatMap((slice) => [...table.ofSlice(slice, 3)].map(({ name }) => name));
  expect(inSlices.sort()).toEqual([...names].sort());
});

test('pending work of one thread comes back last first', () => {
  const own = new OwnWork();
  const paths = ['/r/a', '/r/b', '/r/b/ü\\x', '/r/b/ü\\y', '/r/', 'C:\\x\\y', '/\uD800/z', '/r/c'];
  for (const path of paths) own.push({ kind: 'folder', root: '/r', path });
  const popped: string[] = [];
  for (let work = own.pop(); work !== undefined; work = own.pop()) popped.push(work.path);
  expect(popped).toEqual(paths.toReversed());
  expect(own.length).toBe(0);
});
