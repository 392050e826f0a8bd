/** The history of git repositories: made by the real git, and read without it. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { plantable } from '../../../fixtures/tokens.ts';
import { readReport } from '../../../src/scan/report/read.ts';
import { describeWith, installed } from '../../tool.ts';
import { type ByHand, byHand, cleanUp, gitUser, newFolder } from '../scanner-under-test.ts';

afterAll(cleanUp);

const folder = newFolder('git-history');
const at = (name: string) => join(folder, name);
const env = {
  HOME: folder,
  ...gitUser,
  PATH: process.env['PATH'],
};
let clock = 1_700_000_000;

function git(repository: string, ...args: readonly string[]): string {
  clock += 60;
  const date = { GIT_AUTHOR_DATE: `${clock} +0000`, GIT_COMMITTER_DATE: `${clock} +0000` };
  const options = ['-c', 'protocol.file.allow=always', '-c', 'gc.auto=0'];
  return execFileSync('git', [...options, ...args], {
    cwd: at(repository),
    env: { ...env, ...date },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  }).trim();
}

/** Commits a file. @returns the first digits of the commit's id */
function commit(repository: string, name: string, text: string, ...options: readonly string[]): string {
  mkdirSync(join(at(repository), name, '..'), { recursive: true });
  writeFileSync(join(at(repository), name), text);
  git(repository, 'add', '--all');
  git(repository, 'commit', '--quiet', '--message=a message', ...options);
  return git(repository, 'rev-parse', '--short=8', 'HEAD');
}

/** Different secrets, each with the number of its state. */
const secrets = Array.from({ length: 13 }, (_, n) => plantable('github-classic-token', `state ${n}`));
const secret = (n: number) => `token = ${secrets[n]}\n`;

/** What a scan lists, as `path:line evidence`. */
async function scan(args: readonly string[], how: ByHand = {}) {
  const report = at('report.json');
  rmSync(report, { force: true });
  const ended = await byHand(['--report', report, '--state-dir', at('state'), ...args], how);
  for (const one of secrets)
    expect(ended.stdout + ended.stderr + readFileSync(report, 'utf8')).not.toContain(one);
  const { outcome } = await readReport(report);
  const found = outcome.findings.map(({ path, line, evidence }) => {
    const state = evidence.filter((one) => one.includes('work tree')).join();
    return `${path.slice(folder.length + 1)}:${line} ${state}`;
  });
  return { ...ended, outcome, found: found.toSorted() };
}

const gone = 'not in the work tree';
const there = 'still in the work tree';

describeWith(installed('git'))('the history of a repository', () => {
  test('is scanned in ten states, each secret at the commit and path where it was first', async () => {
    execFileSync('git', ['init', '--quiet', '--initial-branch=main', at('lib')], { env });
    const inModule = commit('lib', 'lib.env', secret(0));
    commit('lib', 'lib.env', 'cleaned\n');
    execFileSync('git', ['init', '--quiet', '--initial-branch=main', at('app')], { env });
    const committed = commit('app', 'config/app.env', `first\n${secret(1)}`);
    // Many commits with the same secret, and moves.
    for (let n = 0; n < 5; n += 1) commit('app', 'config/app.env', `first\n${secret(1)}# ${n}\n`);
    git('app', 'mv', 'config/app.env', 'app.env');
    commit('app', 'other.txt', 'x\n');
    const deleted = commit('app', 'deleted.env', secret(2));
    git('app', 'rm', '--quiet', 'deleted.env');
    const packed = commit('app', 'packed.env', secret(3));
    commit('app', 'packed.env', 'cleaned\n');
    git('app', 'submodule', '--quiet', 'add', at('lib'), 'vendor/lib');
    commit('app', 'module.txt', 'with a submodule\n');
    git('app', 'gc', '--quiet');
    // From here on, loose.
    commit('app', 'amended.env', secret(4));
    const amended = git('app', 'rev-parse', '--short=8', 'HEAD');
    commit('app', 'amended.env', 'cleaned\n', '--amend');
    const kept = commit('app', 'kept.env', secret(10));
    git('app', 'checkout', '--quiet', '-b', 'branch');
    const branch = commit('app', 'branch.env', secret(5));
    git('app', 'checkout', '--quiet', 'main');
    writeFileSync(at('app/other.txt'), secret(6));
    git('app', 'stash', '--quiet');
    git('app', 'worktree', 'add', '--quiet', '-b', 'tree', at('tree'));
    const tree = commit('tree', 'tree.env', secret(7));
    commit('tree', 'tree.env', 'cleaned\n');
    // Never committed.
    writeFileSync(at('blob.env'), secret(8));
    const blob = git('app', 'hash-object', '-w', at('blob.env')).slice(0, 8);
    rmSync(at('blob.env'));
    git('app', 'commit', '--quiet', '--allow-empty', `--message=${secret(9)}`);
    const message = git('app', 'rev-parse', '--short=8', 'HEAD');
    const stash = git('app', 'rev-parse', '--short=8', 'stash@{0}');
    execFileSync('git', ['clone', '--quiet', '--bare', '--no-hardlinks', at('lib'), at('bare.git')], { env });
    execFileSync('git', ['init', '--quiet', '--object-format=sha256', '--initial-branch=main', at('long')], {
      env,
    });
    const long = commit('long', 'long.env', secret(11));
    commit('long', 'long.env', 'cleaned\n');
    git('long', 'gc', '--quiet');
    const longer = commit('long', 'longer.env', `more ${secret(12)}`, '--quiet');
    const { found, outcome } = await scan(['--dry-run', folder]);
    const inBare = `bare.git!/${inModule}/lib.env:1 `;
    expect(found.filter((place) => place.includes('!/'))).toEqual(
      [
        `app/.git!/${committed}/config/app.env:2 ${gone}`,
        `app/.git!/${deleted}/deleted.env:1 ${gone}`,
        `app/.git!/${packed}/packed.env:1 ${gone}`,
        `app/.git!/${kept}/kept.env:1 ${there}`,
        `app/.git!/${amended}/amended.env:1 ${gone}`,
        `app/.git!/${branch}/branch.env:1 ${gone}`,
        `app/.git!/${stash}/other.txt:1 ${gone}`,
        `app/.git!/${tree}/tree.env:1 ${gone}`,
        `app/.git!/blob/${blob}:1 `,
        `app/.git!/${message}/COMMIT_EDITMSG:6 `,
        `app/.git/modules/vendor/lib!/${inModule}/lib.env:1 `,
        `lib/.git!/${inModule}/lib.env:1 ${gone}`,
        `long/.git!/${long}/long.env:1 ${gone}`,
        `long/.git!/${longer}/longer.env:1 ${there}`,
        inBare,
      ].toSorted(),
    );
    expect(outcome.coverage.unexamined).toEqual({});
    const off = await scan(['--dry-run', '--git-history=off', folder]);
    expect(off.found).toEqual(found.filter((place) => !place.includes('!/')));
    expect(off.found).toContain('app/app.env:2 ');
  });
});
