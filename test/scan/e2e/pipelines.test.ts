/** The hooks and templates for pipelines: their own text, run as the tools run it. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { planted } from '../../../fixtures/tokens.ts';
import { installed, posix, testWith } from '../../tool.ts';
import { cleanUp, newFolder, pathWithScanner } from '../scanner-under-test.ts';

afterAll(cleanUp);

const folder = newFolder('pipelines');
const at = (name: string) => join(folder, name);
const templates = 'examples/pipelines';
const textOf = (path: string) => readFileSync(path, 'utf8');
const hook = 'secrets-scan --staged --fail-on=low';
const pushHook = 'secrets-scan --commits=- --pushed-to={1} --fail-on=low';

const env = {
  HOME: folder,
  PATH: pathWithScanner(at('bin')),
  CI_PROJECT_DIR: at('project'),
};
mkdirSync(at('project'));
writeFileSync(at('project/config.txt'), planted('github-classic-token'));

/** Runs a script as the runners of GitHub and GitLab do. */
function runScript(script: string, more: Readonly<Record<string, string>>) {
  const args = ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script];
  return spawnSync('bash', args, { cwd: at('project'), env: { ...env, ...more }, encoding: 'utf8' });
}

test('all hooks run the same command', () => {
  expect(textOf('.pre-commit-hooks.yaml')).toContain(`  entry: ${hook}\n`);
  expect(textOf(`${templates}/lefthook.yml`).match(/^ +run: .*/gm)).toEqual([
    `      run: ${hook}`,
    `      run: ${hook}`,
    `      run: ${pushHook}`,
  ]);
});

testWith(posix, installed('git'))('the hook blocks a commit that adds a secret, and no other', () => {
  const repository = at('repository');
  execFileSync('git', ['init', '--quiet', repository]);
  spawnSync(at('bin/secrets-scan'), ['hook', 'install'], { cwd: repository, env });
  const git = (...args: readonly string[]) =>
    spawnSync('git', ['-c', 'user.name=x', '-c', 'user.email=x@example.org', ...args], {
      cwd: repository,
      env,
      encoding: 'utf8',
    });
  const commit = (text: string, ...args: readonly string[]) => {
    writeFileSync(join(repository, 'config.txt'), text);
    return git('commit', '--message=text', ...args);
  };
  writeFileSync(join(repository, 'other.txt'), 'staged from the start');
  git('add', '.');
  expect(commit('no secret', 'other.txt').status).toBe(0);
  git('add', '--intent-to-add', '.');
  // Git then has a temporary index, which it names to the hook.
  const blocked = commit(planted('github-classic-token'), '--only', 'config.txt');
  expect(blocked.status).toBe(1);
  expect(blocked.stdout + blocked.stderr).toMatch(/config\.txt/);
  expect(commit(planted('github-classic-token'), '--all').status).toBe(1);
  expect(commit('no secret', '--all').status).toBe(0);
  // What pre-commit runs for a push: it names the commits in variables.
  const [, entry = ''] = /^ {2}entry: >-\n((?: {4}.*\n)+)/m.exec(textOf('.pre-commit-hooks.yaml')) ?? [];
  const push = (pushed: Readonly<Record<string, string>>) =>
    spawnSync('sh', ['-c', entry.replaceAll(/\s+/g, ' ')], { cwd: repository, env: { ...env, ...pushed } })
      .status;
  commit(planted('github-classic-token'), '--all', '--no-verify');
  commit('no secret', '--all');
  expect(push({ PRE_COMMIT_LOCAL_BRANCH: 'HEAD', PRE_COMMIT_REMOTE_NAME: 'origin' })).toBe(10);
  expect(push({ PRE_COMMIT_TO_REF: 'HEAD~2', PRE_COMMIT_REMOTE_NAME: 'origin' })).toBe(0);
});

testWith(posix, installed('bash'))('the action scans, reports, and takes no input for a command', () => {
  const text = textOf(`${templates}/github-action/action.yml`);
  const [, script = ''] = /^ {6}run: \|\n((?: {8}.*\n)+)/m.exec(text) ?? [];
  // Every input has a variable, and the script contains no expression.
  const inputs =
    text.slice(text.indexOf('inputs:'), text.indexOf('outputs:')).match(/^ {2}[a-z-]+(?=:$)/gm) ?? [];
  for (const input of inputs) expect(text).toContain(`: \${{ inputs.${input.trim()} }}\n`);
  expect(script).not.toContain('${{');
  const runner = { RUNNER_TEMP: folder, GITHUB_OUTPUT: at('output'), GITHUB_STEP_SUMMARY: at('summary') };
  const defaults = { INPUT_PATHS: '.', INPUT_FAIL_ON: 'low', INPUT_SARIF: 'secrets-scan.sarif' };
  expect(runScript(script, { ...runner, ...defaults }).status).toBe(10);
  expect(textOf(at('output'))).toBe('sarif=secrets-scan.sarif\n');
  expect(textOf(at('summary'))).toContain('config.txt');
  expect(JSON.parse(textOf(at('project/secrets-scan.sarif')))).toMatchObject({
    runs: [{ results: [{ ruleId: 'github-classic-token' }] }],
  });
  writeFileSync(at('list'), './config.txt:* # known\n');
  const accepted = { ...runner, ...defaults, INPUT_IGNORE_LIST: at('list') };
  expect(runScript(script, accepted).status).toBe(0);
  const hostile = { ...accepted, INPUT_PATHS: `.\n$(touch '${at('executed')}')\n` };
  runScript(script, hostile);
  expect(existsSync(at('executed'))).toBe(false);
});

testWith(posix, installed('bash'))('the template for GitLab writes the report that it publishes', () => {
  const text = textOf(`${templates}/gitlab/secrets-scan.gitlab-ci.yml`);
  const [, script = ''] = /^ {4}- (.*)$/m.exec(text) ?? [];
  const variables = Object.fromEntries(
    Array.from(text.matchAll(/^ {4}(SECRETS_SCAN_\w+): (.*)$/gm), ([, name = '', value = '']) => [
      name,
      value,
    ]),
  );
  expect(runScript(script, variables).status).toBe(10);
  const [, report = ''] = /secret_detection: (.*)/.exec(text) ?? [];
  expect(JSON.parse(textOf(resolve(at('project'), report)))).toMatchObject({
    vulnerabilities: [{ location: { file: 'config.txt' } }],
  });
});

testWith(posix, installed('bash'))('the examples for other services write the report that they show', () => {
  for (const name of ['circleci', 'azure-pipelines', 'bitbucket-pipelines']) {
    const text = textOf(`${templates}/${name}.yml`);
    const [script = ''] = /secrets-scan --dry-run .*/.exec(text) ?? [];
    const [, report = ''] = /--report=junit:(\S+)/.exec(script) ?? [];
    expect(text.split(report).length).toBeGreaterThanOrEqual(name === 'bitbucket-pipelines' ? 2 : 3);
    expect(runScript(`mkdir -p test-results; ${script}`, {}).status).toBe(10);
    expect(textOf(join(at('project'), report))).toContain('<failure');
  }
});
