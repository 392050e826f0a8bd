/** What the administrator asked to pass over is passed over and counted; a comment in a file is only told. */
import { chmodSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { modeForOthers } from '../../../src/host/platform/index.ts';
import type { Log } from '../../../src/host/log/index.ts';
import { jsonReport } from '../../../src/scan/report/json.ts';
import { scanOnce } from '../scan-once.ts';
import { planted } from '../../../fixtures/tokens.ts';
import { example } from '../../../fixtures/report-example.ts';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

function newFolder(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'suppression-'));
  folders.push(folder);
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(join(folder, name), content);
    chmodSync(join(folder, name), 0o600);
  }
  return folder;
}

const token = planted('github-classic-token');
const other = planted('npm-access-token');
const scanned = newFolder({
  'a.txt': `one\n${token}\n`,
  'b.txt': `${other} # gitleaks:allow\n`,
});
const extras = newFolder({ key: Buffer.alloc(32, 7), 'other-key': Buffer.alloc(32, 8), short: 'x' });
const key = join(extras, 'key');

const scan = (options: Readonly<Record<string, unknown>> = {}) =>
  scanOnce({ roots: [scanned], fingerprintKey: key, ...options });

const names = async (outcome: ReturnType<typeof scan>) =>
  (await outcome).findings.map(({ path }) => path.slice(-5)).sort();

describe('comments for other scanners', () => {
  test('are reported and not obeyed', async () => {
    const { findings, suppressed } = await scan();
    expect(new Set(findings.map(({ marker }) => marker))).toEqual(new Set(['gitleaks:allow', undefined]));
    expect(suppressed).toEqual({});
  });

  test('are obeyed on request', async () => {
    const outcome = scan({ obeyMarkers: true });
    expect(await names(outcome)).toEqual(['a.txt']);
    expect((await outcome).suppressed).toEqual({ 'inline marker': 1 });
  });
});

describe('a baseline', () => {
  const baselineOf = async (outcome: ReturnType<typeof scan>) => {
    const report = jsonReport({ ...example, outcome: await outcome });
    return join(newFolder({ 'report.json': JSON.stringify(report) }), 'report.json');
  };

  test('suppresses its findings, wherever they moved', async () => {
    const baseline = await baselineOf(scan());
    const outcome = await scan({ baseline });
    expect(outcome.findings).toEqual([]);
    expect(outcome.findingCount).toEqual({ low: 0, medium: 0, high: 0, critical: 0 });
    expect(outcome.suppressed).toEqual({ baseline: 2 });
  });

  test('of an earlier version suppresses its findings', async () => {
    const report = jsonReport({ ...example, outcome: await scan() });
    const findings = report.outcome.findings.map((one) => ({ ...one, count: undefined }));
    const old = { ...report, schemaVersion: 1, outcome: { ...report.outcome, findings } };
    const baseline = join(newFolder({ 'report.json': JSON.stringify(old) }), 'report.json');
    expect((await scan({ baseline })).suppressed).toEqual({ baseline: 2 });
  });

  test('made with another key, or not a report, is refused with the remedy', async () => {
    const baseline = await baselineOf(scan());
    await expect(scan({ baseline, fingerprintKey: join(extras, 'other-key') })).rejects.toMatchObject({
      kind: 'config',
      message: expect.stringContaining('--fingerprint-key'),
    });
    await expect(scan({ baseline: key })).rejects.toMatchObject({
      kind: 'config',
      message: expect.stringContaining(`--baseline ${key}`),
    });
  });
});

describe('a list', () => {
  test.each([
    ['a path below a root', 'a.txt:github-classic-token:2', ['b.txt']],
    ['a commit before it', `${'0'.repeat(40)}:a.txt:github-classic-token:2`, ['b.txt']],
    ['another line', 'a.txt:github-classic-token:1', ['a.txt', 'b.txt']],
    ['the end of another name', 'txt:github-classic-token:2', ['a.txt', 'b.txt']],
    ['comments', '# a.txt:github-classic-token:2\n\nb.txt:npm-access-token:1 # known', ['a.txt']],
    ['./ before it', './a.txt:github-classic-token:2', ['b.txt']],
    ['all lines of a rule', 'a.txt:github-classic-token', ['b.txt']],
    ['every rule', 'a.txt:*', ['b.txt']],
    ['another rule', 'a.txt:npm-access-token', ['a.txt', 'b.txt']],
    ['a glob', '[a-z].txt:npm-access-token', ['a.txt']],
    ['a glob with a folder', 'suppression-*/**:*', []],
    ['an absolute glob elsewhere', '/elsewhere/**:*', ['a.txt', 'b.txt']],
    ['a glob and a line', '*.txt:*:1', ['a.txt']],
    ['an entry that is valid for years', 'a.txt:* until 2999-12-31 # rotated soon', ['b.txt']],
  ])('%s', async (_, text, expected) => {
    const ignoreList = join(newFolder({ list: text }), 'list');
    expect(await names(scan({ ignoreList }))).toEqual(expected);
  });

  test('a secret in several lines is ignored when all of them are listed', async () => {
    const root = newFolder({ 'a.txt': `${token}\n`.repeat(3) });
    const listing = (lines: readonly number[]) => {
      const text = lines.map((line) => `a.txt:github-classic-token:${line}`).join('\n');
      return scan({ roots: [root], ignoreList: join(newFolder({ list: text }), 'list') });
    };
    expect((await listing([1, 2])).findings).toMatchObject([{ line: 1, count: 3 }]);
    expect((await listing([1, 2, 3])).suppressed).toEqual({ 'ignore list': 1 });
  });

  test('fingerprints, whole or as a record has them', async () => {
    const { findings } = await scan();
    for (const length of [64, 16]) {
      const lines = findings.map(({ fingerprint }) => fingerprint.slice(0, length)).join('\n');
      expect((await scan({ ignoreList: join(newFolder({ list: lines }), 'list') })).suppressed).toEqual({
        'ignore list': 2,
      });
    }
  });

  test.each([
    ['nonsense', 'nonsense'],
    ['a rule that does not exist', 'a.txt:no-such-rule:2'],
    ['part of a fingerprint', 'ab'.repeat(10)],
    ['a fingerprint of another key', 'key 0123456789abcdef'],
    ['a day that does not exist', 'a.txt:* until 2027-02-30'],
    ['a date that is none', 'a.txt:* until tomorrow'],
  ])('the error names the line of %s, and quotes nothing', async (_, line) => {
    const ignoreList = join(newFolder({ list: `a.txt:github-classic-token:2\n${line}` }), 'list');
    const error: unknown = await scan({ ignoreList }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      kind: 'config',
      message: expect.stringContaining(`${ignoreList}: line 2 `),
    });
    expect(String(error)).not.toContain(line);
  });

  test('expired entries no longer suppress, and are reported once', async () => {
    const list =
      'a.txt:* until 2020-01-31\nb.txt:npm-access-token:1\na.txt:github-classic-token until 2020-01-31';
    const records: unknown[] = [];
    const outcome = scanOnce(
      { roots: [scanned], ignoreList: join(newFolder({ list }), 'list') },
      { log: ({ id }, fields) => void (id === 'scan.ignore-expired' && records.push(fields)) },
    );
    expect(await names(outcome)).toEqual(['a.txt']);
    expect(records).toMatchObject([{ lines: '1, 3', count: 2 }]);
  });

  test('fingerprints are refused where they can match nothing', async () => {
    const { fingerprintKey, findings } = await scan();
    const list = `key ${fingerprintKey}\n${findings[0]?.fingerprint}`;
    const ignoreList = join(newFolder({ list }), 'list');
    expect((await scan({ ignoreList })).suppressed).toEqual({ 'ignore list': 1 });
    const refused = { kind: 'config', message: expect.stringContaining('line 1 names another key') };
    await expect(scan({ ignoreList, fingerprintKey: join(extras, 'other-key') })).rejects.toMatchObject(
      refused,
    );
    // Without a state directory, the key is one of this run.
    await expect(
      scanOnce({ roots: [scanned], ignoreList: join(newFolder({ list: list.slice(21) }), 'list') }),
    ).rejects.toThrow(/line 1 is a fingerprint, which matches nothing/);
  });
});

describe('the key of this user', () => {
  test('is the same in all runs with this state directory, and is created once', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'suppression-'));
    folders.push(directory);
    const context = { stateDirectory: () => Promise.resolve(directory) };
    const runs = await Promise.all([1, 2, 3].map(() => scanOnce({ roots: [scanned] }, context)));
    expect(new Set(runs.map(({ fingerprintKey }) => fingerprintKey)).size).toBe(1);
    expect(readdirSync(directory)).toEqual(['fingerprint.key']);
    expect(modeForOthers(statSync(join(directory, 'fingerprint.key')))).toBeUndefined();
    writeFileSync(join(directory, 'fingerprint.key'), 'damaged');
    const records: string[] = [];
    const log: Log = ({ id }, fields = {}) => void records.push(`${id} ${JSON.stringify(fields['reason'])}`);
    expect((await scanOnce({ roots: [scanned] }, { ...context, log })).findings).toHaveLength(2);
    expect(records).toContainEqual(expect.stringMatching(/^scan\.key-temporary .*it has 7 bytes.*remove it/));
    expect(readFileSync(join(directory, 'fingerprint.key'), 'utf8')).toBe('damaged');
  });
});

describe('a key of the administrator', () => {
  test('makes the same fingerprints on every machine', async () => {
    const [first, second] = [await scan(), await scan()];
    expect(second.findings).toEqual(first.findings);
    expect(second.fingerprintKey).toBe(first.fingerprintKey);
  });

  test.each(['short', 'missing'])('%s: refused', async (name) => {
    await expect(scan({ fingerprintKey: join(extras, name) })).rejects.toMatchObject({
      kind: 'config',
      message: expect.stringContaining(`--fingerprint-key ${join(extras, name)}`),
    });
  });
});
