/** Packages that not everybody has: from a folder, a repository or a registry of a company. Their files are judged like any other. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { afterEach, expect, test } from '@jest/globals';
import { originOn } from '../../../src/scan/findings/shipped/shipped.ts';
import { layouts } from '../package-layouts.ts';
import { PackageTree } from '../package-tree.ts';

const trees: PackageTree[] = [];
afterEach(() => {
  for (const tree of trees.splice(0)) tree.remove();
});

/** Lays out a package, changes the text of one of its lists, and looks the file up. */
function originWith(name: string, list: string, change: (text: string) => string): string | undefined {
  const tree = new PackageTree();
  trees.push(tree);
  const { file = '', lists = [] } = layouts.find((one) => one.name === name)?.write(tree, 'a key') ?? {};
  const changed = lists.find((one) => one.endsWith(list)) ?? '';
  writeFileSync(changed, change(readFileSync(changed, 'utf8')));
  return originOn(tree.platform)(file);
}

const company = 'https://npm.acme.example/';

test.each([
  ['npm', '.package-lock.json', 'https://registry.npmjs.org/', company],
  ['npm', '.package-lock.json', 'https://registry.npmjs.org/', 'https://registry.npmjs.org.acme.example/'],
  ['npm', '.package-lock.json', '"resolved"', '"other"'],
  ['pnpm', '.modules.yaml', 'https://registry.npmjs.org/', company],
  ['pnpm', '.modules.yaml', '"registries": {', `"registries": {\n    "@acme": "${company}",`],
  ['pnpm, older', '.modules.yaml', 'https://registry.npmjs.org/', company],
  ['Yarn, installed', '.yarn-metadata.json', 'https://registry.yarnpkg.com/', company],
  ['Yarn, cache', '.yarn-metadata.json', '"resolved"', '"other"'],
  ['cargo vendor', '.cargo-checksum.json', `"${'ab'.repeat(32)}"`, 'null'],
  ['NuGet', '.nupkg.metadata', 'https://api.nuget.org/', 'https://nuget.acme.example/'],
  ['Maven', '_remote.repositories', '>central=', '>='],
  ['Maven', '_remote.repositories', '>central=', '>acme-releases='],
])('%s: %s with %s replaced by %s', (name, list, from, to) => {
  expect(originWith(name, list, (text) => text)).toBeDefined();
  expect(originWith(name, list, (text) => text.replace(from, to))).toBeUndefined();
});

test('pip: installed from a folder', () => {
  const tree = new PackageTree();
  trees.push(tree);
  const { file = '' } = layouts.find(({ name }) => name === 'pip')?.write(tree, 'a key') ?? {};
  const url = tree.write('lib/python3.12/site-packages/acme-1.2.dist-info/direct_url.json', '{}');
  expect(originOn(tree.platform)(file)).toBeUndefined();
  rmSync(url);
  expect(originOn(tree.platform)(file)).toBe('acme 1.2');
});
