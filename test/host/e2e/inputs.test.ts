/** Files that a run is given by name, and the folders that it writes to: nothing there hangs it, and root trusts few of them. */
import {
  chownSync,
  lchownSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect } from '@jest/globals';
import { posix, rootUser, testWith } from '../../tool.ts';
import { byHand, cleanUp, newFolder } from '../probe-under-test.ts';
import { STRANGER, describeInputs } from '../refuses-inputs.ts';

afterEach(cleanUp);

const posixTest = testWith(posix);
const rootTest = testWith(rootUser);

/** Options that name a file to read, and what must be given with them. */
const named = ['config', 'input', 'ca-file', 'mqtt-password-file'];

/** A run for each option; the last two are read by a run with an agent only. */
function runWith(option: string, path: string, more: readonly string[] = []) {
  const state = newFolder('state');
  const withAgent = option === 'ca-file' || option === 'mqtt-password-file';
  return byHand(
    [
      ...(withAgent
        ? ['--keeper-api-base=https://127.0.0.1:9', '--mqtt-user=job', `--state-dir=${join(state, 's')}`]
        : ['--dry-run']),
      '--agent-timeout=1s',
      `--${option}=${path}`,
      ...more,
    ],
    { env: withAgent ? { KEEPER_JOB_ID: 'job' } : {} },
  );
}

describeInputs(named, runWith);

describe('--allow-untrusted-files', () => {
  rootTest('is a flag or a variable, and no key of the file that it is about', async () => {
    const path = join(newFolder(), 'config.json');
    writeFileSync(path, '{"records": 1}');
    chownSync(path, STRANGER, STRANGER);
    const args = ['--dry-run', `--config=${path}`];
    expect((await byHand(args)).code).toBe(78);
    expect((await byHand([...args, '--allow-untrusted-files'])).code).toBe(0);
    expect((await byHand(args, { env: { PROBE_ALLOW_UNTRUSTED_FILES: '1' } })).code).toBe(0);
    writeFileSync(path, '{"allowUntrustedFiles": true}');
    expect((await byHand(args)).stderr).toContain('is not trusted');
    expect((await byHand([...args, '--allow-untrusted-files'])).stderr).toContain(
      'unknown key "allowUntrustedFiles"',
    );
  });
});

describe('--state-dir', () => {
  posixTest.each(['/proc/x', '/proc/self/x/y', '/sys/x', '/dev/null', '/dev/zero/x'])(
    '%s ends with 73 at once',
    async (path) => {
      const { code, stdout } = await byHand(['--standalone', `--state-dir=${path}`]);
      expect(code).toBe(73);
      expect(stdout).toContain(`the state directory ${path} `);
    },
  );

  rootTest.each(['link', 'link/', 'link/state'])('%s of another user ends with 73', async (place) => {
    const folder = newFolder();
    const victim = newFolder('victim');
    symlinkSync(victim, join(folder, 'link'));
    lchownSync(join(folder, 'link'), STRANGER, STRANGER);
    const { code, stdout } = await byHand(['--standalone', `--state-dir=${folder}/${place}`]);
    expect(code).toBe(73);
    expect(stdout).toContain('is a link of user 65534');
    expect(readdirSync(victim)).toEqual([]);
  });
});

describe('--report', () => {
  rootTest('through the link of another user ends with 73, and overwrites nothing', async () => {
    const home = newFolder();
    const victim = newFolder('victim');
    writeFileSync(join(victim, 'report.json'), 'precious');
    mkdirSync(join(home, 'u'));
    symlinkSync(victim, join(home, 'u', 'link'));
    lchownSync(join(home, 'u', 'link'), STRANGER, STRANGER);
    chownSync(join(home, 'u'), STRANGER, STRANGER);
    const report = join(home, 'u', 'link', 'report.json');
    const { code, stderr } = await byHand(['--dry-run', `--report=${report}`]);
    expect(code).toBe(73);
    expect(stderr).toContain('is a link of user 65534');
    expect(readFileSync(join(victim, 'report.json'), 'utf8')).toBe('precious');
    expect(readdirSync(victim)).toEqual(['report.json']);
  });
});
