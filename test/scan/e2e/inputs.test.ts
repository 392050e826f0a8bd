/** Files that the scanner is given by name: none of them hangs it, and root trusts few of them. */
import { execFileSync } from 'node:child_process';
import { chownSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect } from '@jest/globals';
import { posix, rootUser, testWith } from '../../tool.ts';
import { byHand, cleanUp, newFolder } from '../scanner-under-test.ts';

afterEach(cleanUp);

const posixTest = testWith(posix);
const rootTest = testWith(rootUser);
const STRANGER = 65_534;

/** Options that name a file to read. */
const named = ['rules', 'baseline', 'ignore-list', 'fingerprint-key'];

function runWith(option: string, path: string, more: readonly string[] = []) {
  return byHand(['--dry-run', `--${option}=${path}`, ...more, newFolder()]);
}

describe.each(named)('--%s', (option) => {
  posixTest.each(['/dev/zero', '/proc/self/mem', '/', 'a pipe'])('%s is refused at once', async (place) => {
    let path = place;
    if (place === 'a pipe') {
      path = join(newFolder(), 'pipe');
      execFileSync('mkfifo', [path]);
    }
    const { code, stderr } = await runWith(option, path);
    expect(code).toBe(78);
    expect(stderr).toMatch(/is a (device|folder)|cannot be read|is larger than|may be read|belongs to user/);
  });

  rootTest('of another user is refused by root, unless that is allowed', async () => {
    const path = join(newFolder(), 'input');
    writeFileSync(path, '{}', { mode: 0o600 });
    chownSync(path, STRANGER, STRANGER);
    const { code, stderr } = await runWith(option, path);
    expect(code).toBe(78);
    expect(stderr).toContain(`${path} is not trusted: ${path} belongs to user 65534`);
    expect(stderr).toContain('or give --allow-untrusted-files');
    expect((await runWith(option, path, ['--allow-untrusted-files'])).stderr).not.toContain('is not trusted');
  });
});

describe('--rules', () => {
  rootTest('what it extends is held to the same', async () => {
    const folder = newFolder();
    writeFileSync(join(folder, 'base.toml'), '[[rules]]\nid = "x"\nregex = "x"\n');
    writeFileSync(join(folder, 'rules.toml'), '[extend]\npath = "base.toml"\n');
    expect((await runWith('rules', join(folder, 'rules.toml'))).code).toBe(0);
    chownSync(join(folder, 'base.toml'), STRANGER, STRANGER);
    const { code, stderr } = await runWith('rules', join(folder, 'rules.toml'));
    expect(code).toBe(78);
    expect(stderr).toContain('base.toml belongs to user 65534');
  });
});
