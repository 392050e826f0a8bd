/** What a run did not come to is remembered in bounded memory, and known to all threads. */
import { expect, test } from '@jest/globals';
import { SeparateFolders, UnfinishedLimit } from '../../../src/scan/walk/index.ts';

test('folders with a turn of their own are known in every thread, and no others', () => {
  const paths = Array.from({ length: 10_000 }, (_, index) => `/srv/homes/user${index}`);
  const { shared } = SeparateFolders.of(paths);
  expect(shared.table.byteLength).toBeLessThan(300_000);
  const ofWorker = new SeparateFolders(structuredClone({ key: shared.key, table: shared.table }));
  expect(paths.filter((path) => !ofWorker.has(path))).toEqual([]);
  expect(paths.filter((path) => ofWorker.has(`${path}/x`))).toEqual([]);
  expect(SeparateFolders.of([]).has('/srv')).toBe(false);
});

test('deep folders of one user take no more than half of the room, those of others still have some', () => {
  const root = '/srv/homes';
  const room = new UnfinishedLimit();
  const deep = 'd/'.repeat(1900);
  const ofAttacker = Array.from({ length: 12_000 }, (_, n) => ({ root, path: `${root}/att/${deep}${n}` }));
  const bytes = ofAttacker
    .filter((folder) => room.admits(folder))
    .reduce((sum, { path }) => sum + path.length, 0);
  expect(bytes).toBeGreaterThan(0);
  expect(bytes).toBeLessThan(2_000_000);
  const ofVictim = Array.from({ length: 500 }, (_, n) => ({ root, path: `${root}/vic/app/${n}` }));
  expect(ofVictim.filter((folder) => !room.admits(folder))).toEqual([]);
});

test('a usual tree may leave thousands of folders', () => {
  const room = new UnfinishedLimit();
  const folders = Array.from({ length: 4000 }, (_, n) => ({
    root: '/home/a',
    path: `/home/a/work/p/src/${n}`,
  }));
  expect(folders.filter((folder) => !room.admits(folder))).toEqual([]);
});
