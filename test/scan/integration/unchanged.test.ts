/** Runs that know the last one: what they open, and where they go on. */
import {
  appendFileSync,
  chmodSync,
  linkSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { binariesIn } from '../../../src/scan/model/coverage.ts';
import { type Setting, Machine } from '../stateful-scan.ts';
import { plantable } from '../../../fixtures/tokens.ts';

const machines: Machine[] = [];
afterEach(() => {
  for (const machine of machines.splice(0)) machine.remove();
});

const token = plantable('github-classic-token', '1');
const other = plantable('github-classic-token', '2');
/** Beyond the granularity of any clock: what the tests write counts as quiet. */
const later = 10_000;

function newMachine(files: Readonly<Record<string, string>>): Machine {
  const machine = new Machine(files);
  machines.push(machine);
  return machine;
}

/** The names that a run opens, sorted. */
async function opened(machine: Machine, setting: Setting = {}): Promise<string[]> {
  const { opened: paths } = await machine.run({ later, ...setting });
  return paths.map((path) => path.slice(machine.root.length + 1)).sort();
}

function countFiles(root: string): number {
  return readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).length;
}

const files = { 'a.txt': token, 'b/c.txt': 'nothing', 'b/d.bin': '\0\x01', 'b/e/f.txt': other };
const all = Object.keys(files).sort();

describe('an unchanged file', () => {
  test('is not opened again, and its findings stay', async () => {
    const machine = newMachine(files);
    expect(await opened(machine)).toEqual(all);
    const { outcome, opened: paths } = await machine.run({ later });
    expect(paths).toEqual([]);
    expect(outcome.coverage).toMatchObject({
      files: 0,
      unchanged: 3,
      folders: 3,
      skipped: { 'other-binary': 1 },
    });
    expect(outcome.lifecycle).toEqual({ new: 0, persisting: 2, moved: 0, resolved: 0 });
    expect(outcome.findings).toHaveLength(2);
  });

  test.each<[string, string[], (machine: Machine) => void]>([
    ['content', ['b/c.txt'], (machine) => appendFileSync(machine.path('b/c.txt'), 'x')],
    [
      'content, though not of its size and time',
      ['b/c.txt'],
      (machine) => machine.write('b/c.txt', 'NOTHING'),
    ],
    ['mode', ['b/c.txt'], (machine) => chmodSync(machine.path('b/c.txt'), 0o600)],
    ['name', ['b/new.txt'], (machine) => renameSync(machine.path('b/c.txt'), machine.path('b/new.txt'))],
    ['folder', ['c.txt'], (machine) => renameSync(machine.path('b/c.txt'), machine.path('c.txt'))],
    [
      "folder's name",
      ['x/c.txt', 'x/d.bin', 'x/e/f.txt'],
      (machine) => renameSync(machine.path('b'), machine.path('x')),
    ],
    ['neighbours', ['b/new.txt'], (machine) => machine.write('b/new.txt', 'new')],
  ])('is opened once more when this is another: its %s', async (_, expected, change) => {
    const machine = newMachine(files);
    await opened(machine);
    change(machine);
    expect(await opened(machine)).toEqual(expected);
    const { opened: paths, outcome } = await machine.run({ later });
    expect(paths).toEqual([]);
    const { unchanged, skipped } = outcome.coverage;
    // Each file is counted once, its neighbours in the folder too.
    expect(unchanged + binariesIn(skipped)).toBe(countFiles(machine.root));
  });

  test.each<[string, Setting]>([
    ['version', { version: '2' }],
    ['--binaries', { options: { binaries: true } }],
    ['--full', { options: { full: true } }],
  ])('is opened when this is another: %s', async (_, setting) => {
    const machine = newMachine(files);
    await opened(machine);
    expect(await opened(machine, setting)).toEqual(all);
    expect((await machine.run({ later, ...setting })).said).toEqual([]);
  });

  test('is opened once it is not excluded any more, and the others are not', async () => {
    const machine = newMachine(files);
    await opened(machine, { options: { exclude: ['e'] } });
    expect(await opened(machine)).toEqual(['b/e/f.txt']);
  });

  test('is opened as long as a change could go unseen', async () => {
    const machine = newMachine(files);
    expect(await opened(machine, { later: 0 })).toEqual(all);
    expect(await opened(machine, { later: 0 })).toEqual(all);
    await opened(machine);
    expect(await opened(machine)).toEqual([]);
  });
});

/** A rule in gitleaks' format. */
const quuxRules = "[[rules]]\nid = 'quux'\nregex = '''quux_[a-z]{10}'''\nkeywords = ['quux_']\n";

describe('the file index', () => {
  const indexOf = (machine: Machine) => join(machine.state, 'files.index');

  test('that is cut off or damaged holds what is before that', async () => {
    const machine = newMachine(files);
    await opened(machine);
    const whole = readFileSync(indexOf(machine));
    for (let length = 0; length < whole.length; length += 13) {
      writeFileSync(indexOf(machine), whole);
      truncateSync(indexOf(machine), length);
      const run = await machine.run({ later });
      expect(run.said).toEqual([]);
      expect(run.outcome.findings).toHaveLength(2);
      expect(await opened(machine)).toEqual([]);
    }
    const damaged = Buffer.from(whole);
    damaged[damaged.length - 20] = 255 - (damaged.at(-20) ?? 0);
    writeFileSync(indexOf(machine), damaged);
    const run = await machine.run({ later });
    expect(run.records.map(({ id }) => id)).toContain('scan.index-damaged');
    expect(run.opened.length).toBeGreaterThan(0);
    expect(run.said).toEqual([]);
  });

  test('is replaced, not written to, where its name leads to a file elsewhere', async () => {
    const machine = newMachine(files);
    await opened(machine);
    const elsewhere = join(machine.root, '..', 'precious');
    for (const link of [linkSync, symlinkSync]) {
      writeFileSync(elsewhere, 'precious');
      rmSync(indexOf(machine));
      link(elsewhere, indexOf(machine));
      expect(await opened(machine)).toEqual(all);
      expect(await opened(machine)).toEqual([]);
      expect(readFileSync(elsewhere, 'utf8')).toBe('precious');
    }
    rmSync(elsewhere);
  });

  test('holds neither a secret nor a name that holds one', async () => {
    const machine = newMachine({ [`${other}.txt`]: token, [`${token}/x.txt`]: 'nothing' });
    await opened(machine);
    const { opened: again } = await machine.run({ later });
    expect(again).toHaveLength(2);
    for (const file of ['files.index', 'state.db', 'state.db-wal']) {
      const kept = (() => {
        try {
          return readFileSync(join(machine.state, file), 'latin1');
        } catch {
          return '';
        }
      })();
      expect(kept.includes(token) || kept.includes(other)).toBe(false);
    }
  });

  test('holds no name that holds a secret of an administrator', async () => {
    const secret = 'quux_abcdefghij';
    const machine = newMachine({ [`${secret}.txt`]: 'x', 'plain.txt': 'x', 'rules/rules.toml': quuxRules });
    const options = { rules: machine.path('rules/rules.toml') };
    await opened(machine, { options });
    expect(await opened(machine, { options })).toEqual([`${secret}.txt`]);
    expect(readFileSync(indexOf(machine), 'latin1').includes(secret)).toBe(false);
  });

  test('does not grow with every run', async () => {
    const machine = newMachine(files);
    await opened(machine);
    const { length } = readFileSync(indexOf(machine));
    for (let run = 0; run < 5; run += 1) await opened(machine);
    expect(readFileSync(indexOf(machine))).toHaveLength(length);
  });
});

describe('a run that ends early', () => {
  const tree = (count: number) =>
    Object.fromEntries(
      Array.from({ length: count }, (_, n) => [
        `${n % 12}/${n % 5}/${n}.txt`,
        n % 10 === 0 ? `${token}\n` : 'x',
      ]),
    );
  const many = tree(60);

  test.each([
    [1, 40],
    [24, 240],
  ])('goes on where it stopped, until all was examined: %d of %d files a run', async (stopAfter, count) => {
    const machine = newMachine(tree(count));
    const met = new Set<string>();
    let runs = 0;
    let examined = 0;
    for (let isWhole = false; !isWhole; runs += 1) {
      const { outcome, opened: paths } = await machine.run({ later, stopAfter });
      for (const path of paths) met.add(path);
      examined += outcome.coverage.files;
      isWhole = Object.keys(outcome.coverage.unexamined).length === 0;
      expect(runs).toBeLessThan(count + 10);
    }
    expect(met.size).toBe(count);
    // What a run examined no later one examines again.
    expect(examined).toBe(count);
    expect(runs).toBeLessThanOrEqual(count / stopAfter + 2);
    const { outcome, opened: again } = await machine.run({ later });
    expect(again).toEqual([]);
    expect(outcome.coverage.unchanged).toBe(count);
    expect(outcome.lifecycle).toMatchObject({ new: 0, persisting: count / 10 });
  });

  test('begins with the places of credentials', async () => {
    const machine = newMachine({ ...many, '.aws/credentials': token, '.config/gh/hosts.yml': other });
    expect(await opened(machine, { stopAfter: 2 })).toEqual(['.aws/credentials', '.config/gh/hosts.yml']);
  });

  test('comes to each root, though another one has new places of credentials for each run', async () => {
    const machine = newMachine({ 'vic/a.txt': token });
    const met: string[] = [];
    for (const name of ['.aws', '.azure', '.docker', '.gnupg']) {
      machine.write(`att/${name}/1`, 'text');
      machine.write(`att/${name}/2`, 'text');
      const roots = [machine.path('att'), machine.path('vic')];
      met.push(...(await opened(machine, { roots, stopAfter: 1 })));
    }
    expect(met).toContain('vic/a.txt');
  });

  test('has no use for the time of a change, nor for new folders, where it goes on', async () => {
    const machine = newMachine({});
    for (const name of ['1', '2', '3', '4', '5', '6']) {
      machine.write(`a/x${name}/1`, 'text');
      machine.write(`a/x${name}/2`, 'text');
      machine.write(`b/y${name}`, 'text');
    }
    const roots = [machine.path('a'), machine.path('b')];
    const met = new Set<string>();
    for (let run = 0; run < 14; run += 1) {
      for (const name of ['1', '2', '3', '4', '5', '6']) {
        machine.write(`a/x${name}/1`, `${run}`);
        machine.write(`a/x${name}/new${run}/1`, 'text');
      }
      for (const path of await opened(machine, { roots, stopAfter: 1 })) met.add(path);
    }
    expect([...met].filter((path) => path.startsWith('b/'))).toHaveLength(6);
  });

  test('does not begin with what was made unreachable', async () => {
    const machine = newMachine(many);
    await machine.run({ later, stopAfter: 5 });
    const { opened: paths } = await machine.run({ later, options: { exclude: ['1*'] } });
    expect(paths.filter((path) => /\/1\d?\//.test(path.slice(machine.root.length)))).toEqual([]);
  });
});

describe('shards', () => {
  test('share all files out, and each keeps to its part', async () => {
    const machine = newMachine(files);
    const parts: string[] = [];
    for (const shard of ['1/3', '2/3', '3/3']) parts.push(...(await opened(machine, { options: { shard } })));
    expect(parts.sort()).toEqual(all);
    const { outcome } = await machine.run({ later, options: { shard: '1/1' } });
    expect(outcome.findings).toHaveLength(2);
    expect(outcome.lifecycle).toMatchObject({ new: 0, resolved: 0 });
  });
});

describe('a suppressed finding', () => {
  test('is told once it is not suppressed any more, and resolved without a word', async () => {
    const machine = newMachine({ 'a.txt': `${token} # gitleaks:allow\n` });
    const options = { obeyMarkers: true };
    const first = await machine.run({ later, options });
    expect(first.said).toEqual([]);
    expect(first.outcome).toMatchObject({
      findings: [],
      suppressed: { 'inline marker': 1 },
      lifecycle: { new: 0, persisting: 0, moved: 0, resolved: 0 },
    });
    const second = await machine.run({ later });
    expect(second.said).toEqual(['finding a.txt']);
    expect(second.outcome).toMatchObject({ suppressed: {}, lifecycle: { new: 1, persisting: 0 } });
    expect((await machine.run({ later, options })).outcome.lifecycle).toMatchObject({ resolved: 0 });
    expect((await machine.run({ later })).said).toEqual([]);
    await machine.run({ later, options });
    machine.write('a.txt', 'rotated');
    expect((await machine.run({ later, options })).said).toEqual([]);
    expect((await machine.run({ later })).outcome.findings).toEqual([]);
  });
});
