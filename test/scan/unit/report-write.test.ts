import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chownSync,
  lchownSync,
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
import { reportFormatOf as formatOf, writeReport as writeText } from '../../../src/host/run/report-file.ts';
import { type ReportInput, readReport, renderText, reportFile } from '../../../src/scan/report/index.ts';
import { example, finding, findingInBinary, withOutcome } from '../../../fixtures/report-example.ts';

const posixTest = process.platform === 'win32' ? test.skip : test;
const rootTest = process.getuid?.() === 0 ? test : test.skip;

/** Exchanges a folder and a link to another one, as fast as it can. */
const SWAPPER = `
const { renameSync, symlinkSync, unlinkSync } = require('node:fs');
const [folder, target] = process.argv.slice(1);
console.log('ready');
for (;;) {
  renameSync(folder, folder + '.aside');
  symlinkSync(target, folder);
  unlinkSync(folder);
  renameSync(folder + '.aside', folder);
}`;

const formats = { '.json': 'JSON', '.sarif': 'SARIF' };
const reportFormatOf = (path: string) => formatOf(path, formats);
const writeReport = (path: string, input: ReportInput) =>
  writeText(path, reportFile(reportFormatOf(path), input));

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
    [
      'a folder stands there',
      'folder.json',
      /^the report \S+ cannot be written: a folder has this name; remove it, or choose another name$/,
    ],
    ['no such folder', 'none/report.json', /: no such file or directory \(ENOENT\)$/],
    ['the name is too long', `${'x'.repeat(300)}.json`, /: name too long \(ENAMETOOLONG\)$/],
  ])('cannot be written: %s', async (_, name, reason) => {
    mkdirSync(join(folder, 'folder.json'));
    const path = join(folder, name);
    await expect(writeReport(path, example)).rejects.toMatchObject({
      kind: 'cannot-write',
      message: expect.stringMatching(reason),
    });
    expect(readdirSync(folder)).toEqual(['folder.json']);
  });

  posixTest('a pipe is not waited for and not replaced', async () => {
    const path = join(folder, 'report.json');
    execFileSync('mkfifo', [path]);
    await expect(writeReport(path, example)).rejects.toThrow(
      'a device, pipe or socket has this name; remove it, or choose another name',
    );
    expect(readdirSync(folder)).toEqual(['report.json']);
  });

  posixTest('a link of one’s own in the path is followed', async () => {
    mkdirSync(join(folder, 'real'));
    symlinkSync('real', join(folder, 'link'));
    await writeReport(join(folder, 'link', 'report.json'), example);
    expect(readdirSync(join(folder, 'real'))).toEqual(['report.json']);
  });

  rootTest('a link of another user is not, and what it leads to is untouched', async () => {
    mkdirSync(join(folder, 'precious'));
    writeFileSync(join(folder, 'precious', 'report.json'), 'precious');
    symlinkSync('precious', join(folder, 'link'));
    lchownSync(join(folder, 'link'), 65_534, 65_534);
    await expect(writeReport(join(folder, 'link', 'report.json'), example)).rejects.toMatchObject({
      kind: 'cannot-write',
      message: expect.stringMatching(/link is a link of user 65534, who could let it lead anywhere$/),
    });
    expect(readFileSync(join(folder, 'precious', 'report.json'), 'utf8')).toBe('precious');
    expect(readdirSync(join(folder, 'precious'))).toEqual(['report.json']);
  });

  rootTest('a full disk leaves nothing behind, and what was there before', async () => {
    const disk = join(folder, 'disk');
    mkdirSync(disk);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8k', 'tmpfs', disk]);
    try {
      writeFileSync(join(disk, 'report.json'), 'of before');
      const large = withOutcome({ findings: Array.from({ length: 100 }, () => finding) });
      await expect(writeReport(join(disk, 'report.json'), large)).rejects.toThrow(
        /no space left on device \(ENOSPC\)/,
      );
      expect(readdirSync(disk)).toEqual(['report.json']);
      expect(readFileSync(join(disk, 'report.json'), 'utf8')).toBe('of before');
    } finally {
      execFileSync('umount', [disk]);
    }
  });

  rootTest('a folder that is exchanged for a link again and again leads it nowhere else', async () => {
    const theirs = join(folder, 'theirs');
    const precious = join(folder, 'precious');
    for (const path of [theirs, precious]) mkdirSync(path);
    writeFileSync(join(precious, 'report.json'), 'precious');
    chownSync(folder, 65_534, 65_534);
    chownSync(theirs, 65_534, 65_534);
    const swapper = spawn(process.execPath, ['-e', SWAPPER, theirs, precious], { uid: 65_534, gid: 65_534 });
    try {
      await once(swapper.stdout, 'data');
      let written = 0;
      for (let n = 0; n < 300; n += 1) {
        await writeReport(join(theirs, 'report.json'), example).then(
          () => (written += 1),
          () => undefined,
        );
      }
      // Else it would not have been in time for any of them.
      expect(written).toBeGreaterThan(0);
      expect(written).toBeLessThan(300);
      expect(readFileSync(join(precious, 'report.json'), 'utf8')).toBe('precious');
      expect(readdirSync(precious)).toEqual(['report.json']);
    } finally {
      swapper.kill('SIGKILL');
      await once(swapper, 'close');
    }
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
