import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { readReport, renderText, reportFormatOf, writeReport } from '../../src/report/index.ts';
import { example, finding, findingInBinary, withOutcome } from './report-example.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'report-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('reportFormatOf', () => {
  test.each([
    ['report.json', '.json'],
    ['/var/x.y/Report.SARIF', '.sarif'],
    ['scan.sarif.json', '.json'],
  ])('%s', (path, format) => {
    expect(reportFormatOf(path)).toBe(format);
  });

  test.each(['report.txt', 'report', '.json', 'a.json/report', ''])('refuses %j', (path) => {
    expect(() => reportFormatOf(path)).toThrow(expect.objectContaining({ kind: 'usage' }));
  });

  test('names the file and the extensions', () => {
    expect(() => reportFormatOf('x.pdf')).toThrow(
      'the report x.pdf needs one of these extensions: .json, .sarif',
    );
  });
});

describe('writeReport', () => {
  test('JSON that a reader gets back, and can render', async () => {
    const path = join(folder, 'report.json');
    await writeReport(path, example);
    const report = await readReport(path);
    expect(report).toMatchObject({ ...example, schemaVersion: 1, exitMeaning: expect.any(String) });
    expect(renderText(report, { colour: false })).toBe(renderText(example, { colour: false }));
  });

  test('SARIF', async () => {
    const path = join(folder, 'report.sarif');
    await writeReport(path, example);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toHaveProperty('version', '2.1.0');
  });

  test('names in it drive no terminal, and are read back as they are', async () => {
    const path = join(folder, 'report.json');
    const evil = '/a\u001b[31m\u009b\u202e\u2028\u{e0041}\ud800\n😀';
    await writeReport(path, withOutcome({ findings: [{ ...finding, path: evil }] }));
    expect(readFileSync(path, 'utf8').replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
    expect((await readReport(path)).outcome.findings[0]?.path).toBe(evil);
  });

  test('only its owner may read it, and nothing else is left', async () => {
    const path = join(folder, 'report.json');
    writeFileSync(path, 'old', { mode: 0o644 });
    await writeReport(path, example);
    expect(readdirSync(folder)).toEqual(['report.json']);
    if (process.platform !== 'win32') expect(lstatSync(path).mode & 0o777).toBe(0o600);
  });

  test('a link is replaced, and what it points to is untouched', async () => {
    const target = join(folder, 'target');
    const path = join(folder, 'report.json');
    writeFileSync(target, 'precious');
    symlinkSync(target, path);
    await writeReport(path, example);
    expect(lstatSync(path).isSymbolicLink()).toBe(false);
    expect(readFileSync(target, 'utf8')).toBe('precious');
  });

  test.each([
    ['a folder stands there', 'folder.json'],
    ['no such folder', 'none/report.json'],
    ['the name is too long', `${'x'.repeat(300)}.json`],
  ])('cannot be written: %s', async (_, name) => {
    mkdirSync(join(folder, 'folder.json'));
    const path = join(folder, name);
    await expect(writeReport(path, example)).rejects.toMatchObject({
      kind: 'cannot-write',
      message: `the report ${path} cannot be written`,
      cause: expect.objectContaining({ code: expect.any(String) }),
    });
    expect(readdirSync(folder)).toEqual(['folder.json']);
  });
});

describe('readReport', () => {
  test('gives back what a finding in a binary has more', async () => {
    const path = join(folder, 'report.json');
    await writeReport(path, withOutcome({ findings: [findingInBinary, finding] }));
    expect((await readReport(path)).outcome.findings).toEqual([findingInBinary, finding]);
  });

  test.each([
    ['another version', { schemaVersion: 2 }],
    ['no outcome', { outcome: undefined }],
    ['a time that is none', { startedAt: 'yesterday' }],
  ])('refuses %s', async (_, change) => {
    const path = join(folder, 'report.json');
    await writeReport(path, example);
    writeFileSync(path, JSON.stringify({ ...(await readReport(path)), ...change }));
    await expect(readReport(path)).rejects.toThrow();
  });

  test('drops fields that it does not know', async () => {
    const path = join(folder, 'report.json');
    await writeReport(path, example);
    const report = await readReport(path);
    writeFileSync(path, JSON.stringify({ ...report, later: 1 }));
    expect(await readReport(path)).toEqual(report);
  });
});
