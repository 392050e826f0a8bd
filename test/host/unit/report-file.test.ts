/** Report files: which format a name asks for, and writing where others may have a hand in the folder. */
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
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { writeWholeFile } from '../../../src/host/platform/whole-file.ts';
import { reportTargets } from '../../../src/host/task/report-format.ts';
import { posix, rootUser, testWith } from '../../tool.ts';

const posixTest = testWith(posix);
const rootTest = testWith(rootUser);

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

const formats = {
  json: { title: 'JSON', extensions: ['.json'] },
  sarif: { title: 'SARIF', extensions: ['.sarif', '.sarif.json'] },
  plain: { title: 'Plain', extensions: [] },
} as const;
const writeReport = (path: string, text: string) =>
  writeWholeFile(path, text, { what: 'the report', option: '--report' });
const TEXT = '{ "report": true }\n';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'report-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('reportTargets', () => {
  test.each([
    ['report.json', 'json', 'report.json'],
    ['/var/x.y/Report.SARIF', 'sarif', '/var/x.y/Report.SARIF'],
    ['names.sarif.json', 'sarif', 'names.sarif.json'],
    ['plain:report.json', 'plain', 'report.json'],
    ['JSON:a:b', 'json', 'a:b'],
    ['json:-', 'json', undefined],
    ['./plain:x.json', 'json', './plain:x.json'],
    [String.raw`C:\x\report.json`, 'json', String.raw`C:\x\report.json`],
  ])('%s', (value, format, path) => {
    expect(reportTargets([value], formats)).toEqual([{ format, path }]);
  });

  const extensions =
    'needs one of these extensions: .json, .sarif, .sarif.json; or write the format before it, as in json:FILE (formats: json, sarif, plain)';
  test.each([
    [['x.pdf'], `the report x.pdf ${extensions}`],
    [['report'], `the report report ${extensions}`],
    [['.json'], `the report .json ${extensions}`],
    [['a.json/report'], `the report a.json/report ${extensions}`],
    [[''], `the report  ${extensions}`],
    [
      ['-'],
      '--report=-: standard output needs a format, for example --report=json:- (formats: json, sarif, plain)',
    ],
    [
      ['pdf:x\u001b'],
      String.raw`--report=pdf:x\u001b: there is no report format "pdf" (formats: json, sarif, plain); for a file of this name, write ./pdf:x\u001b`,
    ],
    [['json:'], '--report=json:: add a file, or - for standard output'],
    [
      ['a.json', './a.json'],
      `--report: two reports cannot both go to ${resolve('a.json')}; name another file`,
    ],
    [['json:-', 'plain:-'], '--report: two reports cannot both go to standard output; name another file'],
  ])('refuses %j', (values, message) => {
    expect(() => reportTargets(values, formats)).toThrow(expect.objectContaining({ kind: 'usage', message }));
  });
});

describe('writeReport', () => {
  test('only its owner may read it, and nothing else is left', async () => {
    const path = join(folder, 'report.json');
    writeFileSync(path, 'old', { mode: 0o644 });
    await writeReport(path, TEXT);
    expect(readdirSync(folder)).toEqual(['report.json']);
    expect(readFileSync(path, 'utf8')).toBe(TEXT);
    if (process.platform !== 'win32') expect(lstatSync(path).mode & 0o777).toBe(0o600);
  });

  test('a link is replaced, and what it points to is untouched', async () => {
    const target = join(folder, 'target');
    const path = join(folder, 'report.json');
    writeFileSync(target, 'precious');
    symlinkSync(target, path);
    await writeReport(path, TEXT);
    expect(lstatSync(path).isSymbolicLink()).toBe(false);
    expect(readFileSync(target, 'utf8')).toBe('precious');
  });

  test.each([
    [
      'a folder stands there',
      'folder.json',
      /^the report \S+ cannot be written: a folder has this name; remove it, or choose another name$/,
    ],
    [
      'no such folder',
      'none/report.json',
      /: no such file or directory \(ENOENT\); create the folder \S+none, or /,
    ],
    ['the name is too long', `${'x'.repeat(300)}.json`, /: name too long \(ENAMETOOLONG\)$/],
  ])('cannot be written: %s', async (_, name, reason) => {
    mkdirSync(join(folder, 'folder.json'));
    const path = join(folder, name);
    await expect(writeReport(path, TEXT)).rejects.toMatchObject({
      kind: 'cannot-write',
      message: expect.stringMatching(reason),
    });
    expect(readdirSync(folder)).toEqual(['folder.json']);
  });

  posixTest('a pipe is not waited for and not replaced', async () => {
    const path = join(folder, 'report.json');
    execFileSync('mkfifo', [path]);
    await expect(writeReport(path, TEXT)).rejects.toThrow(
      'a device, pipe or socket has this name; remove it, or choose another name',
    );
    expect(readdirSync(folder)).toEqual(['report.json']);
  });

  posixTest('a link of one’s own in the path is followed', async () => {
    mkdirSync(join(folder, 'real'));
    symlinkSync('real', join(folder, 'link'));
    await writeReport(join(folder, 'link', 'report.json'), TEXT);
    expect(readdirSync(join(folder, 'real'))).toEqual(['report.json']);
  });

  rootTest('a link of another user is not, and what it leads to is untouched', async () => {
    mkdirSync(join(folder, 'precious'));
    writeFileSync(join(folder, 'precious', 'report.json'), 'precious');
    symlinkSync('precious', join(folder, 'link'));
    lchownSync(join(folder, 'link'), 65_534, 65_534);
    await expect(writeReport(join(folder, 'link', 'report.json'), TEXT)).rejects.toMatchObject({
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
      await expect(writeReport(join(disk, 'report.json'), TEXT.repeat(10_000))).rejects.toThrow(
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
      const outcomes = new Set<string>();
      // On a busy machine, either may come late: until then, it would not have been in time for any of them.
      const end = performance.now() + 20_000;
      for (let n = 0; n < 300 || (outcomes.size < 2 && performance.now() < end); n += 1) {
        const write = writeReport(join(theirs, 'report.json'), TEXT);
        outcomes.add(
          await write.then(
            () => 'written',
            () => 'refused',
          ),
        );
      }
      expect([...outcomes].toSorted()).toEqual(['refused', 'written']);
      expect(readFileSync(join(precious, 'report.json'), 'utf8')).toBe('precious');
      expect(readdirSync(precious)).toEqual(['report.json']);
    } finally {
      swapper.kill('SIGKILL');
      await once(swapper, 'close');
    }
  });
});
