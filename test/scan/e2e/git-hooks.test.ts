/** Hooks of git: what is pushed or received, and the command that installs them. Real repositories, real pushes. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { planted } from '../../../fixtures/tokens.ts';
import { readReport } from '../../../src/scan/report/read.ts';
import { describeWith, installed, posix } from '../../tool.ts';
import { cleanUp, command, gitUser, newFolder, pathWithScanner } from '../scanner-under-test.ts';

afterAll(cleanUp);

const folder = newFolder('git-hooks');
const at = (name: string) => join(folder, name);
const token = planted('github-classic-token');
const other = planted('npm-access-token');

// The program as git finds it, and a user without settings.
mkdirSync(at('home'));
const env = {
  HOME: at('home'),
  XDG_STATE_HOME: at('home/state'),
  PATH: pathWithScanner(at('bin')),
  ...gitUser,
};
type Ended = { readonly code: number | null; readonly text: string };

function run(program: string, args: readonly string[], cwd: string, input = ''): Ended {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd, env, input, encoding: 'utf8' });
  const text = stdout + stderr;
  for (const secret of [token, other]) expect(text).not.toContain(secret);
  return { code: status, text };
}

/** A command of git that must succeed. */
const done = (repository: string, ...args: readonly string[]) =>
  execFileSync('git', args, {
    cwd: at(repository),
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim();
const git = (repository: string, ...args: readonly string[]) => run('git', args, at(repository));
const scanner = (repository: string, ...args: readonly string[]) =>
  run(at('bin/secrets-scan'), args, at(repository));

/** Commits files, with hooks turned off. @returns the commit's id as reports show it */
function commit(repository: string, files: Readonly<Record<string, string>>, ...options: readonly string[]) {
  for (const [name, text] of Object.entries(files)) writeFileSync(at(`${repository}/${name}`), text);
  done(repository, 'add', '--all');
  done(repository, 'commit', '--quiet', '--no-verify', '--message=text', ...options);
  return done(repository, 'rev-parse', '--short=12', 'HEAD');
}

/** What the scan of commits lists, as `name:line commit`. */
async function scanned(repository: string, args: readonly string[], input = '') {
  const report = at('report.json');
  rmSync(report, { force: true });
  const scan = ['--fail-on=low', `--report=${report}`, ...args];
  const { code, text } = run(at('bin/secrets-scan'), scan, at(repository), input);
  if (!existsSync(report)) throw new Error(text);
  const { outcome } = await readReport(report);
  const found = outcome.findings.map(
    ({ path, line, exposure }) => `${path.slice(at(repository).length + 1)}:${line} ${exposure.join()}`,
  );
  return { code, found: found.toSorted(), outcome };
}

function repositories(name: string): void {
  execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch=main', at(`${name}.git`)], { env });
  execFileSync('git', ['init', '--quiet', '--initial-branch=main', at(name)], { env });
  done(name, 'remote', 'add', 'origin', at(`${name}.git`));
}

describeWith(posix, installed('git'))('what commits add', () => {
  repositories('history');
  const ids: Record<string, string> = {};

  test('is found in the commit that added it, once, and not where it was before', async () => {
    commit('history', { 'old.txt': `${token}\n${'a line that makes the file recognisable\n'.repeat(20)}` });
    done('history', 'tag', 'base');
    done('history', 'mv', 'old.txt', 'renamed.txt');
    ids['added'] = commit('history', { 'conf.txt': `x\n${token}\n` });
    commit('history', { 'conf.txt': 'cleaned\n' });
    commit('history', { 'conf.txt': `${token}\n` });
    // A merge that adds something of its own.
    done('history', 'checkout', '--quiet', '-b', 'side', 'base');
    ids['side'] = commit('history', { 'side\n"odd\t.txt': `${other}\n`, 'both.txt': 'side\n' });
    done('history', 'checkout', '--quiet', 'main');
    done('history', 'merge', '--quiet', '--no-commit', 'side');
    ids['merge'] = commit('history', { 'both.txt': `side\n${other}\n` });
    const expected = [
      `both.txt:2 added by commit ${ids['merge']}`,
      `conf.txt:2 added by commit ${ids['added']}`,
      `side\n"odd\t.txt:1 added by commit ${ids['side']}`,
    ];
    const range = await scanned('history', ['--commits=base..HEAD']);
    expect(range).toMatchObject({ code: 10, found: expected });
    expect(range.outcome.suppressed).toEqual({ 'already committed': 2 });
    expect(await scanned('history', ['--commits=base..HEAD', '--exclude=*.txt'])).toMatchObject({ code: 0 });
    // The whole history, and that of a clone without the beginning of it, which has the same files.
    const all = await scanned('history', ['--commits=HEAD']);
    const base = done('history', 'rev-parse', '--short=12', 'base');
    expect(all.found).toEqual([...expected, `old.txt:1 added by commit ${base}`].toSorted());
    execFileSync('git', ['clone', '--quiet', '--depth=1', `file://${at('history')}`, at('shallow')], { env });
    const shallow = await scanned('shallow', ['--commits=HEAD']);
    expect(shallow.found).toHaveLength(4);
  });

  test('is read from the lines of git, for new, deleted and forced branches, and tags of anything', async () => {
    const none = '0'.repeat(40);
    const main = done('history', 'rev-parse', 'main');
    const side = done('history', 'rev-parse', 'side');
    const push = (...lines: readonly string[]) =>
      scanned('history', ['--commits=-', '--pushed-to=origin'], lines.map((line) => `${line}\n`).join(''));
    expect(await push()).toMatchObject({ code: 0, found: [] });
    expect(await push(`(delete) ${none} refs/heads/x ${main}`)).toMatchObject({ code: 0, found: [] });
    // What the other side has may be unknown here.
    const force = await push(`HEAD^{/some text} ${side} refs/heads/main ${'1'.repeat(40)}`);
    expect(force.found).toHaveLength(2);
    // A push to another branch brings only what no branch there has.
    done('history', 'push', '--quiet', 'origin', 'side');
    const rest = await push(`refs/heads/main ${main} refs/heads/main ${none}`);
    expect(rest.found).toHaveLength(2);
    expect(await scanned('history', ['--commits=main', '--pushed-to=origin'])).toMatchObject({
      found: rest.found,
    });
    done('history', 'tag', '--annotate', '--message=x', 'file', 'HEAD:conf.txt');
    done('history', 'tag', 'tree', 'HEAD^{tree}');
    const tags = ['file', 'tree'].map(
      (tag) => `x ${done('history', 'rev-parse', tag)} refs/tags/${tag} ${none}`,
    );
    const tagged = await push(...tags);
    expect(tagged.found.map((place) => place.split(':')[0])).toEqual([
      'both.txt',
      'conf.txt',
      'refs/tags/file',
      'renamed.txt',
      'side\n"odd\t.txt',
    ]);
    const received = await scanned('history', ['--commits=-'], `${none} ${main} refs/heads/new\n`);
    expect(received).toMatchObject({ code: 0, found: [] });
  });

  test('is refused when it cannot be listed', () => {
    const refused = (...args: readonly string[]) => scanner('history', ...args);
    expect(refused('--commits=nowhere..HEAD')).toMatchObject({
      code: 66,
      text: expect.stringContaining('git cannot list'),
    });
    expect(run(at('bin/secrets-scan'), ['--commits=-'], at('history'), 'a line\n')).toMatchObject({
      code: 64,
      text: expect.stringContaining('line 1 of standard input is none that git gives'),
    });
    const missing = `x ${'2'.repeat(40)} refs/heads/x ${'0'.repeat(40)}\n`;
    expect(run(at('bin/secrets-scan'), ['--commits=-'], at('history'), missing)).toMatchObject({
      code: 66,
      text: expect.stringContaining('which is not there'),
    });
  });
});

describeWith(posix, installed('git'))('hook install', () => {
  repositories('work');

  test('adds hooks that block a commit, a push and what a server receives', () => {
    expect(scanner('work', 'hook', 'install', 'pre-commit', 'pre-push').code).toBe(0);
    expect(scanner('work', 'hook', 'install')).toEqual({
      code: 0,
      text: `Installed ${at('work/.git/hooks/pre-commit')}\n`,
    });
    writeFileSync(at('work/conf.txt'), `${token}\n`);
    done('work', 'add', '.');
    const blocked = git('work', 'commit', '--message=text');
    expect(blocked).toMatchObject({
      code: 1,
      text: expect.stringContaining('To commit: take the secret out'),
    });
    const id = commit('work', {});
    commit('work', { 'conf.txt': 'cleaned\n' });
    const pushed = git('work', 'push', 'origin', 'main');
    expect(pushed).toMatchObject({ code: 1, text: expect.stringContaining(`added by commit ${id}`) });
    expect(pushed.text).toContain('To push: take the secret out of the commit that added it');
    // The server sees the commits before they are part of the repository.
    expect(scanner('work.git', 'hook', 'install', 'pre-receive').code).toBe(0);
    const received = git('work', 'push', '--no-verify', 'origin', 'main');
    expect(received).toMatchObject({
      code: 1,
      text: expect.stringMatching(`remote: .*added by commit ${id}`),
    });
    done('work', 'checkout', '--quiet', '--orphan', 'fresh');
    commit('work', { 'conf.txt': 'clean from the start\n' });
    const clean = git('work', 'push', 'origin', 'fresh');
    expect(clean).toMatchObject({ code: 0, text: expect.stringContaining('remote: secrets-scan') });
    expect(clean.text).not.toContain('Summary');
    // Removes what it has installed, in a second work tree as well, and nothing else.
    done('work', 'worktree', 'add', '--quiet', at('tree'));
    writeFileSync(at('work/.git/hooks/pre-commit'), '#!/bin/sh\n# of somebody else\n');
    const removed = scanner('tree', 'hook', 'uninstall');
    expect(removed.text).toContain(`Removed ${at('work/.git/hooks/pre-push')}`);
    expect(removed.text).toContain(`another hook: ${at('work/.git/hooks/pre-commit')}`);
    expect(existsSync(at('work/.git/hooks/pre-push'))).toBe(false);
    const foreign = scanner('tree', 'hook', 'install');
    expect(foreign).toMatchObject({
      code: 78,
      text: expect.stringContaining('secrets-scan --staged --fail-on=low || exit'),
    });
    // A folder of the repository's own.
    done('work', 'config', 'core.hooksPath', '.hooks');
    expect(scanner('work', 'hook', 'install', '--fail-on=high', "--ignore-list=it's").code).toBe(0);
    const hook = readFileSync(at('work/.hooks/pre-commit'), 'utf8');
    expect(hook).toContain(String.raw`exec secrets-scan --staged --fail-on=high --ignore-list='it'\''s'`);
    expect(statSync(at('work/.hooks/pre-commit')).mode & 0o111).toBe(0o111);
  });

  test('for all repositories lets their own hooks run as before', () => {
    repositories('own');
    const installing = ['hook', 'install', '--global', 'pre-commit', 'pre-push'];
    expect(scanner('own', ...installing).code).toBe(0);
    for (const name of ['pre-push', 'commit-msg']) {
      writeFileSync(at(`own/.git/hooks/${name}`), '#!/bin/sh\necho "own ${0##*/} $1"\ncat\n', {
        mode: 0o755,
      });
    }
    writeFileSync(at('own/conf.txt'), 'clean\n');
    done('own', 'add', '.');
    expect(git('own', 'commit', '--message=text')).toMatchObject({
      code: 0,
      text: expect.stringContaining('own commit-msg'),
    });
    const pushed = git('own', 'push', 'origin', 'main');
    expect(pushed.code).toBe(0);
    expect(pushed.text).toMatch(
      /own pre-push origin\nrefs\/heads\/main [0-9a-f]{40} refs\/heads\/main 0{40}\n/,
    );
    commit('own', { 'conf.txt': token });
    const blocked = git('own', 'push', 'origin', 'main');
    expect(blocked).toMatchObject({ code: 1, text: expect.not.stringContaining('own pre-push') });
    const local = scanner('own', 'hook', 'install');
    expect(local).toMatchObject({ code: 78, text: expect.stringContaining('give --global') });
    expect(scanner('own', 'hook', 'uninstall', '--global').text.match(/^Removed /gm)).toHaveLength(2);
    expect(existsSync(at('home/state/secrets-scan-git-hooks'))).toBe(false);
    expect(git('own', 'config', '--global', 'core.hooksPath').code).toBe(1);
  });

  test('says what is missing', () => {
    expect(run(at('bin/secrets-scan'), ['hook', 'install'], folder)).toMatchObject({
      code: 78,
      text: expect.stringContaining('run it in a repository, or give --global'),
    });
    const programs = at('only-git');
    mkdirSync(programs);
    const [program = '', ...first] = command;
    const ended = spawnSync(program, [...first, 'hook', 'install'], {
      cwd: at('work'),
      env: { ...env, PATH: programs },
      encoding: 'utf8',
    });
    expect(ended).toMatchObject({
      status: 78,
      stderr: expect.stringContaining('it is in no folder of PATH'),
    });
  });
});
