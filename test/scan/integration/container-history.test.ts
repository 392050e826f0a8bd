/** Findings in containers from run to run: opened once, kept while they cannot be read, moved with their entry, and named in lists. */
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { plantable } from '../../../fixtures/tokens.ts';
import { gzipOf, tarOf, zipOf } from '../container-makers.ts';
import { Machine } from '../stateful-scan.ts';

const token = (seed: string) => plantable('github-classic-token', seed);
/** Beyond the granularity of any clock: what the tests write counts as quiet. */
const later = 10_000;

let machine: Machine;
beforeEach(() => {
  machine = new Machine();
});
afterEach(() => machine.remove());

test('an unchanged container is not opened again; one with a gap is, and resolves nothing that it hides', async () => {
  const inner = await zipOf({ 'a.txt': token('inner') });
  machine.write(
    'sound.zip',
    await zipOf({ 'etc/app.env': token('a'), 'same.env': token('a'), 'in.zip': inner }),
  );
  machine.write('cut.gz', gzipOf(Buffer.from(`${token('cut')}\n${'line\n'.repeat(1000)}`)).subarray(0, -12));
  const first = await machine.run({ later });
  expect(first.said).toEqual([
    'finding cut.gz!/cut',
    'finding sound.zip!/etc/app.env',
    'finding sound.zip!/in.zip!/a.txt',
    'finding sound.zip!/same.env',
  ]);
  // In how many files, not entries.
  expect(first.outcome.findings.every(({ files }) => files === undefined)).toBe(true);
  expect(first.outcome.coverage.unexamined).toEqual({ damaged: 1 });

  const second = await machine.run({ later });
  expect(second.opened).toEqual([machine.path('cut.gz')]);
  expect(second.said).toEqual([]);
  expect(second.outcome.lifecycle).toEqual({ new: 0, persisting: 4, moved: 0, resolved: 0 });
  expect(second.outcome.coverage).toMatchObject({ unchanged: 1, unexamined: { damaged: 1 } });

  // Other options open it again.
  const shallow = await machine.run({ later, options: { containerDepth: 1 } });
  expect(shallow.outcome.coverage.gaps).toContainEqual({
    path: machine.path('sound.zip!/in.zip'),
    reason: 'container-limit',
  });
  expect(shallow.outcome.lifecycle?.resolved).toBe(0);
  expect(shallow.outcome.findings).toHaveLength(4);
  const off = await machine.run({ later, options: { containers: 'off' } });
  expect(off.outcome.coverage).toMatchObject({ skipped: { archive: 2 }, unexamined: {} });
  expect(off.outcome.findings).toHaveLength(4);
});

test('a run that ends while it reads a container says so, and resolves nothing', async () => {
  machine.write('a.tar', await tarOf({ 'one.env': token('1'), 'two.env': token('2') }));
  await machine.run({ later });
  machine.write('a.tar', await tarOf({ 'two.env': token('2'), 'three.env': 'nothing' }));
  const stopped = await machine.run({ later: 2 * later, stopAfter: 1 });
  expect(stopped.outcome.coverage.unexamined).toEqual({ 'stopped-early': 1 });
  expect(stopped.said).toEqual([]);
  expect((await machine.run({ later: 3 * later })).said).toEqual(['finding-resolved a.tar!/one.env']);
});

test('an entry that is renamed, a container that moves, an entry that is removed', async () => {
  machine.write('a.tar', await tarOf({ 'one.env': token('1'), 'two.env': token('2') }));
  await machine.run({ later });
  machine.write('a.tar', await tarOf({ 'one.env': token('1'), 'other.env': token('2') }));
  const renamed = await machine.run({ later: 2 * later });
  expect(renamed.said).toEqual(['finding-moved a.tar!/other.env']);
  expect(renamed.records.find(({ id }) => id === 'scan.finding-moved')?.fields['from']).toBe(
    machine.path('a.tar!/two.env'),
  );
  renameSync(machine.path('a.tar'), machine.path('b.tar'));
  const moved = await machine.run({ later: 3 * later });
  expect(moved.said).toEqual(['finding-moved b.tar!/one.env', 'finding-moved b.tar!/other.env']);
  machine.write('b.tar', await tarOf({ 'other.env': token('2') }));
  expect((await machine.run({ later: 4 * later })).said).toEqual(['finding-resolved b.tar!/one.env']);
  rmSync(machine.path('b.tar'));
  const gone = await machine.run({ later: 5 * later });
  expect(gone.said).toEqual(['finding-resolved b.tar!/other.env']);
});

test('a folder whose name ends like that of a container is a folder; names are redacted; lists name places inside', async () => {
  const secretName = `${token('name')}.txt`;
  const tar = await tarOf({
    'docs/readme.md': token('1'),
    [secretName]: token('2'),
    '../../up.txt': token('3'),
  });
  machine.write('x/y.tar', tar);
  machine.write('x/y.tar!/docs/readme.md', token('1'));
  const { outcome } = await machine.run({ later });
  const paths = outcome.findings.map(({ path, inside }) => [path.slice(machine.root.length + 1), inside]);
  expect(paths).toEqual(
    expect.arrayContaining([
      ['x/y.tar!/docs/readme.md', 'docs/readme.md'],
      ['x/y.tar!/docs/readme.md', undefined],
      ['x/y.tar!/../../up.txt', '../../up.txt'],
    ]),
  );
  expect(JSON.stringify(outcome)).not.toContain(token('name'));
  expect(paths).toHaveLength(4);

  rmSync(machine.path('x/y.tar!'), { recursive: true });
  const list = machine.path('../list');
  const suppressed = async (line: string) => {
    writeFileSync(list, `${line}\n`);
    const run = await machine.run({ later, stateless: true, options: { ignoreList: list } });
    return run.outcome.suppressed['ignore list'] ?? 0;
  };
  expect(await suppressed('docs/readme.md:*')).toBe(1);
  expect(await suppressed('y.tar!/docs/*:*:1')).toBe(1);
  expect(await suppressed('x/y.tar:*')).toBe(3);
  expect(await suppressed('**/*.tar:github-classic-token')).toBe(3);
  expect(await suppressed('y.tar:*:1')).toBe(0);
});
