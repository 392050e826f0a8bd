/** The check of what may import what: this project passes it, and it finds each sort of wrong import in a copy. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { checkStructure } from '../../../scripts/structure/check.ts';
import { layersOf } from '../../../scripts/structure/graph.ts';
import { readImports } from '../../../scripts/structure/imports.ts';

let copy: string;
beforeEach(() => {
  copy = mkdtempSync(join(tmpdir(), 'structure-'));
  cpSync('package.json', join(copy, 'package.json'));
  cpSync('src/host', join(copy, 'src/host'), { recursive: true });
  write('src/example/index.ts', `export * from './work/work.ts';`);
  write('src/example/work/work.ts', `export const work = 1; export type Work = number;`);
  write('src/example/task-build.ts', `export const load = () => import('./index.ts');`);
});
afterEach(() => rmSync(copy, { recursive: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(copy, path)), { recursive: true });
  writeFileSync(join(copy, path), `${text}\n`);
}

const problems = () => checkStructure(readImports(copy)).problems;

test('this project has no problems', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/structure.ts'], {
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toMatch(/^structure: \d+ files, \d+ imports/);
});

test('a copy of the host with a task has no problems', () => {
  write('build/pack.ts', `import { load } from '../src/example/task-build.ts'; void load();`);
  write('src/main.ts', `import './host/run/run.ts'; export const load = () => import('./example/index.ts');`);
  expect(problems()).toEqual([]);
});

test.each([
  ['src/host/log/x.ts', `import { work } from '../../example/work/work.ts';`, ''],
  ['src/host/log/x.ts', `import type { Work } from '../../example/work/work.ts';`, ' (a type)'],
  ['src/host/log/x.ts', `import { type Work } from '../../example/work/work.ts';`, ' (a type)'],
  ['src/host/log/x.ts', `export type * from '../../example/work/work.ts';`, ' (a type)'],
  ['src/host/log/x.ts', `export { work } from '../../example/work/work.ts';`, ''],
  ['src/host/log/x.ts', `export type X = import('../../example/work/work.ts').Work;`, ' (a type)'],
  ['src/host/log/x.ts', `export const x = () => import('../../example/work/work.ts');`, ' (import())'],
  [
    'src/host/log/x.ts',
    'export const x = (name: string) => import(`../../example/work/${name}`);',
    ' (import())',
  ],
  ['build/x.ts', `export const x = () => import('../src/example/work/work.ts');`, ' (import())'],
  ['scripts/x/y.ts', `import { work } from '../../src/example/work/work.ts';`, ''],
])('%s: %s', (path, text, kind) => {
  write(path, text);
  const area = path.startsWith('src/') ? 'src/host' : path.split('/')[0];
  expect(problems()).toEqual([`${path}:1: ${area} must not import src/example/work/work.ts${kind}`]);
});

test.each([
  ['scripts/x.ts', `import './../test/helper.ts';`, 'scripts must not import test/helper.ts'],
  ['src/host/log/x.ts', `import '#task-build';`, 'src/host must not import src/example/task-build.ts'],
  ['src/example/x.ts', `import '../host/run/run.ts';`, 'src/* must not import src/host/run/run.ts'],
  ['src/example/x.ts', `import '../other/index.ts';`, 'src/* must not import src/other/index.ts'],
  [
    'src/host/log/x.ts',
    'export const x = (path: string) => import(path);',
    'imports a path that is not known before the code runs',
  ],
])('%s: %s', (path, text, problem) => {
  const manifest = { imports: { '#task-build': './src/example/task-build.ts' } };
  writeFileSync(join(copy, 'package.json'), JSON.stringify(manifest));
  write('test/helper.ts', 'export const help = 1;');
  write('src/other/index.ts', 'export const other = 1;');
  write(path, text);
  expect(problems()).toEqual([`${path}:1: ${problem}`]);
});

test('an import against the order of modules', () => {
  write('src/host/delivery/x.ts', `\nexport const x = () => import('../job/index.ts');`);
  expect(problems()).toContain(
    'src/host/delivery/x.ts:2: src/host/delivery must not import src/host/job (import())',
  );
});

test('a module that the table does not know', () => {
  write('src/host/extra/x.ts', `export const x = 1;`);
  expect(problems()).toEqual(['src/host/extra: has no place in scripts/structure/allowed.ts']);
});

test('files that import each other, types and import() included', () => {
  write('src/example/work/a.ts', `import type { B } from './b.ts'; export type A = B | 1;`);
  write('src/example/work/b.ts', `export type B = import('./c.ts').C;`);
  write('src/example/work/c.ts', `export type C = 2; export const c = () => import('./a.ts');`);
  expect(problems()).toEqual([
    'files that import each other: src/example/work/a.ts, src/example/work/b.ts, src/example/work/c.ts',
    '  src/example/work/a.ts:1: imports src/example/work/b.ts (a type)',
    '  src/example/work/b.ts:1: imports src/example/work/c.ts (a type)',
    '  src/example/work/c.ts:1: imports src/example/work/a.ts (import())',
  ]);
});

test('folders that import each other though no files do', () => {
  write('src/example/work/deep/a.ts', `import type { Work } from '../work.ts'; export type A = Work;`);
  write('src/example/work/x.ts', `import type { A } from './deep/a.ts'; export type X = A;`);
  expect(problems()).toEqual([
    'folders that import each other: src/example/work, src/example/work/deep',
    '  src/example/work/deep/a.ts:1: imports src/example/work/work.ts (a type)',
    '  src/example/work/x.ts:1: imports src/example/work/deep/a.ts (a type)',
  ]);
});

test('layers beyond ten', () => {
  for (let layer = 1; layer <= 11; layer += 1)
    write(`src/example/m${layer}/x.ts`, layer === 11 ? '' : `import '../m${layer + 1}/x.ts';`);
  expect(problems()).toEqual(['src: 11 layers, of which 10 are allowed']);
});

test('a layer is above all that its modules lead to', () => {
  const graph = new Map([
    ['a', new Set(['b', 'c'])],
    ['b', new Set(['c'])],
    ['c', new Set<string>()],
  ]);
  expect(layersOf(graph)).toEqual([['c'], ['b'], ['a']]);
});
