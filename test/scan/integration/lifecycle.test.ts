/** The life of findings from run to run. */
import { chmodSync, chownSync, copyFileSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { afterEach, describe, expect, test } from '@jest/globals';
import { Machine } from '../stateful-scan.ts';
import { plantable, planted } from '../../../fixtures/tokens.ts';
import { rootUser, testWith } from '../../tool.ts';

const machines: Machine[] = [];
afterEach(() => {
  for (const machine of machines.splice(0)) machine.remove();
});

function newMachine(files: Readonly<Record<string, string>> = {}): Machine {
  const machine = new Machine(files);
  machines.push(machine);
  return machine;
}

const token = plantable('github-classic-token', '1');
const other = plantable('github-classic-token', '2');
const DAY = 24 * 60 * 60 * 1000;

describe('a finding', () => {
  test('is announced once, whatever its line, and again when it is gone', async () => {
    const machine = newMachine({ 'a.txt': `x ${token}\n`, 'b.txt': 'nothing' });
    const first = await machine.run();
    expect(first.said).toEqual(['finding a.txt']);
    expect(first.outcome.lifecycle).toEqual({ new: 1, persisting: 0, moved: 0, resolved: 0 });
    expect(first.outcome.findings[0]?.history?.state).toBe('new');

    machine.write('a.txt', `# a comment\n\n  ${token}\n`);
    const second = await machine.run();
    expect(second.said).toEqual([]);
    expect(second.outcome.lifecycle).toEqual({ new: 0, persisting: 1, moved: 0, resolved: 0 });
    expect(second.outcome.findings).toMatchObject([{ line: 3, column: 3, history: { state: 'persisting' } }]);
    expect(second.outcome.findingCount.critical).toBe(1);

    machine.write('a.txt', 'rotated\n');
    const third = await machine.run();
    expect(third.said).toEqual(['finding-resolved a.txt']);
    expect(third.records.find(({ id }) => id === 'scan.finding-resolved')?.level).toBe('Information');
    expect(third.outcome.lifecycle).toEqual({ new: 0, persisting: 0, moved: 0, resolved: 1 });
    expect((await machine.run()).outcome).toMatchObject({
      findings: [],
      lifecycle: { new: 0, persisting: 0, moved: 0, resolved: 0 },
    });
    // The same secret comes back: that is news.
    machine.write('a.txt', token);
    expect((await machine.run()).said).toEqual(['finding a.txt']);
  });

  test('of a second secret is a finding of its own; a second copy of the same is only counted', async () => {
    const machine = newMachine({ 'a.txt': `${token}\n` });
    await machine.run();
    machine.write('a.txt', `${other}\n${token}\n${token}\n`);
    const { said, outcome } = await machine.run();
    expect(said).toEqual(['finding a.txt']);
    expect(outcome.lifecycle).toEqual({ new: 1, persisting: 1, moved: 0, resolved: 0 });
    expect(outcome.findings.map(({ line, count }) => `${line}: ${count}`).sort()).toEqual(['1: 1', '2: 2']);
    machine.write('a.txt', `${token}\n`);
    const last = await machine.run();
    expect(last.outcome.lifecycle).toEqual({ new: 0, persisting: 1, moved: 0, resolved: 1 });
    expect(last.outcome.findings).toMatchObject([{ line: 1, count: 1 }]);
  });

  test('says in how many places its secret is', async () => {
    const machine = newMachine({ 'a.txt': `${token}\n`.repeat(12), 'b.txt': token, 'c/c.txt': token });
    const { outcome, records } = await machine.run();
    expect(outcome.findings).toHaveLength(3);
    const inFile = outcome.findings.find(({ path }) => path.endsWith('a.txt'));
    expect(inFile).toMatchObject({ count: 12, files: 3 });
    expect(inFile?.locations).toHaveLength(10);
    const found = records.filter(({ id }) => id === 'scan.finding').map(({ fields }) => fields);
    expect(found.map(({ files }) => files)).toEqual([undefined, 2, 3]);
    expect(found.find(({ path }) => path === machine.path('a.txt'))).toMatchObject({
      count: 12,
      lines: '1, 2, 3, 4, 5, 6, 7, 8, 9, 10',
    });
    expect((await machine.run()).said).toEqual([]);
    rmSync(machine.path('b.txt'));
    const later = await machine.run();
    expect(later.outcome.findings.map(({ files }) => files)).toEqual([2, 2]);
  });

  test('is suppressed by markers only if every one of its locations has one', async () => {
    const machine = newMachine({ 'a.txt': `${token} # gitleaks:allow\n`.repeat(2) });
    const options = { obeyMarkers: true };
    const first = await machine.run({ options });
    expect(first.said).toEqual([]);
    expect(first.outcome.suppressed).toEqual({ 'inline marker': 1 });
    machine.write('a.txt', `${token} # gitleaks:allow\n`.repeat(2) + token);
    const second = await machine.run({ options });
    expect(second.said).toEqual(['finding a.txt']);
    expect(second.outcome.findings).toMatchObject([{ line: 3, count: 3 }]);
    expect(second.outcome.suppressed).toEqual({});
    expect((await machine.run({ options })).said).toEqual([]);
  });

  test.each([
    ['is renamed', 'a.txt', 'z.txt'],
    ['is renamed to an earlier name', 'z.txt', 'a.txt'],
    ['goes to another folder', 'a/a.txt', 'b/b.txt'],
    ['comes from another folder', 'b/b.txt', 'a/a.txt'],
  ])('moves with its file that %s', async (_, from, to) => {
    const machine = newMachine({ [from]: `${token}\n`, 'a/x': '', 'b/x': '' });
    const since = (await machine.run()).outcome.findings[0]?.history?.since;
    renameSync(machine.path(from), machine.path(to));
    const { said, outcome, records } = await machine.run({ later: DAY });
    expect(said).toEqual([`finding-moved ${to}`]);
    expect(records.find(({ id }) => id === 'scan.finding-moved')?.fields['from']).toBe(machine.path(from));
    expect(outcome.lifecycle).toEqual({ new: 0, persisting: 0, moved: 1, resolved: 0 });
    expect(outcome.findings).toMatchObject([{ path: machine.path(to), history: { state: 'moved', since } }]);
  });

  test('moves with a rotated log, although its name is reused', async () => {
    const machine = newMachine({ 'app.log': `${token}\n` });
    await machine.run();
    renameSync(machine.path('app.log'), machine.path('app.log.1'));
    machine.write('app.log', 'a new day\n');
    expect((await machine.run()).said).toEqual(['finding-moved app.log.1']);
  });

  test('moves even to a folder that the run has already listed', async () => {
    const machine = newMachine({ 'a.txt': 'one', 'b/c.txt': token });
    await machine.run();
    const onFirst = () => renameSync(machine.path('b/c.txt'), machine.path('d.txt'));
    expect((await machine.run({ options: { full: true }, onFirst })).said).toEqual([]);
    expect((await machine.run()).said).toEqual(['finding-moved d.txt']);
  });

  const asRoot = testWith(rootUser);
  asRoot.each(['moved', 'written anew'])(
    'does not move to a file of another owner that is %s',
    async (how) => {
      const machine = newMachine({ 'a.txt': `${token}\n` });
      chownSync(machine.path('a.txt'), 65_534, 65_534);
      expect((await machine.run()).said).toEqual(['finding a.txt']);
      if (how === 'moved') renameSync(machine.path('a.txt'), machine.path('prod.env'));
      else rmSync(machine.path('a.txt'));
      machine.write('prod.env', `${token}\n`);
      chownSync(machine.path('prod.env'), 65_501, 65_501);
      const { said, outcome } = await machine.run();
      expect(said).toEqual(['finding prod.env', 'finding-resolved a.txt']);
      expect(outcome.lifecycle).toEqual({ new: 1, persisting: 0, moved: 0, resolved: 1 });
      expect((await machine.run()).said).toEqual([]);
    },
  );

  asRoot('of many copies of another owner moves within its own', async () => {
    const copies = Array.from({ length: 25 }, (_, index) => [`copy${index}.txt`, `${token}\n`]);
    const machine = newMachine(Object.fromEntries(copies));
    for (const [name = ''] of copies) chownSync(machine.path(name), 65_534, 65_534);
    await machine.run();
    machine.write('mine.txt', token);
    await machine.run();
    renameSync(machine.path('mine.txt'), machine.path('renamed.txt'));
    expect((await machine.run()).said).toEqual(['finding-moved renamed.txt']);
  });

  test('that was suppressed when it moved is announced at its new place', async () => {
    const machine = newMachine({ 'a.txt': `${token}\n` });
    const options = { obeyMarkers: true };
    await machine.run({ options });
    machine.write('a.txt', `${token} # gitleaks:allow\n`);
    expect((await machine.run({ options })).said).toEqual([]);
    rmSync(machine.path('a.txt'));
    machine.write('b.txt', `${token}\n`);
    expect((await machine.run({ options })).said).toEqual(['finding b.txt']);
    expect((await machine.run({ options })).said).toEqual([]);
  });

  test('that moves into a file where it is suppressed is announced when it no longer is', async () => {
    const machine = newMachine({ 'a.txt': `${token}\n` });
    const options = { obeyMarkers: true };
    await machine.run({ options });
    rmSync(machine.path('a.txt'));
    machine.write('b.txt', `${token} # gitleaks:allow\n`);
    expect((await machine.run({ options })).said).toEqual([]);
    machine.write('b.txt', `# and now without a marker\n${token}\n`);
    expect((await machine.run({ options })).said).toEqual(['finding b.txt']);
  });

  test('of a copy is new, and says since when the secret is known', async () => {
    const machine = newMachine({ 'a.txt': `${token}\n` });
    const since = (await machine.run()).outcome.findings[0]?.history?.since;
    copyFileSync(machine.path('a.txt'), machine.path('b.txt'));
    const { said, records } = await machine.run({ later: DAY });
    expect(said).toEqual(['finding b.txt']);
    expect(records.find(({ id }) => id === 'scan.finding')?.fields['since']).toBe(since);
  });

  test('is announced again after --remind days, and not before', async () => {
    const machine = newMachine({ 'a.txt': `${token}\n` });
    const options = { remind: 7 };
    await machine.run({ options });
    expect((await machine.run({ options, later: 6 * DAY })).said).toEqual([]);
    expect((await machine.run({ options, later: 8 * DAY })).said).toEqual(['finding-again a.txt']);
    expect((await machine.run({ options, later: 9 * DAY })).said).toEqual([]);
    expect((await machine.run({ later: 99 * DAY })).said).toEqual([]);
  });

  test('is announced again with --retell, each once, even if there is no room for it in that run', async () => {
    const machine = newMachine({ 'a.txt': `${token}\n` });
    await machine.run();
    machine.write('b.txt', `${other}\n`);
    const retold = await machine.run({ later: DAY, retell: true });
    expect(retold.said).toEqual(['finding a.txt', 'finding b.txt']);
    expect((await machine.run({ later: 2 * DAY })).said).toEqual([]);
    const refused = await machine.run({ later: 3 * DAY, retell: true, accepts: () => false });
    expect(refused.said.filter((name) => name.startsWith('finding '))).toEqual([]);
    expect((await machine.run({ later: 4 * DAY })).said).toEqual(['finding a.txt', 'finding b.txt']);
    expect((await machine.run({ later: 5 * DAY })).said).toEqual([]);
  });

  test('is resolved when its file, its folder or its kind is gone', async () => {
    const machine = newMachine({ 'a.txt': token, 'b/c/d.txt': other, 'e.txt': planted('npm-access-token') });
    await machine.run();
    rmSync(machine.path('a.txt'));
    rmSync(machine.path('b'), { recursive: true });
    writeFileSync(machine.path('e.txt'), Buffer.alloc(100));
    expect((await machine.run()).said).toEqual([
      'finding-resolved a.txt',
      'finding-resolved b/c/d.txt',
      'finding-resolved e.txt',
    ]);
  });

  test('stays while its state is unknown: an unreadable folder, a run elsewhere, an exclude, an early end', async () => {
    const machine = newMachine({ 'closed/a.txt': token, 'b.txt': other, 'c/x': '' });
    await machine.run();
    rmSync(machine.path('b.txt'));
    if (!rootUser.isMet) chmodSync(machine.path('closed'), 0);
    expect((await machine.run({ roots: [machine.path('c')] })).outcome).toMatchObject({
      findings: [],
      lifecycle: { persisting: 0, resolved: 0 },
    });
    expect((await machine.run({ options: { exclude: ['b.txt'] } })).said).toEqual([]);
    expect((await machine.run({ options: { full: true }, stopAfter: 1 })).said).toEqual([]);
    const last = await machine.run();
    chmodSync(machine.path('closed'), 0o700);
    expect(last.said).toEqual(['finding-resolved b.txt']);
    expect(last.outcome.findings).toHaveLength(1);
  });

  test('in a file whose name contains a secret keeps its history, and the name is stored nowhere', async () => {
    const machine = newMachine();
    const name = `${other}.txt`;
    machine.write(name, token);
    expect((await machine.run()).said).toEqual(['finding [redacted].txt']);
    expect((await machine.run()).outcome.lifecycle).toMatchObject({ new: 0, persisting: 1 });
    rmSync(machine.path(name));
    expect((await machine.run()).said).toEqual(['finding-resolved [redacted].txt']);
  });

  test('is announced once, whether it is the first of its file or the last of many', async () => {
    const tokens = Array.from({ length: 150 }, (_, n) => plantable('github-classic-token', `many ${n}`));
    const machine = newMachine({ 'a.txt': tokens.slice(0, 100).join('\n') });
    expect((await machine.run()).said).toHaveLength(100);
    machine.write('a.txt', tokens.toReversed().join('\n\n'));
    const { said, outcome } = await machine.run();
    expect(said).toHaveLength(50);
    expect(outcome.lifecycle).toEqual({ new: 50, persisting: 100, moved: 0, resolved: 0 });
    mkdirSync(machine.path('b'));
    expect((await machine.run()).said).toEqual([]);
  });
});
