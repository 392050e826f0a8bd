/**
 * Floods: whatever one owner plants, the findings of the others are announced in the same run, an owner's own newest and most
 * severe ones come first, and what does not fit is counted, found again and announced later, once.
 */
import { chmodSync, chownSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, describe, expect, test } from '@jest/globals';
import { secretsScan } from '../../../src/scan/index.ts';
import { Dice } from '../../../fixtures/dice.ts';
import { Machine, type StatefulRun } from '../stateful-scan.ts';
import { plantable } from '../../../fixtures/tokens.ts';
import { rootUser, testWith } from '../../tool.ts';

const LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789';
const SEVERITIES = ['low', 'medium', 'high', 'critical'] as const;
/** Files times findings that are more than the store keeps of one owner, and more than it keeps in all. */
const FILES = 1020;
const PER_FILE = 100;
/** Users that exist on no machine. */
const ATTACKER = 45_001;
const VICTIM = 45_002;

let machine: Machine | undefined;
afterEach(() => machine?.remove());

function newMachine(files?: Readonly<Record<string, string>>): Machine {
  machine = new Machine(files);
  return machine;
}

/** So many different passwords, one a line. One in some ten thousand looks like a word, and is not found. */
function fakes(seed: string, count: number): string {
  const dice = new Dice(seed);
  return Array.from({ length: count }, () => `password = "${dice.draw(LETTERS, 15)}7"\n`).join('');
}

/** So many different tokens that are more severe, one a line. */
function tokens(seed: string, count: number): string {
  return Array.from(
    { length: count },
    (_, n) => `${plantable('github-classic-token', `${seed}/${n}`)}\n`,
  ).join('');
}

function flood(target: Machine, owner?: number): void {
  for (let n = 0; n < FILES; n += 1) {
    target.write(`a/f${n}.ini`, fakes(`${n}`, PER_FILE));
    if (owner !== undefined) chownSync(target.path(`a/f${n}.ini`), owner, owner);
  }
}

function totalOf({ outcome }: StatefulRun): number {
  return SEVERITIES.reduce((sum, severity) => sum + outcome.findingCount[severity], 0);
}

const announced = (run: StatefulRun) =>
  run.records.filter(({ id }) => id === 'scan.finding' || id === 'scan.finding-low');
const textOf = ({ fields }: StatefulRun['records'][number], name: string): string => {
  const value = fields[name];
  return typeof value === 'string' ? value : '';
};
const keyOf = (record: StatefulRun['records'][number]) =>
  `${textOf(record, 'path')} ${textOf(record, 'fingerprint')} ${JSON.stringify(record.fields['line'])}`;
const announcedIn = (run: StatefulRun, name: string) =>
  announced(run).filter((record) => textOf(record, 'path').endsWith(name));

describe('a flood by one owner', () => {
  test('does not hide what the same owner adds afterwards', async () => {
    const target = newMachine();
    flood(target);
    const first = await target.run();
    const total = totalOf(first);
    expect(total).toBeGreaterThan(0.999 * FILES * PER_FILE);
    // What was not kept was not scanned, as far as coverage goes.
    const dropped = first.outcome.coverage.unexamined['finding-limit'] ?? 0;
    expect(dropped).toBeGreaterThan(0);
    expect(first.outcome.coverage.files + dropped).toBe(FILES);
    const withheld = first.records.filter(({ id }) => id === 'scan.findings-withheld');
    expect(withheld).toHaveLength(1);
    // Some were announced before they gave way to more severe ones.
    expect(announced(first).length + withheldBy(first)).toBeGreaterThanOrEqual(total);

    target.write('v/prod.env', 'password = "Real9SecretOfVictimX7q"\n');
    const second = await target.run();
    expect(announcedIn(second, '/v/prod.env')).toHaveLength(1);
    expect(totalOf(second)).toBe(total + 1);
    // Files with findings that were dropped are read again; nothing is announced again.
    expect(second.outcome.coverage.unexamined['finding-limit']).toBeGreaterThan(0);
    const both = [...announced(first), ...announced(second)].map(keyOf);
    expect(new Set(both).size).toBe(both.length);

    rmSync(target.path('a'), { recursive: true });
    let last = await target.run();
    expect(last.outcome.findingCount).toEqual({ low: 0, medium: 1, high: 0, critical: 0 });
    expect(last.outcome.coverage.unexamined).toEqual({});
    expect(last.records.some(({ id }) => id === 'scan.findings-withheld')).toBe(false);
    rmSync(target.path('v'), { recursive: true });
    for (let run = 0; run < 3; run += 1) last = await target.run();
    expect(totalOf(last)).toBe(0);
    expect(last.outcome.lifecycle).toEqual({ new: 0, persisting: 0, moved: 0, resolved: 0 });
    expect(target.rowsOf('findings') + target.rowsOf('dropped')).toBe(0);
  }, 300_000);

  test('announces what is kept over the following runs, each finding once, and drops nothing that fits', async () => {
    const target = newMachine();
    for (let n = 0; n < 150; n += 1) target.write(`f${n}.ini`, fakes(`${n}`, PER_FILE));
    const said: string[] = [];
    let runs = 0;
    let isDone = false;
    for (; !isDone && runs < 5; runs += 1) {
      const run = await target.run();
      said.push(...announced(run).map(keyOf));
      isDone = withheldBy(run) === 0;
    }
    expect(said).toHaveLength(15_000);
    expect(new Set(said).size).toBe(15_000);
    expect(announced(await target.run())).toEqual([]);
  }, 120_000);

  test('in one file: the most severe finding at its end is announced', async () => {
    const critical = plantable('github-classic-token');
    // With lines between them, so that the file stays far within its time, on a busy machine too.
    const filler = '# a line that is there for its length alone, as most lines of most files\n'.repeat(3);
    const text = fakes('many', 60_000).replaceAll('\n', `\n${filler}`);
    const target = newMachine({ 'many.ini': `${text}${critical}\n` });
    const run = await target.run();
    expect(announced(run).filter(({ fields }) => fields['severity'] === 'critical')).toHaveLength(1);
    expect(run.outcome.findings.filter(({ severity }) => severity === 'critical')).toHaveLength(1);
    const total = totalOf(run);
    expect(total).toBeGreaterThan(59_900);
    expect(run.outcome.coverage.unexamined).toEqual({ 'finding-limit': 1 });
    expect(run.outcome.coverage.files).toBe(0);
    // It is read again, and the next ones are announced, as long as the store has room for them.
    const runs = [run, await target.run(), await target.run(), await target.run()];
    expect(runs.map(totalOf)).toEqual([total, total, total, total]);
    expect(runs.map(({ outcome }) => outcome.coverage.unchanged)).toEqual([0, 0, 0, 0]);
    expect(runs.map((each) => announced(each).length)).toEqual([10_000, 10_000, 0, 0]);
    const said = runs.flatMap((each) => announced(each).map(keyOf));
    expect(new Set(said).size).toBe(20_000);
    // A severe one is announced at once, wherever it is, and although the store is full; the others of a changed file
    // take the room of those that were announced.
    target.write('many.ini', `${text}${critical}\n${plantable('github-classic-token', 'added')}\n`);
    const later = await target.run();
    expect(announced(later).filter(({ fields }) => fields['severity'] === 'critical')).toHaveLength(1);
    expect(totalOf(later)).toBe(total + 1);
    const all = [...said, ...announced(later).map(keyOf)];
    expect(new Set(all).size).toBe(all.length);
  }, 300_000);

  testWith(rootUser)(
    'does not delay what is found in the files of another',
    async () => {
      const target = newMachine();
      flood(target, ATTACKER);
      target.write('z/prod.env', 'password = "Real9SecretOfVictimX7q"\n');
      chownSync(target.path('z/prod.env'), VICTIM, VICTIM);
      const first = await target.run({ threads: true });
      expect(announcedIn(first, '/z/prod.env')).toHaveLength(1);
      target.write('z/more.env', 'password = "Next9SecretOfVictimX7q"\n');
      chownSync(target.path('z/more.env'), VICTIM, VICTIM);
      const second = await target.run();
      expect(announcedIn(second, '/z/more.env')).toHaveLength(1);
      const owners = second.records
        .filter(({ id }) => id === 'scan.findings-withheld')
        .map(({ fields }) => fields['owner']);
      expect(owners).toEqual([String(ATTACKER)]);
    },
    300_000,
  );
});

function withheldBy({ records }: StatefulRun): number {
  let sum = 0;
  for (const { id, fields } of records) {
    const counts = id === 'scan.findings-withheld' ? fields['counts'] : undefined;
    if (typeof counts === 'object' && counts !== null) {
      for (const count of Object.values(counts)) sum += count;
    }
  }
  return sum;
}

test('all files of an owner with too many to remember are read again', async () => {
  const target = newMachine();
  // More severe, so that they have the room whichever folder comes first.
  for (let n = 0; n < 205; n += 1) target.write(`a/f${n}.txt`, tokens(`${n}`, PER_FILE));
  for (let n = 0; n < 20_300; n += 1) target.write(`b/${n % 100}/f${n}.ini`, fakes(`single ${n}`, 1));
  const said: string[] = [];
  const roots = [target.path('b'), target.path('a')];
  const run = async () => {
    const done = await target.run({ roots });
    said.push(...announced(done).map(keyOf));
    return done;
  };
  const first = await run();
  const total = totalOf(first);
  expect(first.outcome.coverage.unexamined['finding-limit']).toBeGreaterThan(20_000);
  const second = await run();
  expect(totalOf(second)).toBe(total);
  expect(second.outcome.coverage.unexamined).toEqual(first.outcome.coverage.unexamined);
  // There is room for all the others now.
  for (let n = 0; n < 205; n += 1) rmSync(target.path(`a/f${n}.txt`));
  let last = await run();
  for (let runs = 0; runs < 8 && (withheldBy(last) > 0 || runs < 4); runs += 1) last = await run();
  const left = totalOf(last);
  expect(left).toBeGreaterThan(20_200);
  expect(last.outcome.coverage.unexamined).toEqual({ 'finding-limit': left - 20_000 });
  expect(new Set(said).size).toBe(said.length);
  expect(said.filter((key) => key.startsWith(target.path('b'))).length).toBeGreaterThanOrEqual(20_000);
  for (let n = 0; n < 1000; n += 1) rmSync(target.path(`b/${n % 100}/f${n}.ini`));
  for (let runs = 0; runs < 3; runs += 1) last = await run();
  expect(last.outcome.coverage.unexamined).toEqual({});
  expect(target.rowsOf('dropped') + target.rowsOf('dropped_beyond')).toBe(0);
  expect(new Set(said).size).toBe(said.length);
}, 400_000);

test('a finding that was announced before it was replaced is not announced again', async () => {
  const target = newMachine();
  for (let n = 0; n < 200; n += 1) target.write(`f${n}.ini`, fakes(`${n}`, PER_FILE));
  const first = await target.run();
  const second = await target.run();
  expect(withheldBy(second)).toBe(0);
  // As many as have no room without all others.
  target.write('more.txt', tokens('more', 2000));
  const third = await target.run();
  expect(announcedIn(third, 'more.txt')).toHaveLength(2000);
  expect(third.outcome.coverage.unexamined['finding-limit']).toBeGreaterThan(10);
  rmSync(target.path('more.txt'));
  const later = [await target.run(), await target.run(), await target.run()];
  expect(later.flatMap(announced)).toEqual([]);
  expect(totalOf(later[2] ?? first)).toBe(totalOf(first));
  expect(later[2]?.outcome.coverage.unexamined).toEqual({});
}, 120_000);

describe('a queue of records without room', () => {
  test('delays findings, and every one of them is announced once', async () => {
    const target = newMachine();
    for (let n = 0; n < 200; n += 1) target.write(`f${n}.ini`, fakes(`${n}`, 3));
    const said: string[] = [];
    for (let run = 0; run < 8; run += 1) {
      let room = 100;
      const outcome = await target.run({ accepts: () => (room -= 1) >= 0 });
      said.push(...announced(outcome).map(keyOf));
      expect(totalOf(outcome)).toBe(600);
      if (said.length < 600) expect(withheldBy(outcome)).toBe(600 - said.length);
    }
    expect(said).toHaveLength(600);
    expect(new Set(said).size).toBe(600);
    rmSync(target.path('f0.ini'));
    const refused = await target.run({ accepts: () => false });
    expect(refused.outcome.lifecycle?.resolved).toBe(0);
    expect(totalOf(refused)).toBe(597);
    const resolved = await target.run();
    expect(resolved.outcome.lifecycle?.resolved).toBe(3);
  }, 60_000);

  test('has room for a critical finding behind a flood of others', async () => {
    const target = newMachine();
    for (let n = 0; n < 90; n += 1) target.write(`f${n}.ini`, fakes(`${n}`, PER_FILE));
    target.write('z.txt', `${plantable('github-classic-token')}\n`);
    let room = 7600;
    const run = await target.run({ accepts: () => (room -= 1) >= 0 });
    expect(announced(run)).toHaveLength(7600);
    expect(announcedIn(run, 'z.txt')).toHaveLength(1);
  }, 60_000);

  test('announces the most severe pending findings first', async () => {
    const target = newMachine();
    for (let n = 0; n < 20; n += 1) target.write(`f${n}.ini`, fakes(`${n}`, 3));
    target.write('z.txt', `${plantable('github-classic-token')}\n`);
    expect(announced(await target.run({ accepts: () => false }))).toEqual([]);
    let room = 1;
    const run = await target.run({ accepts: () => (room -= 1) >= 0 });
    expect(announced(run).map(({ fields }) => fields['path'])).toEqual([target.path('z.txt')]);
  });
});

describe('without state', () => {
  test('every finding is a record, and the report keeps the most severe', async () => {
    const target = newMachine();
    for (let n = 0; n < 120; n += 1) target.write(`f${n}.ini`, fakes(`${n}`, PER_FILE));
    target.write('z.txt', `${plantable('github-classic-token')}\n`);
    const { outcome, records } = await target.run({ stateless: true });
    expect(records.filter(({ id }) => id === 'scan.finding')).toHaveLength(12_001);
    expect(outcome.findings).toHaveLength(10_000);
    expect(outcome.findings.filter(({ severity }) => severity === 'critical')).toHaveLength(1);
    expect(Object.values(outcome.omitted ?? {})).toEqual([2001]);
  }, 60_000);

  test('the findings of one owner do not push those of another out of the report', async () => {
    const target = newMachine();
    const owners = rootUser.isMet ? [ATTACKER, ATTACKER + 10, ATTACKER + 20, ATTACKER + 30] : [undefined];
    for (const owner of owners) {
      for (let n = 0; n < 120; n += 1) {
        const name = `${owner}/f${n}.ini`;
        target.write(name, fakes(`${owner} ${n}`, PER_FILE));
        if (owner !== undefined) chownSync(target.path(name), owner, owner);
      }
    }
    // Wherever the walk comes first.
    const real = ['0', 'm', 'zz', `${ATTACKER}5`].map((folder) => `${folder}/prod.env`);
    for (const name of real) target.write(name, `password = "Real9Secret${name.length}OfVictimX7q"\n`);
    const { outcome } = await target.run({ stateless: true });
    const paths = outcome.findings.map(({ path }) => path);
    if (rootUser.isMet) expect(paths).toEqual(expect.arrayContaining(real.map((name) => target.path(name))));
    expect(outcome.findings.length).toBeLessThanOrEqual(30_000);
  }, 120_000);
});

/** Makes the store over again as version 0.1.0 would have: with its own tables, and the findings that are known. */
function toOldStore({ state }: Machine, change: (old: DatabaseSync) => void): void {
  const path = join(state, 'state.db');
  const current = new DatabaseSync(path);
  const rows = current.prepare('SELECT * FROM findings').all();
  current.close();
  for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true });
  const old = new DatabaseSync(path);
  old.exec(secretsScan.storeSchema?.[0] ?? '');
  old.exec('CREATE TABLE parts (name TEXT PRIMARY KEY, version INTEGER NOT NULL) STRICT');
  old.exec("INSERT INTO parts VALUES ('scan', 1)");
  for (const { owner: _, rank: __, inside: ___, alerted_at: told = null, ...kept } of rows) {
    const row = { ...kept, nth: 0, told };
    const names = Object.keys(row);
    const marks = names.map(() => '?').join(', ');
    old.prepare(`INSERT INTO findings (${names.join(', ')}) VALUES (${marks})`).run(...Object.values(row));
  }
  change(old);
  old.close();
  chmodSync(path, 0o600);
}

test('a store of version 0.1.0 keeps its findings', async () => {
  const target = newMachine({
    'a.txt': plantable('npm-access-token'),
    'old.txt': plantable('github-classic-token'),
  });
  await target.run();
  rmSync(target.path('old.txt'));
  target.write('b.ini', fakes('b', 3));
  target.write('c.ini', fakes('c', 1));
  const counts = JSON.stringify({ low: 0, medium: 0, high: 3, critical: 0 });
  toOldStore(target, (old) => {
    const add = old.prepare('INSERT INTO uncounted VALUES (?, ?)');
    // Findings of one file that is there, and of one that is gone.
    add.run(target.path('b.ini'), counts);
    add.run(target.path('gone.ini'), counts);
  });
  const first = await target.run({ version: '2' });
  expect(first.outcome.lifecycle).toEqual({ new: 4, persisting: 1, moved: 0, resolved: 1 });
  expect(first.said).toEqual([
    'finding b.ini',
    'finding b.ini',
    'finding b.ini',
    'finding c.ini',
    'finding-resolved old.txt',
  ]);
  expect(totalOf(first)).toBe(5);
  expect(first.outcome.coverage.unexamined).toEqual({});
  const second = await target.run({ version: '2' });
  expect(second.said).toEqual([]);
  expect(totalOf(second)).toBe(5);
  expect(target.rowsOf('dropped')).toBe(0);
});
