/** Baselines over several runs: reports of any run of this user, brought up to date by a command. */
import { chmodSync, mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { planted } from '../../../fixtures/tokens.ts';
import { readReport } from '../../../src/scan/report/read.ts';
import { posix, testWith } from '../../tool.ts';
import { byHand, cleanUp, newFolder } from '../scanner-under-test.ts';

afterAll(cleanUp);

const folder = newFolder('baselines');
const at = (name: string) => join(folder, name);
const state = ['--state-dir', at('state')];
const roots = ['one', 'two'].map(at);
const scan = (...args: readonly string[]) => byHand(['--dry-run', ...state, '--fail-on=low', ...args]);
const listed = async (name: string) =>
  (await readReport(at(name))).outcome.findings
    .map(({ path, rule }) => `${path.slice(folder.length + 1)} ${rule}`)
    .toSorted();

for (const root of roots) mkdirSync(root);
writeFileSync(at('one/gone.txt'), planted('github-classic-token'));
writeFileSync(at('one/moves.txt'), planted('npm-access-token'));
writeFileSync(at('two/not-scanned.txt'), planted('gitlab-access-token'));

test('a report of a dry run is a baseline for every run of this user', async () => {
  expect((await scan(`--report=${at('baseline.json')}`, ...roots)).code).toBe(10);
  expect(readdirSync(at('state'))).toEqual(['fingerprint.key']);
  expect(await listed('baseline.json')).toHaveLength(3);
  const baseline = `--baseline=${at('baseline.json')}`;
  expect((await scan(baseline, ...roots)).code).toBe(0);
  const withState = await byHand(['--standalone', ...state, '--fail-on=low', baseline, ...roots]);
  expect(withState.code).toBe(0);
  expect(withState.stdout).not.toContain('scan.finding');
  const otherUser = await byHand(['--dry-run', '--state-dir', at('other'), baseline, ...roots]);
  expect(otherUser.code).toBe(78);
  expect(otherUser.stderr).toContain('give both runs the same --fingerprint-key');
});

test('an update keeps what is there, drops what is gone, and adds on request', async () => {
  writeFileSync(at('one/gone.txt'), 'rotated');
  renameSync(at('one/moves.txt'), at('one/moved.txt'));
  writeFileSync(at('one/new.txt'), planted('slack-bot-token'));
  await scan(`--report=${at('new.json')}`, at('one'));
  const update = ['baseline', 'update', at('baseline.json'), '--from', at('new.json')];
  const updated = await byHand(update);
  expect(updated).toMatchObject({ code: 0, stderr: '' });
  const [first, ...rest] = updated.stdout.split('\n');
  expect(first).toBe(
    'baseline.json: 1 kept, 1 kept that the scan did not look for, 1 dropped, 1 new, not added (--add adds them)',
  );
  expect(rest.join('\n')).toMatch(/^ {2}dropped .*gone\.txt:1\n {2}new .*new\.txt:1\n$/);
  expect(await listed('baseline.json')).toEqual([
    'one/moved.txt npm-access-token',
    'two/not-scanned.txt gitlab-access-token',
  ]);
  const baseline = `--baseline=${at('baseline.json')}`;
  expect((await scan(baseline, `--report=${at('rest.json')}`, ...roots)).code).toBe(10);
  expect(await listed('rest.json')).toEqual(['one/new.txt slack-bot-token']);
  expect((await byHand([...update, '--add'])).stdout).toContain(', 0 dropped, 1 added\n');
  expect((await scan(baseline, ...roots)).code).toBe(0);
});

test('an update keeps what a scan with disabled rules did not look for', async () => {
  const from = at('disabled.json');
  await scan(`--report=${from}`, '--disable-rules=npm-*', at('one'));
  const { stdout } = await byHand(['baseline', 'update', at('baseline.json'), '--from', from]);
  expect(stdout).toContain('1 kept, 2 kept that the scan did not look for, 0 dropped');
});

test('an update from an unfit report is refused and changes nothing', async () => {
  const before = readFileSync(at('baseline.json'));
  const update = (...args: readonly string[]) => byHand(['baseline', 'update', ...args]);
  await scan(`--baseline=${at('baseline.json')}`, `--report=${at('unfit.json')}`, ...roots);
  await byHand(['--dry-run', '--state-dir', at('other'), `--report=${at('foreign.json')}`, ...roots]);
  writeFileSync(at('text.json'), '{}');
  for (const [name, reason] of [
    ['unfit.json', 'it was made with --baseline'],
    ['foreign.json', 'made with another key'],
    ['text.json', 'it is not a JSON report of this program'],
  ] as const) {
    const { code, stderr } = await update(at('baseline.json'), '--from', at(name));
    expect({ code, reason: stderr.includes(reason) }).toEqual({ code: 78, reason: true });
  }
  expect((await update(at('baseline.json'))).code).toBe(64);
  expect(readFileSync(at('baseline.json'))).toEqual(before);
});

testWith(posix)('a key that others could have read is not used', async () => {
  chmodSync(at('state'), 0o755);
  expect((await scan(at('one'))).code).toBe(10);
  const refused = await scan(`--baseline=${at('baseline.json')}`, at('one'));
  expect(refused.code).toBe(78);
  expect(refused.stderr).toMatch(
    /this run has no lasting fingerprint key: the state directory .* \(mode 755\)/,
  );
});
