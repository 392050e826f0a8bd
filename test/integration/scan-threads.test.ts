/** Several threads scan as one: the same findings, the same counts, and an end that comes when it should. */
import { linkSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { hostPlatform } from '../../src/platform/index.ts';
import { secretsScan } from '../../src/scan/index.ts';
import { Crew } from '../../src/scan/threads/crew.ts';
import { FolderStack } from '../../src/scan/threads/folder-stack.ts';
import { plantable } from '../tokens.ts';

/** Beyond what one thread scans alone. */
const FOLDERS = 60;
const FILES = 100;

let root: string;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'threads-'));
  for (let folder = 0; folder < FOLDERS; folder += 1) {
    const path = join(root, `${folder % 7}`, `é${folder}`);
    mkdirSync(path, { recursive: true });
    for (let file = 0; file < FILES; file += 1) {
      const isPlanted = file % 20 === 0;
      const text = isPlanted
        ? plantable('github-classic-token', `${folder}/${file}`)
        : 'nothing of note\n'.repeat(20);
      writeFileSync(join(path, `${file}.txt`), text);
    }
  }
  writeFileSync(join(root, 'all.txt'), `${plantable('npm-access-token')}\n`.repeat(250));
});
afterAll(() => rmSync(root, { recursive: true }));

async function scan(workers: number, signal = new AbortController().signal, place = root) {
  const logged: string[] = [];
  const outcome = await secretsScan.execute({
    options: secretsScan.configSchema.parse({ roots: [place], workers, exclude: ['99.txt'] }),
    platform: hostPlatform({}),
    log: ({ id }) => void logged.push(id),
    signal,
    stateDirectory: undefined,
    store: undefined,
    version: '0',
  });
  const places = outcome.findings
    .map(({ rule, path, line, column }) => `${rule} ${path}:${line}:${column}`)
    .sort();
  return { outcome, places, logged: logged.sort() };
}

describe('a scan by several threads', () => {
  test('finds, counts and logs what one thread does', async () => {
    const one = await scan(1);
    expect(one.places).toHaveLength(FOLDERS * 5 + 100);
    expect(one.outcome.findingCount.critical).toBe(FOLDERS * 5 + 250);
    for (const workers of [2, 5]) {
      const several = await scan(workers);
      expect(several.places).toEqual(one.places);
      expect(several.outcome.findingCount).toEqual(one.outcome.findingCount);
      expect(several.outcome.coverage).toEqual(one.outcome.coverage);
      expect(several.logged).toEqual(one.logged);
    }
  });

  test('ends soon after the signal, and accounts for what it left', async () => {
    // Six gigabytes to read that take no room: one file under many names.
    const large = join(root, 'large');
    const first = join(root, 'first');
    writeFileSync(first, 'nothing of note\n'.repeat(65_536));
    for (let folder = 0; folder < 30; folder += 1) {
      mkdirSync(join(large, `${folder}`), { recursive: true });
      for (let file = 0; file < 200; file += 1) linkSync(first, join(large, `${folder}`, `${file}`));
    }
    const stop = new AbortController();
    setTimeout(() => stop.abort('SIGTERM'), 200);
    const { outcome } = await scan(3, stop.signal, large);
    const { files, unexamined } = outcome.coverage;
    expect(files).toBeLessThan(6000);
    expect(unexamined['stopped-early']).toBeGreaterThan(0);
  });
});

describe('a worker that fails', () => {
  test('ends the scan instead of leaving it waiting', async () => {
    const { shared } = new FolderStack();
    const waiting = new FolderStack(shared);
    waiting.push({ root, path: root });
    const crew = new Crew({
      size: 3,
      // A glob that cannot be compiled: each of them fails as it starts.
      input: {
        folders: shared,
        exclude: ['x'.repeat(70_000)],
        key: Buffer.alloc(32),
        now: 0,
        watched: undefined,
      },
      onFound: () => undefined,
      onCoverage: () => undefined,
    });
    crew.joinIfLarge({ folders: 0, files: 1_000_000, bytes: 0 });
    await expect(crew.finish()).rejects.toThrow('is no glob');
    expect(() => crew.joinIfLarge({ folders: 0, files: 1_000_000, bytes: 0 })).toThrow('is no glob');
  });
});

test('workers whose main thread has failed are dismissed; they would wait for what it had taken', async () => {
  const folders = new FolderStack();
  folders.push({ root, path: root });
  folders.pop();
  const crew = new Crew({
    size: 2,
    input: { folders: folders.shared, exclude: [], key: Buffer.alloc(32), now: 0, watched: undefined },
    onFound: () => undefined,
    onCoverage: () => undefined,
  });
  crew.joinIfLarge({ folders: 0, files: 1_000_000, bytes: 0 });
  crew.dismiss();
  await expect(crew.finish()).rejects.toThrow('ended too early');
});

describe('the shared stack of folders', () => {
  test('two ends give out every folder once, whatever is shared and whatever is kept', () => {
    const mine = new FolderStack();
    const yours = new FolderStack(mine.shared);
    const names = Array.from({ length: 500 }, (_, n) => `/r/é 🌞/${n}`);
    for (const path of names) mine.push({ root: '/r', path });
    const seen: string[] = [];
    for (let turn = 0; !mine.isFinished; turn += 1) {
      const end = turn % 2 === 0 ? mine : yours;
      const folder = end.pop();
      if (folder === undefined) continue;
      expect(folder.root).toBe('/r');
      seen.push(folder.path);
      end.done();
    }
    expect(seen.sort()).toEqual(names.sort());
    expect(yours.isFinished).toBe(true);
  });

  test('a path too long to share is kept', () => {
    const stack = new FolderStack();
    const long = `/${'x'.repeat(400_000)}`;
    for (let n = 0; n < 4; n += 1) stack.push({ root: '/', path: long });
    for (let n = 0; n < 4; n += 1) {
      expect(stack.pop()?.path).toBe(long);
      stack.done();
    }
    expect(stack.isFinished).toBe(true);
  });
});
