/** Rules of a file on the command line: findings, exit codes, and no part of a secret in what leaves the process. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { ALPHANUMERIC, Dice } from '../../../fixtures/dice.ts';
import { byHand, cleanUp, newFolder } from '../scanner-under-test.ts';

afterEach(cleanUp);

const secret = `quux_${new Dice('e2e').draw(ALPHANUMERIC, 20)}`;

function prepared(rules: string) {
  const file = join(newFolder(), 'mine.toml');
  writeFileSync(file, rules);
  const root = newFolder();
  writeFileSync(join(root, `${secret}.txt`), `one\ntwo ${secret}\n`);
  return { file, root };
}

const rule = "[[rules]]\nid = \"quux\"\nregex = '''quux_[a-zA-Z0-9]{20}'''\nkeywords = [\"quux_\"]\n";

test('finds secrets, and exits as configured', async () => {
  const { file, root } = prepared(rule);
  const report = join(newFolder(), 'report.json');
  const { code, stdout, stderr } = await byHand([
    '--dry-run',
    '--verbose',
    '--log-level=debug',
    '--fail-on=medium',
    `--report=${report}`,
    `--rules=${file}`,
    root,
  ]);
  expect(code).toBe(10);
  expect(stdout).toContain('custom rule from mine.toml');
  expect(stderr).toContain('rule=quux');
  expect(stdout + stderr).not.toContain(secret.slice(8, 16));
});

test('finds nothing without the rules', async () => {
  const { root } = prepared(rule);
  expect((await byHand(['--dry-run', '--fail-on=low', root])).code).toBe(0);
});

test.each([
  ['a look-ahead', rule.replace('quux_', 'quux_(?=a)'), 'rule "quux"'],
  ['the default rules', '[extend]\nuseDefault = true\n', 'extend.path'],
])('refuses %s', async (_, rules, message) => {
  const { file, root } = prepared(rules);
  const { code, stderr } = await byHand(['--dry-run', '--rules', file, root]);
  expect(code).toBe(78);
  expect(stderr).toContain(message);
  expect(stderr).toContain(file);
});
