/** Gaps are shared out: what one user makes unreadable hides no other gap. */
import { expect, test } from '@jest/globals';
import { CoverageRecorder, type GapReason } from '../../../src/scan/model/coverage.ts';
import type { Whose } from '../../../src/scan/model/gap-list.ts';

function recorder() {
  const logged: string[] = [];
  const coverage = new CoverageRecorder(
    ({ id }, { path } = {}) => void logged.push(typeof path === 'string' ? path : id),
    (text) => text,
  );
  return { coverage, logged };
}

const root = '/srv/homes';
const flood: readonly [string, Whose, Whose][] = [
  ['owner', { uid: 65_534 }, { uid: 65_501 }],
  ['folder below the root', { root }, { root }],
  ['root', { root: `${root}/att`, rootStatus: { uid: 65_534 } }, { root: `${root}/vic` }],
];

test.each(flood)('a flood of gaps of one %s leaves room for the others', (_, of, ofOther) => {
  const { coverage, logged } = recorder();
  for (let index = 0; index < 3000; index += 1) {
    coverage.gap(`${root}/att/${index}/x`, 'name-not-unicode', of);
  }
  for (let index = 0; index < 5; index += 1) coverage.gap(`${root}/vic/${index}`, 'too-slow', ofOther);
  const { gaps, unexamined } = coverage.outcome();
  expect(unexamined).toEqual({ 'name-not-unicode': 3000, 'too-slow': 5 });
  expect(gaps).toHaveLength(1000);
  const ofVictim = (path: string) => path.startsWith(`${root}/vic/`);
  expect(gaps.filter(({ path }) => ofVictim(path))).toHaveLength(5);
  // The text report shows twenty.
  expect(gaps.slice(0, 20).filter(({ path }) => ofVictim(path))).toHaveLength(5);
  expect(gaps[0]).toEqual({ path: `${root}/att/0/x`, reason: 'name-not-unicode' });
  expect(logged.filter(ofVictim)).toHaveLength(5);
  expect(logged).toHaveLength(20 + 1 + 5);
});

test('a flood of one reason leaves room for the others of the same owner', () => {
  const { coverage, logged } = recorder();
  for (let index = 0; index < 3000; index += 1) coverage.gap(`/a/${index}`, 'vanished', '1');
  coverage.gap('/a/x', 'read-error', '1');
  coverage.dropFindings('/a/y', true, '1');
  const { gaps } = coverage.outcome();
  expect(gaps).toHaveLength(1000);
  expect(gaps.slice(0, 3).map(({ path }) => path)).toEqual(['/a/0', '/a/x', '/a/y']);
  expect(logged).toContain('/a/x');
});

test('what another thread lists keeps its owners, though there are many', () => {
  const { coverage, logged } = recorder();
  const worker = recorder().coverage;
  for (let index = 0; index < 2000; index += 1) worker.gap(`/tmp/x/${index}`, 'vanished', 'attacker');
  for (let owner = 0; owner < 200; owner += 1) worker.gap(`/tmp/x/of ${owner}`, 'vanished', String(owner));
  coverage.merge(worker.part());
  const { gaps } = coverage.outcome();
  expect(gaps.filter(({ path }) => path.includes(' '))).toHaveLength(200);
  expect(logged.filter((path) => path.includes(' '))).toHaveLength(200);
});

test('long paths take as much room as several short ones', () => {
  const { coverage } = recorder();
  for (let index = 0; index < 3000; index += 1)
    coverage.gap(`/a/${'d'.repeat(3800)}${index}`, 'vanished', '1');
  expect(coverage.outcome().gaps).toHaveLength(125);
  coverage.gap('/v/x', 'vanished', '2');
  expect(coverage.outcome().gaps).toContainEqual({ path: '/v/x', reason: 'vanished' });
});

test('the lists stay bounded and quick whatever the number of owners and gaps', () => {
  const { coverage, logged } = recorder();
  const reasons: GapReason[] = ['vanished', 'too-slow', 'read-error'];
  for (let index = 0; index < 60_000; index += 1) {
    coverage.gap(`/a/b/${index}`, reasons[index % 3] ?? 'vanished', String(index % 3000));
  }
  expect(coverage.outcome().gaps).toHaveLength(1000);
  expect(logged.length).toBeLessThan(8000);
});
