/** What the administrator asked to pass over is passed over and counted; a comment in a file is only told. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
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

  test('the error names a meaningless line', async () => {
    const ignoreList = join(newFolder({ list: 'a.txt:github-classic-token:2\nnonsense' }), 'list');
    await expect(scan({ ignoreList })).rejects.toMatchObject({
      kind: 'config',
      message: expect.stringContaining('line 2'),
    });
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
