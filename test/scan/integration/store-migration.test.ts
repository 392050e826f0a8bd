/** Stores of earlier versions keep their findings: what was announced is not announced again. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { crc32 } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { findingSchema } from '../../../src/scan/state/store-schema.ts';
import { Machine } from '../stateful-scan.ts';
import { plantable } from '../../../fixtures/tokens.ts';

const token = (seed: string) => plantable('github-classic-token', seed);
const SINCE = 1_000_000_000_000;
/** A row of the table, by column. */
type Row = Readonly<Record<string, string | number | bigint | Uint8Array | null>>;

let machine: Machine;
beforeEach(() => {
  machine = new Machine();
});
afterEach(() => machine.remove());

/** Replaces the store by one of an earlier version. @param change what that version stored for a row of this one */
function toVersion(version: number, change: (row: Row) => readonly Row[]): void {
  const path = join(machine.state, 'state.db');
  const written = new DatabaseSync(path);
  const all: Row[] = written.prepare('SELECT * FROM findings').all();
  const rows = all.map(({ inside: __, ...row }) => row);
  written.close();
  for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true });
  const old = new DatabaseSync(path);
  old.exec(findingSchema.slice(0, version).join('\n'));
  old.exec('CREATE TABLE parts (name TEXT PRIMARY KEY, version INTEGER NOT NULL) STRICT');
  old.prepare("INSERT INTO parts VALUES ('scan', ?)").run(version);
  for (const row of rows.flatMap(change)) {
    const names = Object.keys(row);
    const values = names.map(() => '?').join(', ');
    old.prepare(`INSERT INTO findings (${names.join(', ')}) VALUES (${values})`).run(...Object.values(row));
  }
  old.close();
}

/** The detection as it was before equal secrets were joined. */
function withoutCount(detection: unknown): string {
  const { count: _, locations: __, ...old } = JSON.parse(String(detection));
  return JSON.stringify(old);
}

test('with the column `told`', async () => {
  for (const name of ['announced', 'waiting']) machine.write(`${name}.txt`, token(name));
  await machine.run();
  toVersion(2, ({ number = 0, alerted_at: __, detection, ...row }) => {
    const told = String(row['place']).endsWith('announced.txt') ? SINCE : null;
    return [{ ...row, number, detection: withoutCount(detection), nth: 0, told, since: SINCE, seen: SINCE }];
  });
  const { said, outcome } = await machine.run();
  expect(said).toEqual(['finding waiting.txt']);
  expect(outcome.lifecycle).toEqual({ new: 0, persisting: 2, moved: 0, resolved: 0 });
  expect(outcome.findings.map(({ history }) => history?.since)).toEqual(
    outcome.findings.map(() => new Date(SINCE).toISOString()),
  );
  expect((await machine.run()).said).toEqual([]);
});

test('with a row for each of several equal secrets', async () => {
  const names = ['announced', 'waiting', 'gone', 'hidden'];
  for (const name of names) machine.write(`${name}.txt`, `${token(name)}\n`.repeat(3));
  await machine.run();
  toVersion(3, ({ number, detection, ...row }) =>
    [0, 1, 2].map((nth) => {
      const old = {
        ...row,
        number: 3 * Number(number) + nth,
        detection: withoutCount(detection),
        nth,
        since: SINCE + nth,
        seen: SINCE,
      };
      const name = String(row['place']).split('/').at(-1);
      if (name === 'announced.txt') return { ...old, alerted_at: nth === 1 ? SINCE : null };
      if (name === 'waiting.txt') return { ...old, alerted_at: null };
      // The first copy was removed, the others are there.
      if (name === 'gone.txt') return { ...old, alerted_at: SINCE, gone: nth === 0 ? SINCE : 0 };
      return { ...old, alerted_at: null, state: nth === 0 ? 'persisting' : 'suppressed' };
    }),
  );
  const { said, outcome } = await machine.run();
  expect(said).toEqual(['finding hidden.txt', 'finding waiting.txt']);
  expect(outcome.lifecycle).toEqual({ new: 0, persisting: 4, moved: 0, resolved: 0 });
  expect(outcome.findings.map(({ count }) => count)).toEqual([3, 3, 3, 3]);
  expect(machine.rowsOf('findings')).toBe(4);
  expect((await machine.run()).said).toEqual([]);
});

test('whose dropped findings were numbered', async () => {
  machine.write('a.txt', token('a'));
  await machine.run();
  const path = join(machine.state, 'state.db');
  const database = new DatabaseSync(path);
  const { place, owner, fingerprint } = database.prepare('SELECT * FROM findings').get() ?? {};
  database.exec('DELETE FROM findings');
  const id = `${String(fingerprint).slice(0, 16)}${crc32('github-classic-token').toString(16)}`;
  database
    .prepare("INSERT INTO dropped VALUES (?, ?, 1, 1, 0, 0, '{}', ?)")
    .run(String(place), String(owner), `${id}.0 ${id}.1`);
  database.close();
  expect((await machine.run()).said).toEqual([]);
  expect(machine.rowsOf('findings')).toBe(1);
});
