/** Rules that are enabled and disabled one by one, and exceptions from the built-in ones by expression. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import type { Task } from '../../../src/host/task/task.ts';
import { secretsScan } from '../../../src/scan/index.ts';
import { readReport } from '../../../src/scan/report/read.ts';
import { renderReport } from '../../../src/scan/report/formats.ts';
import { planted, plantable } from '../../../fixtures/tokens.ts';
import { runInProcess } from '../../host/in-process.ts';
import { scanOnce } from '../scan-once.ts';
import { Machine } from '../stateful-scan.ts';

const folder = mkdtempSync(join(tmpdir(), 'switches-'));
const machines: Machine[] = [];
afterAll(() => {
  rmSync(folder, { recursive: true });
  for (const machine of machines) machine.remove();
});

function newMachine(files: Readonly<Record<string, string>>): Machine {
  const machine = new Machine(files);
  machines.push(machine);
  return machine;
}

/** Writes an input of a scan, and returns its path. */
function input(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const classic = plantable('github-classic-token');
const npm = plantable('npm-access-token');
const acme = `acme_${'q7w2e9r4'.repeat(4)}`;
const tree = newMachine({
  'a.txt': `x ${classic}\ny ${npm}\nz ${acme}\n`,
  'b.txt': Buffer.from(`seen: ${classic}`).toString('base64'),
});
const acmeRules = "[[rules]]\nid = \"acme-token\"\nregex = '''acme_[a-z0-9]{32}'''\n";
const rules = input('rules.toml', acmeRules);

/** What a scan of the tree finds, as `rule file:line`. */
async function found(options: Readonly<Record<string, unknown>>) {
  const { findings, suppressed, disabledRules } = await scanOnce({ roots: [tree.root], rules, ...options });
  const places = findings.map(
    ({ rule, path, line }) => `${rule} ${path.slice(tree.root.length + 1)}:${line}`,
  );
  return { places: places.toSorted(), suppressed, disabledRules };
}

const all = [
  'acme-token a.txt:3',
  'github-classic-token a.txt:1',
  'github-classic-token b.txt:1',
  'npm-access-token a.txt:2',
];

describe('switches', () => {
  test.each([
    [{}, all, undefined],
    [{ disableRules: ['npm-access-token'] }, all.slice(0, 3), ['npm-access-token']],
    [
      { disableRules: ['npm-access-token, acme-*', 'github-c*c-token'] },
      [],
      ['acme-token', 'github-classic-token', 'npm-access-token'],
    ],
    [{ enableRules: ['family:n*m,family:custom'] }, [all[0], all[3]], expect.any(Array)],
    [
      { enableRules: ['family:npm', 'family:github'], disableRules: ['github-*'] },
      [all[3]],
      expect.arrayContaining(['acme-token', 'github-classic-token', 'github-fine-grained-token']),
    ],
    [{ rulesOnly: true }, [all[0]], expect.arrayContaining(['npm-access-token'])],
  ])('%j', async (options, places, disabledRules) => {
    expect(await found(options)).toEqual({ places, suppressed: {}, disabledRules });
  });

  test('a disabled rule does not shadow others', async () => {
    const machine = newMachine({ '.env': `API_TOKEN=${classic}\n` });
    const rulesOf = async (disableRules: string[]) =>
      (await scanOnce({ roots: [machine.root], disableRules })).findings.map(({ rule }) => rule);
    expect(await rulesOf([])).toEqual(['github-classic-token']);
    expect(await rulesOf(['github-classic-token'])).toEqual(['environment-file-password']);
  });

  const task: Task = secretsScan;
  const scan = ['scan', tree.root, '--rules', rules];
  const config = (text: string) => `--config=${input('config.json', text)}`;
  test.each<[argument: string, code: number, line: string, env?: Record<string, string>]>([
    [
      '--disable-rules=github-clasic-token',
      64,
      '--disable-rules: there is no rule "github-clasic-token"; did you mean github-classic-token?',
    ],
    ['--enable-rules=github', 64, '--enable-rules: there is no rule "github"; did you mean family:github?'],
    ['--enable-rules=family:gihub', 64, 'there is no family "gihub"; did you mean family:github?'],
    ['--disable-rules=qqq*', 64, 'the glob "qqq*" matches no rule; "rules list" shows the ids'],
    ['--disable-rules=npm-access-token,', 64, 'a name is empty'],
    ['--disable-rules=*', 64, 'no rule is left, so that nothing would be found; leave at least one'],
    [`--disable-rules=${classic}`, 64, 'there is no rule (of 40 characters); "rules list" shows the ids'],
    [
      config('{"disableRules": "npm-acces-token"}'),
      78,
      '"disableRules" in the configuration file: there is no rule "npm-acces-token"; did you mean npm-access-token?',
    ],
    ['--verbose', 78, 'SECRETS_SCAN_ENABLE_RULES: there is no rule', { SECRETS_SCAN_ENABLE_RULES: 'x-y' }],
  ])('a mistake, number %#', async (argument, code, line, env = {}) => {
    const said = await runInProcess(task, [...scan, argument], env);
    expect(said).toMatchObject({ code, stdout: '' });
    expect(said.stderr).toContain(line);
    expect(said.stderr).not.toContain(classic);
  });

  test('every report says which rules are disabled, also if nothing is found', async () => {
    const path = join(folder, 'report.json');
    const off = ['--disable-rules=acme-*,npm-access-token,github-classic-token', `--report=${path}`];
    const { code, stdout } = await runInProcess(task, [...scan, ...off]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/: no findings, but 3 rules are disabled\n/);
    expect(stdout).toContain('  disabled     3 rules: acme-token, github-classic-token, npm-access-token\n');
    const report = await readReport(path);
    expect(report.outcome.disabledRules).toHaveLength(3);
    for (const format of ['json', 'jsonl', 'sarif', 'csv', 'junit', 'gitlab', 'markdown', 'html']) {
      expect(await renderReport(format, report)).toMatch(
        /acme-token, github|"acme-token",\s*"github-classic/,
      );
    }
    expect(await renderReport('markdown', report)).toMatch(
      /^### .*no plaintext credentials.*, but 3 rules are/,
    );
  });

  test('rules list and rules test show what is disabled', async () => {
    const list = await runInProcess(task, [
      'rules',
      'list',
      '--family=npm',
      '--disable-rules=npm-access-token',
    ]);
    expect(list.stdout).toMatch(/^npm-access-token +critical +disabled {2}npm access token\n/);
    expect(list.stderr).toMatch(/ rules, 1 of them disabled\n$/);
    const json = await runInProcess(task, ['rules', 'list', '--json', '--enable-rules=family:npm', 'token']);
    const entries: readonly { id: string; family: string; enabled: boolean }[] = JSON.parse(json.stdout);
    expect(entries.filter(({ enabled }) => enabled).length).toBeGreaterThan(2);
    expect(entries.every(({ family, enabled }) => enabled === (family === 'npm'))).toBe(true);
    const tried = ['rules', 'test', tree.path('a.txt'), '--disable-rules=github-classic-token'];
    const { stdout } = await runInProcess(task, tried);
    expect(stdout).toContain('npm-access-token: npm access token');
    expect(stdout).not.toContain('github-classic-token');
    expect(stdout).toContain('Not tried: 1 disabled rule\n');
  });

  test('findings of a disabled rule are suppressed, not resolved, and come back without news', async () => {
    const machine = newMachine({ 'a.txt': `${classic}\n${npm}\n`, 'b.txt': classic });
    await machine.run();
    const disabled = { options: { disableRules: ['github-*'] } };
    for (const _ of ['at once', 'and again']) {
      const { said, outcome, records } = await machine.run(disabled);
      expect(said).toEqual([]);
      expect(outcome).toMatchObject({
        suppressed: { 'disabled rule': 2 },
        lifecycle: { new: 0, persisting: 1, moved: 0, resolved: 0 },
      });
      const event = records.find(({ id }) => id === 'scan.rules-disabled');
      expect(event?.fields).toMatchObject({ rules: expect.stringContaining('github-classic-token') });
    }
    // The file is gone: that is evidence.
    rmSync(machine.path('b.txt'));
    await machine.run(disabled);
    expect((await machine.run(disabled)).outcome.suppressed).toEqual({ 'disabled rule': 1 });
    // Another file gets a secret meanwhile, which is found when the rule is enabled again.
    machine.write('c.txt', plantable('github-classic-token', 'other'));
    expect((await machine.run(disabled)).said).toEqual([]);
    const back = await machine.run();
    expect(back.said).toEqual(['finding c.txt']);
    expect(back.outcome.lifecycle).toEqual({ new: 1, persisting: 2, moved: 0, resolved: 0 });
    expect(back.outcome.suppressed).toEqual({});
    const other = await machine.run({ options: { rules, rulesOnly: true } });
    expect(other).toMatchObject({ said: [], outcome: { suppressed: { 'disabled rule': 3 } } });
  });
});

describe('exceptions from the built-in rules', () => {
  const list = (body: string) => input('exceptions.toml', `[[allowlists]]\n${body}\n`);
  const inTree = all.slice(1);
  const of = (secret: string) => secret.slice(6, 16);

  test.each([
    ['a path', "paths = ['''/b\\.txt$''']", [0, 2]],
    ['the secret', `regexes = ['''^${npm}$''']`, [0, 1]],
    ['a part of the secret, also if it is encoded', `stopwords = ["${of(classic).toUpperCase()}"]`, [2]],
    ['the line', "regexTarget = \"line\"\nregexes = ['''^y .*$''']", [0, 1]],
    ['the line up to the secret', `regexTarget = "match"\nregexes = ['''^y ${npm}$''']`, [0, 1]],
    ['both conditions', `condition = "AND"\npaths = ['''a.txt''']\nregexes = ['''${of(classic)}''']`, [1, 2]],
    ['one rule', "targetRules = [\"npm-access-token\"]\npaths = ['''.''']", [0, 1]],
    ['a rule that found nothing', "targetRules = [\"npm-password\"]\npaths = ['''.''']", [0, 1, 2]],
  ])('by %s', async (_, body, left) => {
    const { places, suppressed } = await found({ rules: list(body) });
    expect(places).toEqual(left.map((index) => inTree[index]));
    expect(suppressed).toEqual(left.length === 3 ? {} : { allowlist: 3 - left.length });
  });

  test('hold for custom rules too, but not for a rule that is not named', async () => {
    const file = (body: string) => input('both.toml', `${acmeRules}[[allowlists]]\n${body}\n`);
    const everywhere = await found({ rules: file("paths = ['''a\\.txt''']") });
    expect(everywhere).toMatchObject({ places: [all[2]], suppressed: { allowlist: 3 } });
    const one = await found({ rules: file("targetRules = [\"acme-token\"]\npaths = ['''.''']") });
    expect(one.places).toEqual(inTree);
  });

  test('in large files and in binaries', async () => {
    const filler = 'lorem ipsum dolor sit amet\n'.repeat(60_000);
    const machine = newMachine({
      'large.txt': `${classic} kept\n${filler}${classic} sample\n${filler}${npm} sample`,
      binary: `\0\0${classic}\0`,
    });
    const sample = list("regexTarget = \"line\"\nregexes = [''' sample$''']");
    const { findings, suppressed } = await scanOnce({ roots: [machine.root], rules: sample, binaries: true });
    expect(findings.map(({ rule, count }) => `${rule} ${count}`)).toEqual([
      'github-classic-token 1',
      'github-classic-token 1',
    ]);
    expect(suppressed).toEqual({ allowlist: 2 });
  });

  test.each([
    ['', /contains no rules and no allowlists; add \[\[rules\]\] or \[\[allowlists\]\]/, {}],
    ["[[allowlists]]\npaths = ['''x''']", /--rules-only: .* contains no rules/, { rulesOnly: true }],
    ["[[allowlists]]\nregexes = ['''(?!x)''']", /the global allowlist cannot be used/, {}],
  ])('%j is refused', async (text, message, options) => {
    await expect(found({ rules: input('bad.toml', text), ...options })).rejects.toThrow(message);
  });

  test('that name no rule are reported', async () => {
    const said: unknown[] = [];
    const file = list("targetRules = [\"npm-access-token\", \"no-such-rule\"]\npaths = ['''x''']");
    await scanOnce(
      { roots: [tree.root], rules: file },
      { log: ({ id }, fields) => void (id === 'scan.rule-ignored' && said.push(fields)) },
    );
    expect(JSON.stringify(said)).toContain('names rule \\"no-such-rule\\", which does not exist');
    expect(JSON.stringify(said)).not.toContain('npm-access-token');
  });

  test('suppress what earlier runs have announced, and end without news', async () => {
    const machine = newMachine({ 'a.txt': `${classic}\n${npm}\n`, 'b.txt': planted('slack-bot-token') });
    await machine.run();
    const options = { rules: list(`regexes = ['''${of(classic)}''']`) };
    for (const _ of ['read', 'unchanged']) {
      const { said, outcome } = await machine.run({ options });
      expect(said).toEqual([]);
      expect(outcome.suppressed).toEqual({ allowlist: 1 });
      expect(outcome.lifecycle).toMatchObject({ persisting: 2, resolved: 0 });
    }
    const back = await machine.run();
    expect(back).toMatchObject({ said: [], outcome: { suppressed: {}, lifecycle: { persisting: 3 } } });
    await machine.run({ options });
    machine.write('a.txt', `${npm}\n`);
    const gone = await machine.run({ options });
    expect(gone.outcome).toMatchObject({ suppressed: {}, lifecycle: { persisting: 2 } });
    machine.write('a.txt', `${classic}\n${npm}\n`);
    expect((await machine.run({ options })).outcome.suppressed).toEqual({ allowlist: 1 });
    expect((await machine.run()).said).toEqual(['finding a.txt']);
  });
});
