/** What runs remember of the history of repositories, and repositories that are damaged or made to do harm. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { BLOB, NOTHING, REF_DELTA, copyOf, idOf, packOf, varint } from '../../../fixtures/git-packs.ts';
import { plantable } from '../../../fixtures/tokens.ts';
import { describeWith, installed } from '../../tool.ts';
import { Machine, type StatefulRun } from '../stateful-scan.ts';

const machines: Machine[] = [];
afterAll(() => machines.forEach((machine) => machine.remove()));

function newMachine(): Machine {
  const machine = new Machine();
  machines.push(machine);
  return machine;
}

const secret = (seed: string) => `token = ${plantable('github-classic-token', seed)}\n`;

/** The findings that a report lists, below the root, with their states. */
function listed(machine: Machine, { outcome }: StatefulRun): string[] {
  const name = (path: string) => path.slice(machine.root.length + 1);
  return outcome.findings.map(({ path, history }) => `${name(path)} ${history?.state}`).toSorted();
}

describeWith(installed('git'))('the history of a repository', () => {
  const machine = newMachine();
  const git = (...args: readonly string[]) =>
    execFileSync('git', ['-c', 'user.name=x', '-c', 'user.email=x@example.org', '-c', 'gc.auto=0', ...args], {
      cwd: machine.path('app'),
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trim();
  const commit = (name: string, text: string) => {
    writeFileSync(machine.path(`app/${name}`), text);
    git('add', '--all');
    git('commit', '--quiet', '--message=text');
    return git('rev-parse', '--short=8', 'HEAD');
  };
  mkdirSync(machine.path('app'));
  git('init', '--quiet', '--initial-branch=main');
  const at = (id: string, name: string) => `app/.git!/${id}/${name}`;
  let first = '';

  test('is scanned once, and what is new in it again', async () => {
    first = commit('a.env', secret('a'));
    commit('a.env', 'cleaned\n');
    const began = await machine.run();
    expect(began.said).toEqual([`finding ${at(first, 'a.env')}`]);
    const again = await machine.run();
    expect(again.said).toEqual([]);
    // Files that are this young are opened by the walk, and only by the walk.
    expect(new Set(again.opened).size).toBe(again.opened.length);
    expect(listed(machine, again)).toEqual([`${at(first, 'a.env')} persisting`]);
    // The same secret in another commit and file is no news, another one is.
    commit('copy.env', secret('a'));
    const second = commit('b.env', secret('b'));
    rmSync(machine.path('app/copy.env'));
    rmSync(machine.path('app/b.env'));
    const more = await machine.run();
    expect(more.said).toEqual([`finding ${at(second, 'b.env')}`]);
    expect(more.outcome.findings.find(({ path }) => path.includes(second))?.evidence).toContain(
      'not in the work tree',
    );
    // Only the file `.git/index`, unless a loose object looks like text.
    expect(more.outcome.coverage.skipped['git-objects'] ?? 0).toBeLessThan(2);
    // Packing makes other files of the same objects.
    git('commit', '--all', '--quiet', '--message=removed');
    git('gc', '--quiet');
    const packed = await machine.run();
    expect(packed.said).toEqual([]);
    const all = await machine.run({ options: { gitHistory: 'all' } });
    expect(all.said).toEqual([]);
    expect(listed(machine, all)).toEqual(
      [`${at(first, 'a.env')} persisting`, `${at(second, 'b.env')} persisting`].toSorted(),
    );
  });

  test('is gone when its objects are, and moves with the repository', async () => {
    git('checkout', '--quiet', '--orphan', 'fresh');
    commit('a.env', secret('b'));
    git('branch', '--quiet', '-D', 'main');
    git('reflog', 'expire', '--expire=now', '--all');
    git('gc', '--quiet', '--prune=now');
    const pruned = await machine.run();
    const left = pruned.outcome.findings.filter(({ path }) => path.includes('!/'));
    expect(left).toHaveLength(1);
    expect(pruned.outcome.lifecycle).toMatchObject({ resolved: 1 });
  });
});

function repositoryWith(files: Readonly<Record<string, Buffer>>): Machine {
  const machine = newMachine();
  mkdirSync(machine.path('x.git/objects/pack'), { recursive: true });
  writeFileSync(machine.path('x.git/HEAD'), 'ref: refs/heads/main\n');
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(machine.path(`x.git/objects/${name}`), '..'), { recursive: true });
    writeFileSync(machine.path(`x.git/objects/${name}`), content);
  }
  return machine;
}

const packName = (digit: string) => `pack/pack-${digit.repeat(40)}.pack`;

test('deltas that name their bases are applied, wherever these are', async () => {
  const base = Buffer.from(`${'a line\n'.repeat(50)}${secret('base')}`);
  const added = Buffer.from(secret('added'));
  const delta = (from: Buffer) =>
    Buffer.from([
      ...varint(from.length),
      ...varint(from.length + added.length),
      0xb0,
      from.length & 0xff,
      from.length >> 8,
      added.length,
      ...added,
    ]);
  const middle = Buffer.concat([base, added]);
  const machine = repositoryWith({
    // The base comes last; the base of the third one is in another pack.
    [packName('a')]: packOf([
      [REF_DELTA, idOf(middle), delta(middle)],
      [REF_DELTA, idOf(base), delta(base)],
      [BLOB, NOTHING, base],
    ]),
    [packName('b')]: packOf([[REF_DELTA, idOf(base), delta(base)]]),
  });
  const { outcome } = await machine.run();
  expect(outcome.coverage.unexamined).toEqual({});
  expect(outcome.findings).toHaveLength(2);
  expect(outcome.coverage).toMatchObject({ files: 1 + 2, inside: { entries: 3 } });
});

test('a mail that is too large to be held is scanned as text, and its parts count as not scanned', async () => {
  const header = 'From: a@example.org\nTo: b@example.org\nSubject: backup\n\n';
  const mail = Buffer.from(`${header}${secret('mail')}${'a line of text\n'.repeat(700_000)}`);
  const machine = repositoryWith({ [packName('a')]: packOf([[BLOB, NOTHING, mail]]) });
  const { outcome } = await machine.run();
  expect(outcome.findings).toHaveLength(1);
  expect(outcome.coverage.unexamined).toEqual({ 'container-limit': 1 });
});

test('what is damaged, endless or too large is not taken for clean, now or later, and hides nothing else', async () => {
  const good = Buffer.from(secret('good'));
  const whole = packOf([
    [BLOB, NOTHING, good],
    [BLOB, NOTHING, Buffer.from(secret('lost'))],
  ]);
  const zeros = Buffer.alloc(7 * 1024 * 1024);
  const id = Buffer.alloc(20, 1);
  const machine = repositoryWith({
    [packName('1')]: whole.subarray(0, whole.length - 45),
    [packName('2')]: Buffer.from('no pack at all'),
    // Two deltas of each other.
    [packName('3')]: packOf([
      [REF_DELTA, id, copyOf(10)],
      [REF_DELTA, Buffer.alloc(20, 2), copyOf(10)],
    ]),
    // Decompresses to 800 megabytes.
    [packName('4')]: packOf([
      [BLOB, NOTHING, zeros],
      ...Array.from({ length: 120 }, () => [REF_DELTA, idOf(zeros), copyOf(zeros.length)] as const),
    ]),
    [packName('5')]: packOf([[BLOB, NOTHING, Buffer.from(secret('last'))]]),
    // A delta that does not fit its base, before a sound object.
    [packName('6')]: packOf([
      [BLOB, NOTHING, Buffer.from('a base')],
      [REF_DELTA, idOf(Buffer.from('a base')), copyOf(10)],
      [BLOB, NOTHING, Buffer.from(secret('after'))],
    ]),
    'ab/cdefabcdefabcdefabcdefabcdefabcdefabcd': Buffer.from('no object'),
  });
  const check = ({ outcome }: StatefulRun) => {
    expect(outcome.coverage.unexamined).toEqual({ damaged: 5, 'container-limit': 1 });
    expect(outcome.findings).toHaveLength(3);
  };
  check(await machine.run());
  const again = await machine.run();
  check(again);
  expect(again.said).toEqual([]);
  expect(new Set(again.opened).size).toBe(again.opened.length);
});

test('a run that must end leaves the rest to the next one', async () => {
  const machine = repositoryWith({
    [packName('1')]: packOf([[BLOB, NOTHING, Buffer.from(secret('first'))]]),
    [packName('2')]: packOf([[BLOB, NOTHING, Buffer.from(secret('second'))]]),
  });
  // The walk opens three files.
  const { outcome } = await machine.run({ stopAfter: 4 });
  expect(outcome.coverage.unexamined).toEqual({ 'stopped-early': 1 });
  const next = await machine.run();
  expect(next.outcome.findings).toHaveLength(2);
  expect(next.outcome.coverage.unexamined).toEqual({});
});

test('objects that cannot be read are read by a later run', async () => {
  const machine = repositoryWith({ [packName('1')]: packOf([[BLOB, NOTHING, Buffer.from(secret('late'))]]) });
  const pack = machine.path(`x.git/objects/${packName('1')}`);
  const content = readFileSync(pack);
  rmSync(pack);
  mkdirSync(pack);
  chmodSync(pack, 0o700);
  const { outcome } = await machine.run();
  expect(Object.keys(outcome.coverage.unexamined)).toHaveLength(1);
  rmSync(pack, { recursive: true });
  writeFileSync(pack, content);
  expect((await machine.run()).said).toHaveLength(1);
  expect(readdirSync(machine.path('x.git/objects/pack'))).toHaveLength(1);
});
