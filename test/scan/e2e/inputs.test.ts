/** Files that the scanner is given by name: none of them hangs it, and root trusts few of them. */
import { chownSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect } from '@jest/globals';
import { rootUser, testWith } from '../../tool.ts';
import { STRANGER, describeInputs } from '../../host/refuses-inputs.ts';
import { byHand, cleanUp, newFolder } from '../scanner-under-test.ts';

afterEach(cleanUp);

const rootTest = testWith(rootUser);

/** Options that name a file to read. */
const named = ['rules', 'baseline', 'ignore-list', 'fingerprint-key'];

function runWith(option: string, path: string, more: readonly string[] = []) {
  return byHand(['--dry-run', `--${option}=${path}`, ...more, newFolder()]);
}

describeInputs(named, runWith);

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
