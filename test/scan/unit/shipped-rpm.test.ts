/** Files that rpm installed: a real database, with headers as rpm writes them. */
import { chmodSync, lstatSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, expect, test } from '@jest/globals';
import { PackageFiles } from '../../../src/scan/findings/shipped/package-files.ts';
import { rpmOrigin } from '../../../src/scan/findings/shipped/rpm.ts';
import { PackageTree, sumOf } from '../package-tree.ts';

const trees: PackageTree[] = [];
afterEach(() => {
  for (const tree of trees.splice(0)) tree.remove();
});

/** Tags and their values: texts, or numbers of 32 bits. */
function header(tags: readonly (readonly [tag: number, values: readonly (string | number)[]])[]): Buffer {
  const entries: Buffer[] = [];
  let data = Buffer.alloc(0);
  for (const [tag, values] of tags) {
    if (typeof values[0] === 'number') data = Buffer.concat([data, Buffer.alloc(-data.length & 3)]);
    const entry = Buffer.alloc(16);
    const type = typeof values[0] === 'number' ? 4 : 8;
    for (const [index, value] of [tag, type, data.length, values.length].entries())
      entry.writeUInt32BE(value, 4 * index);
    entries.push(entry);
    const bytes = values.map((value) => {
      if (typeof value === 'string') return Buffer.from(`${value}\0`);
      const number = Buffer.alloc(4);
      number.writeUInt32BE(value);
      return number;
    });
    data = Buffer.concat([data, ...bytes]);
  }
  const preamble = Buffer.alloc(8);
  preamble.writeUInt32BE(entries.length, 0);
  preamble.writeUInt32BE(data.length, 4);
  return Buffer.concat([preamble, ...entries, data]);
}

/** A package with two files, and what the lookup says about them. */
function machine(algorithm: 'sha256' | 'md5' = 'sha256', damage: (blob: Buffer) => Buffer = (blob) => blob) {
  const tree = new PackageTree();
  trees.push(tree);
  const files = [tree.write('opt/acme/README', 'text'), tree.write('opt/acme/sub/key.pem', 'a key')];
  const place = tree.write('db/rpmdb.sqlite', '');
  const database = new DatabaseSync(place);
  database.exec(
    `CREATE TABLE Packages (hnum INTEGER PRIMARY KEY AUTOINCREMENT, blob BLOB NOT NULL);
     CREATE TABLE Basenames (key TEXT NOT NULL, hnum INTEGER NOT NULL, idx INTEGER NOT NULL)`,
  );
  const blob = header([
    [1000, ['acme']],
    [1001, ['2.0']],
    [1002, ['1.fc43']],
    [1035, ['text', 'a key'].map((text) => sumOf(algorithm, text).toString('hex'))],
    [1116, [0, 1]],
    [1117, ['README', 'key.pem']],
    [1118, [`${tree.root}/opt/acme/`, `${tree.root}/opt/acme/sub/`]],
    ...(algorithm === 'md5' ? [] : [[5011, [8]] as const]),
  ]);
  const insert = database.prepare('INSERT INTO Packages VALUES (?, ?)');
  insert.run(6, header([[1000, ['other']]]));
  insert.run(7, damage(blob));
  for (const [name, hnum, index] of [
    ['README', 6, 0],
    ['README', 7, 0],
    ['key.pem', 7, 1],
  ] as const) {
    database.prepare('INSERT INTO Basenames VALUES (?, ?, ?)').run(name, hnum, index);
  }
  database.close();
  const lookedUp = (path: string) => {
    const reader = new PackageFiles(tree.platform);
    const status = lstatSync(path);
    reader.begin({ path, status });
    return rpmOrigin(tree.platform, reader, ['/nowhere/rpmdb.sqlite', place])(path, status);
  };
  return { tree, files, place, lookedUp };
}

test.each(['sha256', 'md5'] as const)('unmodified, modified and other files (%s)', (algorithm) => {
  const { files, tree, place, lookedUp } = machine(algorithm);
  expect(files.map(lookedUp)).toEqual(['acme 2.0-1.fc43', 'acme 2.0-1.fc43']);
  expect(lookedUp(tree.write('opt/other/key.pem', 'a key'))).toBeUndefined();
  const [, key = ''] = files;
  writeFileSync(key, 'my key');
  expect(lookedUp(key)).toBeUndefined();
  // Nothing was written beside the database.
  expect(readdirSync(dirname(place))).toEqual(['rpmdb.sqlite']);
});

test('a database that others can write', () => {
  const { files, place, lookedUp } = machine();
  chmodSync(place, 0o666);
  expect(files.map(lookedUp)).toEqual([undefined, undefined]);
});

test('a damaged database', () => {
  const { files, place, lookedUp } = machine();
  writeFileSync(place, 'SQLite format 3\0 and nothing else');
  expect(files.map(lookedUp)).toEqual([undefined, undefined]);
});

test('damaged headers', () => {
  for (let size = 0; size < 300; size += 7) {
    const { lookedUp, files } = machine('sha256', (blob) => blob.subarray(0, size));
    expect(files.map(lookedUp)).toEqual([undefined, undefined]);
  }
  const { lookedUp, files } = machine('sha256', (blob) => blob.fill(0xff, 0, 60));
  expect(files.map(lookedUp)).toEqual([undefined, undefined]);
});
