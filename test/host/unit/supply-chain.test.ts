/** The checks of what comes from outside: each finds what it is for, and this project passes them. */
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import {
  auditSignatures,
  bundleProblems,
  isAllowed,
  lockProblems,
  readPolicy,
} from '../../../build/supply-chain.ts';

const policy = readPolicy();
const folder = mkdtempSync(join(tmpdir(), 'supply-chain-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('this project has no problems', async () => {
  const lockFile: unknown = JSON.parse(readFileSync('package-lock.json', 'utf8'));
  expect([...lockProblems(lockFile, policy, '.'), ...(await bundleProblems(policy))]).toEqual([]);
});

describe('a lock file', () => {
  const good = { version: '1.0.0', integrity: `sha512-${'A'.repeat(86)}==`, license: 'MIT' };
  const problems = (entry: object, root: object = {}) =>
    lockProblems(
      {
        lockfileVersion: 3,
        packages: { '': root, 'node_modules/a/node_modules/@x/b': { ...good, ...entry } },
      },
      { ...policy, installScripts: ['@x/scripted'] },
      folder,
    ).filter((problem) => !problem.startsWith('@x/scripted: has no install script any more'));

  test.each([
    [{ integrity: undefined }, /no sha512/],
    [{ integrity: 'sha1-AAAAAAAAAAAAAAAAAAAAAAAAAAA=' }, /no sha512/],
    [{ integrity: `sha512-${'A'.repeat(86)}== sha1-x` }, /no sha512/],
    [{ resolved: 'git+ssh://git@example.com/a.git#1' }, /holds an address/],
    [{ resolved: 'https://registry.example.com/b.tgz' }, /holds an address/],
    [{ hasInstallScript: true }, /has an install script/],
    [{ license: 'GPL-3.0-only' }, /licence GPL-3.0-only is not allowed/],
    [{ license: undefined }, /licence missing is not allowed/],
    [{ link: true }, /a link/],
  ])('with %j', (entry, problem) => {
    expect(problems(entry)).toEqual([expect.stringMatching(problem)]);
    expect(problems({})).toEqual([]);
  });

  test.each([
    '^1.0.0',
    'latest',
    'git+https://example.com/a.git',
    'file:../a',
    'https://example.com/a.tgz',
    '*',
  ])('of a project that depends on "%s"', (version) => {
    expect(problems({}, { devDependencies: { a: version } })).toEqual([
      expect.stringContaining('not an exact version'),
    ]);
  });

  test('a permission that nothing needs any more is a problem', () => {
    expect(lockProblems({ lockfileVersion: 3, packages: { '': {} } }, policy, folder)).toHaveLength(
      policy.installScripts.length,
    );
  });
});

test('the bundle holds what is listed, no more and no less', async () => {
  const [first = '', ...rest] = policy.bundle['main'] ?? [];
  const other = {
    ...policy,
    licencesInBundle: ['MIT'],
    bundle: { ...policy.bundle, main: [...rest, 'left-pad'] },
  };
  const problems = await bundleProblems(other);
  expect(problems).toContain(`${first}: is new in the part "main" of the bundle`);
  expect(problems).toContain('left-pad: is not in the part "main" of the bundle any more');
  expect(
    problems.filter((problem) => problem.endsWith('its licence is not allowed in the executable')),
  ).not.toEqual([]);
});

test.each([
  ['MIT', true],
  ['GPL-3.0-only', false],
  ['(MIT OR GPL-3.0-only)', true],
  ['MIT AND GPL-3.0-only', false],
  ['GPL-3.0-only OR MIT AND ISC', true],
  ['(GPL-3.0-only OR MIT) AND ISC', true],
  ['(GPL-3.0-only OR MIT) AND GPL-2.0-only', false],
  ['MIT ISC', false],
  ['(MIT', false],
  ['', false],
  ['SEE LICENSE IN x', false],
  [undefined, false],
])('licence %s: %s', (expression, expected) => {
  expect(isAllowed(expression, ['MIT', 'ISC'])).toBe(expected);
});

describe('signatures', () => {
  /** Something in npm's place. */
  const npm = (script: string) => {
    const path = join(folder, 'npm');
    writeFileSync(path, `#!/bin/sh\n${script}\n`);
    chmodSync(path, 0o755);
    return path;
  };
  test.each([
    ['verified', 'echo "audited 9 packages in 1s"; echo "9 packages have verified registry signatures"'],
    ['unavailable', 'echo "npm error code ENOTFOUND" >&2; exit 1'],
    ['unavailable', 'echo "npm error code E404" >&2; exit 1'],
    ['wrong', 'echo "1 package has an invalid registry signature:"; echo "a@1.0.0"; exit 1'],
    [
      'wrong',
      'echo "1 package has a missing registry signature but the registry is providing signing keys"; exit 1',
    ],
    ['wrong', 'echo "code EINTEGRITYSIGNATURE" >&2; exit 1'],
  ])('%s: %s', (state, script) => {
    expect(auditSignatures(npm(script)).state).toBe(state);
  });
});
