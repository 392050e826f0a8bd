/** A store from before the column `alerted_at` keeps its findings: what was announced is not announced again. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, expect, test } from '@jest/globals';
import { Machine } from '../stateful-scan.ts';
import { plantable } from '../../../fixtures/tokens.ts';

/** Version 2 of the tables. */
const tables = `
  CREATE TABLE parts (name TEXT PRIMARY KEY, version INTEGER NOT NULL) STRICT;
  INSERT INTO parts VALUES ('scan', 2);
  CREATE TABLE findings (
    number INTEGER PRIMARY KEY, place TEXT NOT NULL, rule TEXT NOT NULL, fingerprint TEXT NOT NULL, nth INTEGER NOT NULL,
    severity TEXT NOT NULL, detection TEXT NOT NULL, dev REAL NOT NULL, ino REAL NOT NULL, since INTEGER NOT NULL,
    seen INTEGER NOT NULL, told INTEGER, gone INTEGER NOT NULL DEFAULT 0, state TEXT NOT NULL,
    owner TEXT NOT NULL DEFAULT '', rank INTEGER NOT NULL DEFAULT 0,
    UNIQUE (place, rule, fingerprint, nth)
  ) STRICT;
  CREATE INDEX findings_owner ON findings (owner, rank, told DESC);
  CREATE INDEX findings_secret ON findings (fingerprint, rule, owner, since);
  CREATE TABLE leftover (path TEXT PRIMARY KEY, root TEXT NOT NULL, turns INTEGER NOT NULL) STRICT;
  CREATE TABLE notes (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
  CREATE TABLE dropped (
    place TEXT PRIMARY KEY, owner TEXT NOT NULL, at INTEGER NOT NULL, whole INTEGER NOT NULL, dev REAL NOT NULL,
    ino REAL NOT NULL, counts TEXT NOT NULL, announced TEXT NOT NULL
  ) STRICT;
  CREATE TABLE dropped_beyond (owner TEXT NOT NULL, scope TEXT NOT NULL, PRIMARY KEY (owner, scope)) STRICT;`;
const columns =
  'number, place, rule, fingerprint, nth, severity, detection, dev, ino, since, seen, gone, state, owner, rank';

let machine: Machine;
afterEach(() => machine.remove());

test('a store with the column `told` keeps what was announced', async () => {
  machine = new Machine({
    'announced.txt': plantable('github-classic-token', '1'),
    'waiting.txt': plantable('github-classic-token', '2'),
  });
  await machine.run();
  const path = join(machine.state, 'state.db');
  const written = new DatabaseSync(path);
  const rows = written.prepare(`SELECT ${columns} FROM findings`).all();
  written.close();
  for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true });
  const old = new DatabaseSync(path);
  old.exec(tables);
  const add = old.prepare(
    `INSERT INTO findings (${columns}, told) VALUES (${columns.replaceAll(/\w+/g, '?')}, ?)`,
  );
  const since = 1_000_000_000_000;
  for (const row of rows) {
    const values = Object.values({ ...row, since, seen: since });
    add.run(...values, String(row['place']).endsWith('announced.txt') ? since : null);
  }
  old.close();

  const { said, outcome } = await machine.run();
  expect(said).toEqual(['finding waiting.txt']);
  expect(outcome.lifecycle).toEqual({ new: 0, persisting: 2, moved: 0, resolved: 0 });
  expect(outcome.findings.map(({ history }) => history?.since)).toEqual(
    outcome.findings.map(() => new Date(since).toISOString()),
  );
  expect((await machine.run()).said).toEqual([]);
});
