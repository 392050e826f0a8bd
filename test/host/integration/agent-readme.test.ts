import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { flags } from '../../../scripts/local-agent/command-line/flags.ts';

const readme = readFileSync('scripts/local-agent/README.md', 'utf8');

test('every test that the conformance table names exists', () => {
  const rows = [...readme.matchAll(/[|;] (agent-[a-z-]+): ((?:"[^"]+"(?:, )?)+)/g)];
  expect(rows.length).toBeGreaterThan(40);
  const missing = rows.flatMap(([, suite = '', titles = '']) => {
    const source = readFileSync(`test/host/integration/${suite}.test.ts`, 'utf8');
    const named = [...titles.matchAll(/"([^"]+)"/g)].map(([, title = '']) => title);
    return named.filter((title) => !source.includes(title)).map((title) => `${suite}: ${title}`);
  });
  expect(missing).toEqual([]);
});

test('every flag of the command is described, and no other', () => {
  const names = Object.keys(flags);
  expect(names.length).toBeGreaterThan(20);
  const described = [...readme.matchAll(/`--(?:no-)?([a-z-]+)[` ]/g)].map(([, flag = '']) => flag);
  expect([...new Set(described)].sort()).toEqual(names.sort());
});
