/** Equal secrets are one finding, and no limit hides what is new: the program as an administrator runs it. */
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { readReport } from '../../../src/scan/report/read.ts';
import { plantable } from '../../../fixtures/tokens.ts';
import { byHand, cleanUp, newFolder, recordsIn } from '../scanner-under-test.ts';

afterEach(cleanUp);

const critical = (seed: string) => plantable('github-classic-token', seed);
const password = (seed: number) => `password = "${critical(`medium ${seed}`).slice(4, 20)}7"`;

/** A folder to scan, and a state directory. */
function prepared(files: Readonly<Record<string, string>>) {
  const root = newFolder();
  const extras = newFolder();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(root, name), text);
  const run = async (args: readonly string[] = []) => {
    const path = join(extras, 'report.json');
    const state = join(extras, 'state');
    const { code, stdout, stderr } = await byHand([
      '--standalone',
      `--state-dir=${state}`,
      `--report=${path}`,
      ...args,
      root,
    ]);
    expect([code, stderr]).toEqual([0, expect.any(String)]);
    const { outcome } = await readReport(path);
    const found = recordsIn(stdout).filter(({ event }) => event.startsWith('scan.finding'));
    return { outcome, found, path };
  };
  return { root, extras, run };
}

test('one secret 5,000 times is one finding with a count and its first locations', async () => {
  const token = critical('repeated');
  const { root, run } = prepared({ 'app.log': `GET /?token=${token} 200\n`.repeat(5000) });
  const { outcome, found } = await run();
  expect(outcome.findingCount).toEqual({ low: 0, medium: 0, high: 0, critical: 1 });
  expect(outcome.findings).toMatchObject([{ line: 1, count: 5000 }]);
  expect(outcome.findings[0]?.locations?.map(({ line }) => line)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  expect(found.map(({ data }) => data)).toMatchObject([
    { count: 5000, lines: '1, 2, 3, 4, 5, 6, 7, 8, 9, 10' },
  ]);
  expect((await run()).found).toEqual([]);
  // More of the same is no news.
  writeFileSync(join(root, 'app.log'), `${token}\n`.repeat(6000));
  const last = await run();
  expect(last.found).toEqual([]);
  expect(last.outcome.findings).toMatchObject([{ count: 6000, history: { state: 'persisting' } }]);
});

test('the terminal says how often', async () => {
  const { root } = prepared({ 'a.log': `${critical('x')}\n`.repeat(1200), 'b.log': critical('x') });
  const { stdout } = await byHand(['--dry-run', root]);
  expect(stdout).toContain(': 2 findings');
  expect(stdout).toMatch(/a\.log:1:1 +1,200 times in this file\n +\S+b\.log:1:1\n/);
});

test('a critical secret among 300 others is announced', async () => {
  const lines = Array.from({ length: 300 }, (_, n) =>
    n === 249 ? critical('250th') : n % 3 === 0 ? plantable('airtable-token', `${n}`) : password(n),
  );
  const { run } = prepared({ 'all.ini': lines.join('\n') });
  const { outcome, found } = await run();
  expect(outcome.findingCount).toMatchObject({ critical: 1 });
  expect(new Set(found.map(({ data }) => data['severity'])).size).toBe(3);
  expect(found).toHaveLength(300);
  expect(found.filter(({ data }) => data['severity'] === 'critical')).toMatchObject([
    { data: { line: 250 } },
  ]);
  expect((await run()).found).toEqual([]);
});

describe('a baseline', () => {
  test.each([
    ['150 findings of one file', 100, 150],
    ['more than a file may have', 10_000, 10_150],
  ])('hides what it lists, and nothing else: %s', async (_, listed, total) => {
    const lines = Array.from({ length: total }, (__, n) => critical(`baseline ${n}`));
    const before = prepared({ 'a.txt': lines.slice(0, listed).join('\n') });
    const { path, outcome } = await before.run();
    expect(outcome.findings).toHaveLength(listed);
    // The same key, so that the fingerprints are the same.
    writeFileSync(join(before.root, 'a.txt'), lines.join('\n'));
    const baseline = join(before.extras, 'baseline.json');
    renameSync(path, baseline);
    const { root, extras } = before;
    const report = join(extras, 'after.json');
    const args = ['--standalone', `--state-dir=${join(extras, 'state')}`, `--report=${report}`];
    const { stdout } = await byHand([...args, `--baseline=${baseline}`, root]);
    const found = recordsIn(stdout).filter(({ event }) => event === 'scan.finding');
    expect(found).toHaveLength(total - listed);
    const after = (await readReport(report)).outcome;
    expect(after.lifecycle).toMatchObject({ new: total - listed, resolved: 0 });
    expect(after.findingCount.critical).toBe(total - listed);
    expect(after.suppressed).toEqual({ baseline: listed });
  });
});

test('findings whose lines or file change are not announced again', async () => {
  const lines = Array.from({ length: 40 }, (_, n) => critical(`moving ${n % 20}`));
  const { root, run } = prepared({ 'a.txt': lines.join('\n') });
  expect((await run()).found).toHaveLength(20);
  writeFileSync(join(root, 'a.txt'), `# a comment\n${lines.toReversed().join('\n\n')}`);
  const edited = await run();
  expect(edited.found).toEqual([]);
  expect(edited.outcome.lifecycle).toEqual({ new: 0, persisting: 20, moved: 0, resolved: 0 });
  renameSync(join(root, 'a.txt'), join(root, 'b.txt'));
  const { found, outcome } = await run();
  expect(found.map(({ event }) => event)).toEqual(Array.from({ length: 20 }, () => 'scan.finding-moved'));
  expect(outcome.lifecycle).toEqual({ new: 0, persisting: 0, moved: 20, resolved: 0 });
  expect((await run()).found).toEqual([]);
});
