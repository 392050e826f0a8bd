/** The reader of SQLite databases, on databases that SQLite made. */
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from '@jest/globals';
import { sqliteReader } from '../../../src/scan/containers/readers/sqlite.ts';
import { sqliteJournalReader } from '../../../src/scan/containers/readers/sqlite-journal.ts';
import { sqliteFile } from '../../../fixtures/documents.ts';
import { readContainer } from '../read-container.ts';

const database = sqliteFile;
const lines = (text: string | undefined) => (text ?? '').trimEnd().split('\n');
const read = (bytes: Uint8Array) => readContainer(sqliteReader, bytes);

const USERS = `CREATE TABLE users (id INTEGER PRIMARY KEY, "log in" TEXT DEFAULT 'a,b)', /* ( */ [pass] BLOB,
  twice AS (id * 2), kept INT AS (id + 1) STORED, CHECK (id <> 0))`;

describe('SQLite', () => {
  test('rows with names, in several layouts', async () => {
    const { entries, problem } = await read(
      database(
        USERS,
        `INSERT INTO users VALUES (7, 'anna "x"', x'6162'), (9, 'zoë' || char(10) || 'b', x'00ff61626364656667'), (-3000000000, NULL, 1.5)`,
        'CREATE TABLE settings (note TEXT, key TEXT, value, PRIMARY KEY (key)) WITHOUT ROWID',
        `INSERT INTO settings VALUES ('n', 'smtp', 'v1'), ('m', 'imap', 12345678901)`,
        'CREATE INDEX by_note ON settings (note)',
        `CREATE VIEW v AS SELECT 'in a view'`,
      ),
    );
    expect(problem).toBeUndefined();
    expect(lines(entries.get('users'))).toEqual([
      '{"id": -3000000000, "log in": null, "pass": 1.5, "kept": -2999999999}',
      '{"id": 7, "log in": "anna \\"x\\"", "pass": "ab", "kept": 8}',
      '{"id": 9, "log in": "zoë\\nb", "pass": "abcdefg", "kept": 10}',
    ]);
    expect(lines(entries.get('settings'))).toEqual([
      '{"key": "imap", "note": "m", "value": 12345678901}',
      '{"key": "smtp", "note": "n", "value": "v1"}',
    ]);
    expect(entries.get('sqlite_schema')).toContain('in a view');
  });

  test.each(['UTF-16le', 'UTF-16be'])('%s', async (encoding) => {
    const { entries } = await read(
      database(`PRAGMA encoding = '${encoding}'`, 'CREATE TABLE t (a)', `INSERT INTO t VALUES ('grün')`),
    );
    expect(entries.get('t')).toBe('{"a": "grün"}\n');
  });

  test.each([512, 4096, 65_536])('many rows and long values, in pages of %i bytes', async (pageSize) => {
    const { entries, problem } = await read(
      database(
        `PRAGMA page_size = ${pageSize}`,
        'CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT)',
        `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
         INSERT INTO t SELECT i, printf('%.*c', (i * 37) % 900, 'x') || i FROM n`,
        `INSERT INTO t VALUES (5000, printf('%.*c', 40000, 'y') || 'end')`,
        `CREATE TABLE files (name, content)`,
        `INSERT INTO files VALUES ('small.zip', x'504b0304${'00'.repeat(60)}')`,
      ),
    );
    expect(problem).toBeUndefined();
    const rows = lines(entries.get('t'));
    expect(rows).toHaveLength(3001);
    expect(rows[2999]).toBe(`{"a": 3000, "b": "${'x'.repeat(300)}3000"}`);
    expect(rows[3000]).toBe('{"a": 5000, "b": "…"}');
    expect(entries.get('t/5000/b')).toBe(`${'y'.repeat(40_000)}end`);
    expect(entries.get('files/1/content')).toHaveLength(64);
  });

  test('deleted rows, dropped tables', async () => {
    const { entries, problem } = await read(
      database(
        'PRAGMA secure_delete = OFF',
        'CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT, word TEXT)',
        `INSERT INTO t VALUES (1, 'first', 'one-deleted'), (2, 'second', 'kept'), (3, 'third', 'two-deleted'), (4, 'fourth', 'three-deleted')`,
        'DELETE FROM t WHERE id IN (1, 3, 4)',
        'CREATE TABLE gone (a, b)',
        `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
         INSERT INTO gone SELECT 'user' || i, 'word-' || i || '-gone' FROM n`,
        'DROP TABLE gone',
      ),
    );
    expect(problem).toBeUndefined();
    const deleted = lines(entries.get('deleted rows'));
    expect(deleted).toEqual(expect.arrayContaining(['["third", "two-deleted"]', '["first", "one-deleted"]']));
    expect(deleted.join('\n')).toContain('three-deleted');
    const gone = new Set(deleted.flatMap((line) => /word-(\d+)-gone/.exec(line)?.[1] ?? []));
    expect(gone.size).toBeGreaterThan(950);
    expect(deleted).toContain('["user500", "word-500-gone"]');
    expect(entries.get('t')).not.toContain('deleted');
  });

  test.each(['WAL', 'PERSIST'])('files beside the database: %s', async (mode) => {
    const folder = mkdtempSync(join(tmpdir(), 'sqlite-'));
    const db = new DatabaseSync(join(folder, 'a.db'));
    db.exec(`PRAGMA journal_mode = ${mode}; CREATE TABLE t (a, b)`);
    db.exec(`INSERT INTO t VALUES ('first', 'value'), ('long', printf('%.*c', 9000, 'x') || 'end')`);
    if (mode === 'PERSIST') db.exec('PRAGMA synchronous = OFF; BEGIN');
    db.exec(`UPDATE t SET b = 'changed' WHERE a = 'first'`);
    const files = readdirSync(folder).filter((name) => /-(?:wal|journal)$/.test(name));
    const { entries, problem } = await readContainer(
      sqliteJournalReader,
      readFileSync(join(folder, files[0] ?? '')),
    );
    db.close();
    rmSync(folder, { recursive: true });
    expect([files, problem]).toEqual([[mode === 'WAL' ? 'a.db-wal' : 'a.db-journal'], undefined]);
    const rows = lines(entries.get('rows'));
    expect(rows).toContain('["first", "value"]');
    if (mode === 'WAL') {
      expect(rows.filter((row) => row.startsWith('["first"'))).toEqual([
        '["first", "value"]',
        '["first", "changed"]',
      ]);
      expect(rows.join('\n')).toMatch(/x{4000}end/);
    }
  });

  test('what is damaged is reported, and the rest is read', async () => {
    const sound = database(
      'CREATE TABLE a (x)',
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) INSERT INTO a SELECT 'row-' || i FROM n`,
      'CREATE TABLE b (x)',
      `INSERT INTO b VALUES ('last')`,
    );
    const cut = await read(sound.subarray(0, 5 * 4096 + 100));
    expect(cut.problem).toBe('damaged');
    expect(cut.entries.get('a')).toMatch(/row-1"[^]*\[damaged\]$/);
    // The root of the first table leads to itself.
    const circle = Buffer.from(sound);
    circle.writeUInt32BE(2, 4096 + circle.readUInt16BE(4096 + 12));
    const read2 = await read(circle);
    expect(read2.entries.get('a')).toMatch(/row-2000"}\n\[damaged\]$/);
    expect(read2.entries.get('b')).toBe('{"x": "last"}\n');
    expect((await read(Buffer.from('SQLite format 3\0'))).problem).toBe('damaged');
    let asked = 0;
    const slow = await readContainer(sqliteReader, sound, () => (asked += 1) > 6);
    expect(slow.problem ?? slow.entries.get('a')).toContain('container-limit');
  });
});
