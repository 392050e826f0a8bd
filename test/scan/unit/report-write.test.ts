/** The files of the scanner's reports, and reading one back. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  type ReportInput,
  jsonReport,
  readReport,
  renderReport,
  renderText,
} from '../../../src/scan/report/index.ts';
import {
  example,
  finding,
  findingInBinary,
  findingInPlaces,
  withOutcome,
} from '../../../fixtures/report-example.ts';

const writeReport = async (path: string, input: ReportInput) =>
  writeFileSync(path, await renderReport(extname(path).slice(1), jsonReport(input)));

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'report-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('writeReport', () => {
  test('JSON that a reader gets back, and can render', async () => {
    const path = join(folder, 'report.json');
    await writeReport(path, example);
    const report = await readReport(path);
    expect(report).toMatchObject({ ...example, schemaVersion: 2, exitMeaning: expect.any(String) });
    const style = { colour: false, width: 80, isTerminal: false };
    expect(renderText(report, style)).toBe(renderText(example, style));
  });

  test('SARIF', async () => {
    const path = join(folder, 'report.sarif');
    await writeReport(path, example);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toHaveProperty('version', '2.1.0');
  });

  test('names in it do not control the terminal, and are read back unchanged', async () => {
    const path = join(folder, 'report.json');
    const evil = '/a\u001b[31m\u009b\u202e\u2028\u{e0041}\ud800\n😀';
    await writeReport(path, withOutcome({ findings: [{ ...finding, path: evil }] }));
    expect(readFileSync(path, 'utf8').replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
    expect((await readReport(path)).outcome.findings[0]?.path).toBe(evil);
  });
});

describe('readReport', () => {
  test('returns the additional fields of a finding in a binary', async () => {
    const path = join(folder, 'report.json');
    await writeReport(path, withOutcome({ findings: [findingInBinary, finding] }));
    expect((await readReport(path)).outcome.findings).toEqual([findingInBinary, finding]);
  });

  test('returns the package of a finding, and reads reports of earlier versions', async () => {
    const path = join(folder, 'report.json');
    const shipped = { ...finding, severity: 'low' as const, shippedBy: 'acme 1.2' };
    await writeReport(path, withOutcome({ findings: [shipped], shipped: 1 }));
    expect((await readReport(path)).outcome).toMatchObject({ findings: [shipped], shipped: 1 });
    const { shipped: _, ...earlier } = example.outcome;
    writeFileSync(path, JSON.stringify({ schemaVersion: 1, ...example, outcome: earlier }));
    expect((await readReport(path)).outcome.shipped).toBe(0);
  });

  test.each([
    ['another version', { schemaVersion: 3 }],
    ['no outcome', { outcome: undefined }],
    ['a time that is none', { startedAt: 'yesterday' }],
  ])('refuses %s', async (_, change) => {
    const path = join(folder, 'report.json');
    await writeReport(path, example);
    writeFileSync(path, JSON.stringify({ ...(await readReport(path)), ...change }));
    await expect(readReport(path)).rejects.toThrow();
  });

  test('reads version 1, in which each location was a finding', async () => {
    const path = join(folder, 'report.json');
    const findings = [finding, { ...finding, line: 12 }].map((one) => ({ ...one, count: undefined }));
    const old = { ...example, schemaVersion: 1, outcome: { ...example.outcome, findings } };
    writeFileSync(path, JSON.stringify(old));
    expect((await readReport(path)).outcome.findings).toEqual([finding, { ...finding, line: 12 }]);
  });

  test('returns the locations of a secret', async () => {
    const path = join(folder, 'report.json');
    await writeReport(path, withOutcome({ findings: [findingInPlaces] }));
    expect((await readReport(path)).outcome.findings).toEqual([findingInPlaces]);
  });

  test('drops fields that it does not know', async () => {
    const path = join(folder, 'report.json');
    await writeReport(path, example);
    const report = await readReport(path);
    writeFileSync(path, JSON.stringify({ ...report, later: 1 }));
    expect(await readReport(path)).toEqual(report);
  });
});
