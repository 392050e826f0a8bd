/** The store in the state directory: what it refuses, what it repairs, what it survives. */
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { type Store, hostPlatform, openStore } from '../../../src/host/platform/index.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'store-'));
  folders.push(folder);
  return folder;
}

const first = ['CREATE TABLE words (word TEXT) STRICT'];
const open = (folder: string, words: readonly string[] = first) =>
  openStore(hostPlatform({}), folder, { words });
const add = (store: Store, word: string) => store.prepare('INSERT INTO words (word) VALUES (?)').run(word);
const words = (store: Store) =>
  store
    .prepare('SELECT word FROM words')
    .all()
    .map(({ word }) => word);

/** A folder whose store holds one word, closed. */
async function written(word = 'here'): Promise<string> {
  const folder = newFolder();
  const { store } = await open(folder);
  add(store, word);
  store.close();
  return folder;
}

describe('the store', () => {
  test('keeps what is committed and nothing of what fails, and is private', async () => {
    const folder = newFolder();
    const { store, setAside } = await open(folder);
    expect(setAside).toBeUndefined();
    store.transaction(() => store.transaction(() => add(store, 'one')));
    expect(() =>
      store.transaction(() => {
        add(store, 'two');
        throw new Error('no');
      }),
    ).toThrow('no');
    store.sync();
    for (const name of ['state.db', 'state.db-wal']) {
      expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
    }
    store.close();
    const again = await open(folder);
    expect(words(again.store)).toEqual(['one']);
    again.store.close();
  });

  test('is migrated step by step', async () => {
    const folder = await written();
    const { store } = await open(folder, [
      ...first,
      "ALTER TABLE words ADD COLUMN language TEXT DEFAULT 'en'",
    ]);
    expect(store.prepare('SELECT language FROM words').all()).toEqual([{ language: 'en' }]);
    store.close();
  });

  const damages: Readonly<Record<string, (path: string) => void>> = {
    'is no database': (path) => writeFileSync(path, 'not a database at all'.repeat(500)),
    'was cut': (path) => truncateSync(path, statSync(path).size - 4096),
    'has a page of zeros': (path) => {
      const bytes = readFileSync(path);
      writeFileSync(path, bytes.fill(0, 4096, 8192));
    },
    'is a link': (path) => {
      const elsewhere = `${path}.elsewhere`;
      writeFileSync(elsewhere, 'precious');
      rmSync(path);
      symlinkSync(elsewhere, path);
    },
    'has another name': (path) => linkSync(path, `${path}.second`),
    'is shorter than a header': (path) => writeFileSync(path, Buffer.alloc(50, 1)),
  };
  test.each(Object.entries(damages))('that %s is set aside and begins anew', async (_, damage) => {
    const folder = await written();
    damage(join(folder, 'state.db'));
    const { store, setAside } = await open(folder);
    expect(setAside).toMatchObject({ path: join(folder, 'state.db.unusable'), reason: expect.any(String) });
    expect(existsSync(join(folder, 'state.db.unusable'))).toBe(true);
    expect(words(store)).toEqual([]);
    add(store, 'again');
    store.close();
    if (existsSync(join(folder, 'state.db.elsewhere'))) {
      expect(readFileSync(join(folder, 'state.db.elsewhere'), 'utf8')).toBe('precious');
    }
  });

  test('of a newer version is set aside', async () => {
    const folder = newFolder();
    (await open(folder, [...first, 'CREATE TABLE more (x)'])).store.close();
    const { store, setAside } = await open(folder);
    expect(setAside?.reason).toContain('newer version');
    store.close();
  });

  test('that others may read is closed to them', async () => {
    const folder = await written();
    chmodSync(join(folder, 'state.db'), 0o644);
    const { store } = await open(folder);
    expect(words(store)).toEqual(['here']);
    expect(statSync(join(folder, 'state.db')).mode & 0o777).toBe(0o600);
    store.close();
  });
});
