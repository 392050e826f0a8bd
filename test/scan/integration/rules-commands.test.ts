/** `rules list`, `rules show` and `rules test`. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import type { Task } from '../../../src/host/task/task.ts';
import { secretsScan } from '../../../src/scan/index.ts';
import { allRules } from '../../../src/scan/rules/index.ts';
import { plantable } from '../../../fixtures/tokens.ts';
import { runInProcess } from '../../host/in-process.ts';

const task: Task = secretsScan;
const folder = mkdtempSync(join(tmpdir(), 'rules-'));
afterAll(() => rmSync(folder, { recursive: true }));

const start = (...argv: readonly string[]) => runInProcess(task, ['rules', ...argv]);
const json = async (...argv: readonly string[]): Promise<unknown> =>
  JSON.parse((await start(...argv, '--json')).stdout);

const token = plantable('github-classic-token');
const file = join(folder, 'a.txt');
writeFileSync(file, `first\nTOKEN=${token} and again ${token}\nxoxb-short\n`);
const custom = join(folder, 'rules.toml');
writeFileSync(
  custom,
  `[[rules]]\nid = "acme-token"\ndescription = "Acme token"\nregex = '''acme_[a-z]{8}'''\n`,
);

describe('rules list', () => {
  test('has every rule once, by id, with its family', async () => {
    const { stdout, stderr, code } = await start('list');
    const ids = stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.split(' ')[0]);
    expect(ids).toEqual(allRules.map(({ id }) => id).toSorted());
    expect(stderr).toMatch(/^([\d,]+) of \1 rules\n$/);
    expect(code).toBe(0);
    const entries = await json('list', '--rules', custom);
    expect(entries).toHaveLength(allRules.length + 1);
    expect(entries).toContainEqual(
      expect.objectContaining({ id: 'acme-token', family: 'custom', kind: 'custom' }),
    );
    expect(JSON.stringify(entries)).not.toContain('"family":""');
  });

  test('is filtered by words, family and severity', async () => {
    const found = async (...filter: string[]) =>
      (await start('list', ...filter)).stdout.split('\n').slice(0, -1);
    expect(await found('ghp_', 'CLASSIC')).toEqual([
      expect.stringMatching(/^github-classic-token +critical +GitHub/),
    ]);
    const ofGitHub = await found('--family=github');
    const severe = await found('--family=github', '--severity=critical');
    expect(severe.length).toBeGreaterThan(0);
    expect(severe.length).toBeLessThan(ofGitHub.length);
    expect(severe.every((line) => / critical /.test(line))).toBe(true);
    expect(await found('no such words')).toEqual([]);
  });
});

test('rules show explains a rule', async () => {
  const { stdout } = await start('show', 'github-classic-token');
  for (const line of [
    /^GitHub .+$/m,
    /^ {2}Family +github$/m,
    /^ {2}Keywords +ghp_$/m,
    /^ {2}Remedy +Revoke/m,
  ]) {
    expect(stdout).toMatch(line);
  }
  expect(await json('show', 'acme-token', `--rules=${custom}`)).toMatchObject({ title: 'Acme token' });
});

describe('rules test', () => {
  test('says which rule matched where, and which were tried, without the secret', async () => {
    const { stdout, stderr, code } = await start('test', file);
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
    expect(stdout).toContain(`${file}: 1 match\n`);
    expect(stdout).toMatch(
      / {2}github-classic-token: GitHub .+\n {4}severity critical, confidence high\n {4}at 2:7, 2:\d+\n/,
    );
    expect(stdout).toContain('  line 3: slack-bot-token ("xoxb-")\n');
    expect(stdout).not.toContain(token.slice(4, 24));
    const report = await json('test', file);
    expect(report).toMatchObject({ path: file, matches: [{ rule: 'github-classic-token', count: 2 }] });
    expect(JSON.stringify(report)).not.toContain(token.slice(4, 24));
  });

  test('takes custom rules, alone or with the others', async () => {
    writeFileSync(join(folder, 'acme.txt'), 'acme_abcdefgh ghp_\n');
    const both = await start('test', `--rules=${custom}`, join(folder, 'acme.txt'));
    expect(both.stdout).toMatch(/ {2}acme-token: Acme token\n[\s\S]*github-classic-token \("ghp_"\)/);
    const alone = await start('test', `--rules=${custom}`, '--rules-only', join(folder, 'acme.txt'));
    expect(alone.stdout).toContain('acme-token');
    expect(alone.stdout).not.toContain('github-classic-token');
    expect((await start('test', '--rules-only', file)).code).toBe(64);
  });
});
