/** What people are likely to type by mistake: each is refused in one line that names the input and the remedy, and nothing is scanned. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { secretsScan } from '../../../src/scan/index.ts';
import type { Task } from '../../../src/host/task/task.ts';
import { plantable } from '../../../fixtures/tokens.ts';
import { type Said, runInProcess } from '../../host/in-process.ts';

const task: Task = secretsScan;
const folder = mkdtempSync(join(tmpdir(), 'mistakes-'));
afterAll(() => rmSync(folder, { recursive: true }));

const tree = join(folder, 'tree');
mkdirSync(tree);
const file = join(tree, 'a.env');
writeFileSync(file, `TOKEN=${plantable('github-classic-token')}\n`);
writeFileSync(join(folder, 'bad-key.json'), '{"failOnn": "high"}');
writeFileSync(join(folder, 'bad-value.json'), '{"failOn": "severe"}');
writeFileSync(join(folder, 'bad.json'), '{"failOn": ');
writeFileSync(join(folder, 'rules.toml'), '[[rules]]\nid = "x"\n');
writeFileSync(join(folder, 'binary'), Buffer.alloc(100));
spawnSync('mkfifo', [join(folder, 'pipe')]);
symlinkSync('nowhere', join(folder, 'dangling'));

const scan = async (...argv: readonly string[]): Promise<Said> => await runInProcess(task, argv);
const at = (name: string) => join(folder, name);
const help = '(see secrets-scan --help)';

const USAGE = 64;
const NO_ROOT = 66;
const CONFIG = 78;

describe('a mistake', () => {
  test.each<[argv: readonly string[], code: number, line: string]>([
    // Words.
    [
      ['check', tree],
      USAGE,
      `check is no command, and no file or folder; did you mean "secrets-scan scan"? ${help}`,
    ],
    [
      ['detect', '--source', tree],
      USAGE,
      'detect is no command, and no file or folder; did you mean "secrets-scan scan"?',
    ],
    [['sacn', tree], USAGE, 'sacn is no command, and no file or folder; did you mean "secrets-scan scan"?'],
    [
      ['chekc', tree],
      USAGE,
      `chekc is no command, and no file or folder; did you mean "secrets-scan scan"? ${help}`,
    ],
    [
      ['rule', 'list'],
      USAGE,
      'rule is no command, and no file or folder; did you mean "secrets-scan rules list"?',
    ],
    [['rules'], USAGE, 'rules needs another word; the commands are: secrets-scan rules list, '],
    [['rules', 'ls'], USAGE, 'rules has no command "ls"; the commands are: secrets-scan rules list, '],
    [
      ['rules', 'show', 'github-clasic-token'],
      USAGE,
      'there is no rule "github-clasic-token"; did you mean github-classic-token?',
    ],
    [['rules', 'show'], USAGE, 'id: name one rule by its id (see secrets-scan rules show --help)'],
    [
      ['rules', 'list', '--family=gihub'],
      USAGE,
      '--family: there is no family "gihub"; did you mean github?',
    ],
    [['rules', 'test', tree], NO_ROOT, `${tree} is not a file; name one, or use "secrets-scan scan"`],
    [
      ['rules', 'test', at('binary')],
      NO_ROOT,
      `${at('binary')} was not scanned: other-binary; give --binaries to search it`,
    ],
    [['help', 'root'], USAGE, 'help has no topic "root"; did you mean "secrets-scan help roots"?'],
    // Options.
    [['scan', '--exlude=*.log', tree], USAGE, `unknown option --exlude; did you mean --exclude? ${help}`],
    [['scan', '--failOn=high', tree], USAGE, `unknown option --failOn; did you mean --fail-on? ${help}`],
    [['scan', '-exclude=x', tree], USAGE, `unknown option -exclude; did you mean --exclude? ${help}`],
    [
      ['scan', '-r', tree],
      USAGE,
      'unknown option -r; use --report=FILE or --rules=FILE; folders are always searched to their end',
    ],
    [
      ['scan', '--json', tree],
      USAGE,
      `unknown option --json; use --report=FILE.json, or --report=json:- for standard output ${help}`,
    ],
    [['scan', '--output=r.json', tree], USAGE, `unknown option --output; use --report=FILE ${help}`],
    [['scan', '--source', tree], USAGE, `unknown option --source; give the path without an option ${help}`],
    [['scan', '--no-strict', tree], USAGE, `unknown option --no-strict; use --strict=false ${help}`],
    [['scan', '--strict=yes', tree], USAGE, '--strict takes no value, or true or false'],
    // Values.
    [['scan', tree, '--report'], USAGE, `--report needs a value: --report=<file> ${help}`],
    [['scan', tree, '--exclude', '--strict'], USAGE, `--exclude needs a value: --exclude=<glob> ${help}`],
    [['scan', '--report=report.txt', tree], USAGE, 'report.txt'],
    [
      ['scan', '--report=-', tree],
      USAGE,
      '--report=-: standard output needs a format, for example --report=json:-',
    ],
    [
      ['scan', '--report=pdf:r', tree],
      USAGE,
      '--report=pdf:r: there is no report format "pdf" (formats: json, ',
    ],
    [['scan', '--report=r.csv', '--report=csv:r.csv', tree], USAGE, 'two reports cannot both go to '],
    [
      ['scan', '--fail-on=severe', tree],
      USAGE,
      '--fail-on: expected one of low, medium, high, critical, not "severe"',
    ],
    [['scan', '--fail-on=hgih', tree], USAGE, 'critical, not "hgih"; did you mean high?'],
    [['scan', '--report=jsn:r', tree], USAGE, 'there is no report format "jsn" (formats: json, '],
    [['report', 'convert', 'r', '--to=sarfi'], USAGE, ', not "sarfi"; did you mean sarif?'],
    [['rules', 'list', '--severity=hihg'], USAGE, ', not "hihg"; did you mean high?'],
    [['scan', '--workers', '-1', tree], USAGE, '--workers: expected a number of threads from 1 to 64'],
    [
      ['scan', '--max-rate=10MB', tree],
      USAGE,
      '--max-rate: expected megabytes per second from 0.1 to 100000',
    ],
    [
      ['scan', '--max-duration=5', tree],
      USAGE,
      '--max-duration: expected a duration such as 90s, 15m or 2h, at most 168h',
    ],
    [
      ['scan', '--max-duration=5d', tree],
      USAGE,
      '--max-duration: expected a duration such as 90s, 15m or 2h',
    ],
    [['scan', '--shard=3', tree], USAGE, '--shard: expected a part such as 2/5, of at most 9999'],
    [['scan', '--exclude=', tree], USAGE, '--exclude: expected a glob of 1 to 4,096 characters'],
    [['scan', '--fail-on=low', '--fail-on=high', tree], USAGE, '--fail-on is given more than once'],
    // Contradictions.
    [['scan', '--dry-run', '--standalone', tree], CONFIG, '--dry-run and --standalone cannot be combined'],
    [
      ['scan', '--rules-only', tree],
      CONFIG,
      '--rules-only: no rules are given; name their file with --rules=FILE',
    ],
    [
      ['scan', '--default-roots', tree],
      USAGE,
      '--default-roots cannot be combined with paths; leave out one of them',
    ],
    [[tree], CONFIG, 'to run it by hand, use "secrets-scan scan" or --dry-run'],
    [['scan', '--quiet', '--verbose', tree], CONFIG, '--quiet and --verbose cannot be combined'],
    [['scan', '--staged', tree], USAGE, '--staged: takes no paths, because git knows the staged files'],
    [['scan', '-', tree], USAGE, 'standard input must be the only path; name a file called "-" as ./-'],
    [['scan', '--stdin-path=x', tree], USAGE, '--stdin-path: standard input is not scanned'],
    [['scan', '--report=xyz:r', tree], USAGE, '--report=xyz:r: there is no report format "xyz"'],
    // Paths.
    [['scan'], USAGE, 'name the files or folders to scan, or give --default-roots'],
    [['--dry-run'], USAGE, 'name the files or folders to scan, or give --default-roots'],
    [
      ['scan', ''],
      USAGE,
      `an argument is empty; leave it out, or check the variable that it comes from ${help}`,
    ],
    [
      ['scan', tree, at('none')],
      NO_ROOT,
      `${at('none')} does not exist; correct the path, or give --allow-missing-roots`,
    ],
    [['scan', at('dangling')], NO_ROOT, `${at('dangling')} does not exist; correct the path`],
    [['scan', join(file, 'x')], NO_ROOT, `${join(file, 'x')} does not exist; correct the path`],
    [['scan', at('pipe')], NO_ROOT, `${at('pipe')} is a device, pipe or socket; correct the path`],
    [['scan', '--', '--exclude=x'], NO_ROOT, `${join(process.cwd(), '--exclude=x')} does not exist`],
    // Files that options name.
    [
      ['scan', `--config=${tree}`, tree],
      CONFIG,
      `the configuration file ${tree} is a folder, not a regular file`,
    ],
    [
      ['scan', `--config=${at('none.json')}`, tree],
      CONFIG,
      `${at('none.json')} cannot be read: no such file or directory`,
    ],
    [['scan', `--config=${at('bad.json')}`, tree], CONFIG, `${at('bad.json')} is not valid JSON`],
    [
      ['scan', `--config=${at('bad-key.json')}`, tree],
      CONFIG,
      `${at('bad-key.json')}: unknown key "failOnn"; did you mean "failOn"?`,
    ],
    [
      ['scan', `--config=${at('bad-value.json')}`, tree],
      CONFIG,
      '"failOn" in the configuration file: expected one of low,',
    ],
    [['scan', `--rules=${tree}`, tree], CONFIG, `--rules ${tree} is a folder, not a regular file`],
    [['scan', `--rules=${at('rules.toml')}`, tree], CONFIG, 'rules.toml'],
    [['scan', `--baseline=${at('none')}`, tree], CONFIG, `--baseline ${at('none')} cannot be read`],
  ])('%j', async (argv, code, line) => {
    const said = await scan(...argv);
    expect(said.stderr).toContain(line);
    expect({ code: said.code, stdout: said.stdout }).toEqual({ code, stdout: '' });
    expect(said.stderr).toMatch(/^secrets-scan: [^\n]+\n$/);
  });

  test('in a variable names the variable', async () => {
    const misspelt = await runInProcess(task, ['scan', tree], { SECRETS_SCAN_FAIL_ONN: 'high' });
    expect(misspelt).toMatchObject({
      code: CONFIG,
      stderr: expect.stringContaining('SECRETS_SCAN_FAIL_ONN'),
    });
    const wrong = await runInProcess(task, ['scan', tree], { SECRETS_SCAN_FAIL_ON: 'severe' });
    expect(wrong.stderr).toContain('SECRETS_SCAN_FAIL_ON: expected one of low, medium, high, critical');
  });
});

test('what looks like a mistake and is none', async () => {
  expect((await scan('scan', '--fail-on=HIGH', tree)).code).toBe(10);
  expect((await scan('--dry-run', tree)).code).toBe(0);
  expect((await scan('scan', '--allow-missing-roots', at('none'), tree)).stdout).toContain('not scanned');
  expect((await scan('scan', '--allow-missing-roots', '--strict', at('none'), tree)).code).toBe(11);
  // With nothing at all to scan, a run is never green.
  expect((await scan('scan', '--allow-missing-roots', at('none'))).code).toBe(NO_ROOT);
});
