/** Several threads scan as one: the same findings, the same counts, and an end that comes when it should. */
import {
  closeSync,
  ftruncateSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { inputReader, systemClock } from '../../../src/host/platform/index.ts';
import { SeparateFolders } from '../../../src/scan/walk/index.ts';
import { scanOnce } from '../scan-once.ts';
import { WorkerPool } from '../../../src/scan/threads/worker-pool.ts';
import { openSuppressions } from '../../../src/scan/findings/open-suppressions.ts';
import { type SharedWork, WorkStack } from '../../../src/scan/threads/work-stack.ts';
import { plantable } from '../../../fixtures/tokens.ts';

/** Beyond what one thread scans alone. */
const FOLDERS = 60;
const FILES = 100;

/** A pool's options, but for its size and its work. */
const quiet = {
  clock: systemClock,
  onFound: () => undefined,
  onPart: () => undefined,
  onWalked: () => undefined,
  onRepository: () => undefined,
  onCoverage: () => undefined,
  onGivenUp: () => undefined,
  signal: new AbortController().signal,
};

let root: string;
/** One key for all scans. */
let state: string;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'threads-'));
  state = mkdtempSync(join(tmpdir(), 'threads-state-'));
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
    const wide = Buffer.from(`\0\u0100${plantable('npm-access-token', `${folder}`)}`, 'utf16le');
    writeFileSync(join(path, 'tool.bin'), wide);
  }
  writeFileSync(join(root, 'all.txt'), `${plantable('npm-access-token')}\n`.repeat(250));
});
afterAll(() => [root, state].forEach((folder) => rmSync(folder, { recursive: true })));

const suppressions = await openSuppressions(
  { obeyMarkers: false },
  {
    key: { id: '' },
    isRule: () => true,
    now: 0,
    ignoresCase: false,
    readInput: inputReader({ elevated: false, allowUntrusted: false }),
    onExpired: () => undefined,
  },
);

const workerInput = (waiting: SharedWork, exclude: readonly string[] = []) => ({
  waiting,
  settings: {
    exclude,
    binaries: false,
    containers: { mode: 'auto' as const, depth: 3, maxBytes: 1e9 },
    gitHistory: 'off' as const,
    shard: undefined,
    rate: undefined,
    key: Buffer.alloc(32),
    now: 0,
    ruleSet: undefined,
    rulesOnly: false,
    disabledRules: new Set<string>(),
    suppressions,
    walkOptionsKey: '',
    visitedSeparately: SeparateFolders.of([]).shared,
    watched: undefined,
    index: undefined,
    readAgain: undefined,
  },
});

async function scan(workers: number, signal = new AbortController().signal, place = root) {
  const logged: string[] = [];
  const outcome = await scanOnce(
    { roots: [place], workers, binaries: true, exclude: ['99.txt'] },
    {
      log: ({ id }) => void logged.push(id),
      signal,
      state: { directory: state, store: undefined, onFailure: () => undefined, commit: () => false },
    },
  );
  const places = outcome.findings
    .map(({ rule, path, line, column, count }) => `${rule} ${path}:${line}:${column} ${count}`)
    .sort();
  return { outcome, places, logged: logged.sort() };
}

describe('a scan by several threads', () => {
  test('finds, counts and logs what one thread does', async () => {
    const one = await scan(1);
    expect(one.places).toHaveLength(FOLDERS * 6 + 1);
    expect(one.outcome.findingCount.critical).toBe(FOLDERS * 6 + 1);
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
    const { shared } = new WorkStack();
    const waiting = new WorkStack(shared);
    waiting.push({ kind: 'folder', root, path: root });
    const pool = new WorkerPool({
      ...quiet,
      size: 3,
      most: 3,
      // A glob that cannot be compiled: each of them fails as it starts.
      input: workerInput(shared, ['x'.repeat(70_000)]),
    });
    pool.growIfUseful({ folders: 0, files: 1_000_000, unchanged: 0, bytes: 0 });
    await expect(pool.finish()).rejects.toThrow('is not a valid glob');
    expect(() => pool.growIfUseful({ folders: 0, files: 1_000_000, unchanged: 0, bytes: 0 })).toThrow(
      'is not a valid glob',
    );
  });
});

test('workers whose main thread has failed are dismissed; they would wait for what it had taken', async () => {
  const folders = new WorkStack();
  folders.push({ kind: 'folder', root, path: root });
  folders.pop();
  const pool = new WorkerPool({
    ...quiet,
    size: 2,
    most: 2,
    input: workerInput(folders.shared),
  });
  pool.growIfUseful({ folders: 0, files: 1_000_000, unchanged: 0, bytes: 0 });
  pool.terminate();
  await expect(pool.finish()).rejects.toThrow('ended too early');
});

describe('the shared stack of folders', () => {
  test('two ends give out every folder once, whatever is shared and whatever is kept', () => {
    const mine = new WorkStack();
    const yours = new WorkStack(mine.shared);
    const names = Array.from({ length: 500 }, (_, n) => `/r/é 🌞/${n}`);
    for (const path of names) mine.push({ kind: 'folder', root: '/r', path });
    const seen: string[] = [];
    for (let turn = 0; !mine.isFinished; turn += 1) {
      const end = turn % 2 === 0 ? mine : yours;
      const folder = end.pop();
      if (folder === undefined) continue;
      expect(folder).toMatchObject({ root: '/r' });
      seen.push(folder.path);
      end.done();
    }
    expect(seen.sort()).toEqual(names.sort());
    expect(yours.isFinished).toBe(true);
  });

  test('what one end has found is there for the other one, also when nothing more is found', () => {
    const mine = new WorkStack();
    const yours = new WorkStack(mine.shared);
    for (let n = 0; n < 1000; n += 1) mine.push({ kind: 'folder', root: '/', path: `/${n}` });
    let [byMe, byYou] = [0, 0];
    while (!mine.isFinished) {
      if (mine.pop() !== undefined) byMe += 1;
      mine.done();
      if (yours.pop() === undefined) continue;
      byYou += 1;
      yours.done();
    }
    expect(byMe + byYou).toBe(1000);
    expect(byYou).toBeGreaterThan(450);
  });

  test('a lock that is never let go, its holder being dead, keeps nobody from what is its own', () => {
    const mine = new WorkStack();
    const yours = new WorkStack(mine.shared);
    mine.push({ kind: 'folder', root: '/', path: '/shared' });
    // The first word is the lock.
    Atomics.store(new Int32Array(mine.shared.control), 0, 1);
    mine.push({ kind: 'folder', root: '/', path: '/own' });
    expect(yours.pop()).toBeUndefined();
    expect(mine.pop()).toEqual({ kind: 'folder', root: '/', path: '/own' });
    expect(mine.pop()).toBeUndefined();
    expect(mine.isFinished).toBe(false);
  });

  test('a path too long to share is kept', () => {
    const stack = new WorkStack();
    const long = `/${'x'.repeat(400_000)}`;
    for (let n = 0; n < 4; n += 1) stack.push({ kind: 'folder', root: '/', path: long });
    for (let n = 0; n < 4; n += 1) {
      expect(stack.pop()?.path).toBe(long);
      stack.done();
    }
    expect(stack.isFinished).toBe(true);
  });
});

test('a huge file alone is scanned by all, and found to hold what one thread finds', async () => {
  const path = join(root, 'huge');
  // Every fourth one.
  const part = 4 * 4 * 1024 * 1024;
  const size = 72 * part;
  const descriptor = openSync(path, 'w');
  // Holes take no room. What is written lies around the places where parts are cut, across them above all.
  ftruncateSync(descriptor, size);
  writeSync(descriptor, 'text\n'.repeat(2000), 0);
  for (let n = 1; n < 72; n += 1) {
    const lines = `é\r\n🌞 ${plantable('npm-access-token', `${n}`)} `;
    writeSync(descriptor, n % 3 === 0 ? lines : lines.replaceAll('\n', ' '), n * part - n);
  }
  closeSync(descriptor);
  const one = await scan(1, undefined, path);
  expect(one.outcome.findings).toHaveLength(71);
  expect(one.outcome.findings.at(-1)?.line).toBeGreaterThan(2000);
  for (const workers of [2, 5]) {
    const several = await scan(workers, undefined, path);
    expect(several.outcome.findings).toEqual(one.outcome.findings);
    expect(several.outcome.coverage).toEqual(one.outcome.coverage);
  }
  rmSync(path);
});
