/** What a pipeline gives to the scanner: standard input, and what git is about to commit. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { planted } from '../../../fixtures/tokens.ts';
import { readReport } from '../../../src/scan/report/read.ts';
import { STRANGER } from '../../host/refuses-inputs.ts';
import { describeWith, installed, posix, rootUser, testWith } from '../../tool.ts';
import { type ByHand, byHand, cleanUp, command, newFolder } from '../scanner-under-test.ts';

afterAll(cleanUp);

const folder = newFolder('streams');
const token = planted('github-classic-token');
const other = planted('npm-access-token');
const keep = ['--state-dir', join(folder, 'state')];

/** A run, and what its JSON report lists as `name:line rule`. */
async function run(args: readonly string[], how: ByHand = {}) {
  const report = join(folder, 'report.json');
  rmSync(report, { force: true });
  const ended = await byHand([...keep, '--report', report, ...args], how);
  for (const secret of [token, other]) expect(ended.stdout + ended.stderr).not.toContain(secret);
  const { outcome } = await readReport(report);
  const found = outcome.findings.map(({ path, line, rule }) => `${path.split('/').at(-1)}:${line} ${rule}`);
  return { ...ended, outcome, found: found.toSorted() };
}

describe('standard input', () => {
  test('is scanned as a file is, under the name that it is given', async () => {
    // Larger than everything that is held at a time, with secrets at both ends and across the pieces.
    const filler = 'lorem ipsum dolor sit amet, consectetur adipiscing elit\n'.repeat(997);
    const input = Array.from({ length: 40 }, (_, n) => `${n % 3 === 0 ? token : other}\n${filler}`).join('');
    writeFileSync(join(folder, 'large.txt'), `${input}${token}`);
    const file = await run(['--dry-run', join(folder, 'large.txt')]);
    const named = ['--fail-on=low', `--stdin-path=${join(folder, 'large.txt')}`, '-'];
    const stream = await run(named, { input: `${input}${token}` });
    const facts = ({ outcome }: typeof file) =>
      outcome.findings.map((finding) => ({ ...finding, exposure: [], owner: undefined }));
    expect(facts(stream)).toEqual(facts(file));
    expect(stream.outcome.findings).toHaveLength(2);
    expect(stream.code).toBe(10);
    expect(stream.outcome.coverage).toMatchObject({ files: 1, bytes: input.length + token.length });
  });

  test('may be empty, UTF-16 or a binary', async () => {
    expect(await run(['--fail-on=low', '-'])).toMatchObject({ code: 0, found: [] });
    const wide = await run(['--fail-on=low', '-'], { input: Buffer.from(`\ufeffx\n${token}\n`, 'utf16le') });
    expect(wide).toMatchObject({ code: 10, found: ['<stdin>:2 github-classic-token'] });
    const binary = Buffer.concat([Buffer.alloc(100_000, '\0\x01\x02'), Buffer.from(`\0${other}\0`)]);
    const inBinary = await run(['--fail-on=low', '-'], { input: binary });
    expect(inBinary).toMatchObject({ code: 10, found: ['<stdin>:1 npm-access-token'] });
  });

  test('is read no faster than --max-rate says', async () => {
    const input = `${'nothing of note\n'.repeat(120_000)}${token}\n`;
    const began = performance.now();
    const limited = await run(['--fail-on=low', '--max-rate=0.6', '-'], { input });
    expect(limited).toMatchObject({ code: 10, found: ['<stdin>:120001 github-classic-token'] });
    // 1.9 MB take 3.2 seconds, less what is read ahead.
    expect(performance.now() - began).toBeGreaterThan(2500);
  });

  test('that never ends does not outlast --max-duration', async () => {
    const [program = '', ...first] = command;
    const began = performance.now();
    const child = spawn(program, [...first, ...keep, '--max-duration=1s', '--strict', '-']);
    child.stdin.on('error', () => undefined).write('the writer says this, and no more\n');
    const [code] = (await once(child, 'close')) as readonly unknown[];
    expect(code).toBe(11);
    expect(performance.now() - began).toBeLessThan(8000);
  });

  testWith(posix)('that is a folder is an error', async () => {
    const [program = '', ...first] = command;
    const descriptor = openSync(folder, 'r');
    const child = spawn(program, [...first, ...keep, '-'], { stdio: [descriptor, 'ignore', 'pipe'] });
    closeSync(descriptor);
    const errors = child.stderr?.setEncoding('utf8').toArray();
    const [code] = (await once(child, 'close')) as readonly unknown[];
    expect(code).toBe(66);
    expect((await errors)?.join('')).toContain('standard input cannot be read: it is a folder');
  });
});

test.each([
  ['--standalone: - (standard input) is for runs by hand', ['--standalone', '-']],
  ['--staged: takes no paths', ['--staged', '.']],
])('%s', async (line, args) => {
  const { code, stderr } = await byHand([...keep, ...args]);
  expect(code).toBe(64);
  expect(stderr).toContain(line);
});

describeWith(installed('git'))('--staged', () => {
  const repository = join(folder, 'repository');
  const at = (name: string) => join(repository, name);
  const git = (...args: readonly string[]) =>
    execFileSync('git', ['-c', 'user.name=x', '-c', 'user.email=x@example.org', ...args], {
      cwd: repository,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  const staged = (...args: readonly string[]) =>
    run(['--staged', '--fail-on=low', ...args], { cwd: repository });
  mkdirSync(at('sub'), { recursive: true });
  execFileSync('git', ['init', '--quiet', '--initial-branch=main', repository]);

  test('sees the index before the first commit, from any folder, and not the work tree', async () => {
    writeFileSync(at('first.txt'), `x\n${token}\n`);
    writeFileSync(at('sub/clean.txt'), 'nothing\n');
    symlinkSync('first.txt', at('link'));
    git('add', '.');
    writeFileSync(at('first.txt'), 'cleaned, and not staged\n');
    writeFileSync(at('untracked.txt'), token);
    const { code, found, outcome } = await run(['--staged', '--fail-on=low'], { cwd: at('sub') });
    expect({ code, found }).toEqual({ code: 10, found: ['first.txt:2 github-classic-token'] });
    expect(outcome.findings[0]?.path).toBe(at('first.txt'));
    expect(outcome.coverage).toMatchObject({ files: 2, skipped: { link: 1 } });
    expect(await staged('--exclude=first.*')).toMatchObject({ code: 0, found: [] });
  });

  test('reports only what the last commit does not have in this file, renamed or not', async () => {
    git('add', '.');
    writeFileSync(at('first.txt'), `${token}\n${'a line that makes the file recognisable\n'.repeat(20)}`);
    rmSync(at('untracked.txt'));
    git('add', '--all');
    git('commit', '--quiet', '--message=first');
    expect(await staged()).toMatchObject({ code: 0, found: [] });
    mkdirSync(at('moved'));
    renameSync(at('first.txt'), at('moved/renamed.txt'));
    appendFileSync(at('moved/renamed.txt'), `${other}\n`);
    writeFileSync(at('second.txt'), `${token}\n`);
    // Names that a list of lines could not hold.
    writeFileSync(at('odd\n"name\t.txt'), `${other}\n`);
    git('add', '--all');
    const { code, found, outcome } = await staged();
    expect(code).toBe(10);
    expect(found).toEqual([
      'odd\n"name\t.txt:1 npm-access-token',
      'renamed.txt:22 npm-access-token',
      'second.txt:1 github-classic-token',
    ]);
    expect(outcome.suppressed).toEqual({ 'already committed': 1 });
    git('commit', '--quiet', '--message=second');
  });

  test('a merge brings nothing new from either side, and a conflict is not taken for clean', async () => {
    git('checkout', '--quiet', '-b', 'side', 'HEAD~1');
    writeFileSync(at('from-side.txt'), `${other}\n`);
    writeFileSync(at('sub/clean.txt'), 'theirs\n');
    git('add', '--all');
    git('commit', '--quiet', '--message=side');
    git('checkout', '--quiet', 'main');
    git('merge', '--quiet', '--no-commit', '--no-ff', 'side');
    appendFileSync(at('from-side.txt'), 'more\n');
    git('add', '--all');
    expect(await staged()).toMatchObject({ code: 0, found: [], outcome: { coverage: { files: 1 } } });
    git('merge', '--abort');
    writeFileSync(at('sub/clean.txt'), 'ours\n');
    git('commit', '--all', '--quiet', '--message=ours');
    expect(() => git('merge', '--quiet', 'side')).toThrow(/merge/);
    const conflict = await staged('--strict');
    expect(conflict).toMatchObject({ code: 11, outcome: { coverage: { unexamined: { unmerged: 1 } } } });
    git('merge', '--abort');
  });

  testWith(posix)('runs nothing that the repository names', async () => {
    const trap = at('.git/trap.sh');
    writeFileSync(trap, `#!/bin/sh\necho "$0 $*" >> '${at('.git/sprung')}'\ncat\n`);
    chmodSync(trap, 0o755);
    mkdirSync(at('.git/traps'));
    writeFileSync(at('.git/traps/post-index-change'), readFileSync(trap), { mode: 0o755 });
    writeFileSync(at('.git/info/attributes'), '* diff=trap filter=trap\n');
    writeFileSync(at('trapped.txt'), `${token}\n`);
    git('add', 'trapped.txt');
    const settings = [
      'core.fsmonitor',
      'core.pager',
      'diff.external',
      'diff.trap.command',
      'diff.trap.textconv',
    ];
    for (const name of [...settings, 'filter.trap.smudge', 'core.sshCommand']) git('config', name, trap);
    git('config', 'core.hooksPath', at('.git/traps'));
    git('config', 'diff.relative', 'true');
    expect(await staged()).toMatchObject({ code: 10, found: ['trapped.txt:1 github-classic-token'] });
    expect(existsSync(at('.git/sprung'))).toBe(false);
    // The trap works.
    execFileSync('git', ['diff', '--cached'], { cwd: repository, stdio: 'ignore' });
    expect(existsSync(at('.git/sprung'))).toBe(true);
  });

  test('outside a work tree, and without git, one line says so', async () => {
    const outside = await byHand([...keep, '--staged'], { cwd: folder });
    expect(outside.code).toBe(66);
    expect(outside.stderr).toMatch(
      /--staged: .* not a git repository.*run it in the work tree of a repository/,
    );
    const missing = await byHand([...keep, '--staged'], { cwd: repository, env: { PATH: folder } });
    expect(missing.code).toBe(78);
    expect(missing.stderr).toContain('git is in no folder of PATH');
  });

  testWith(rootUser)('root does not run a git that another user could replace', async () => {
    const programs = newFolder('programs');
    writeFileSync(join(programs, 'git'), '#!/bin/sh\n', { mode: 0o755 });
    chownSync(programs, STRANGER, STRANGER);
    const { code, stderr } = await byHand([...keep, '--staged'], {
      cwd: repository,
      env: { PATH: programs },
    });
    expect(code).toBe(78);
    expect(stderr).toContain(`git is not run: ${programs} belongs to user ${STRANGER}`);
  });
});
