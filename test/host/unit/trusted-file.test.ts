/** Files that are read because they were named: none of them hangs or fills the run, and a privileged one trusts few. */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  lchownSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { inputReader } from '../../../src/host/platform/index.ts';
import { posix, rootUser, testWith } from '../../tool.ts';

const posixTest = testWith(posix);
const rootTest = testWith(rootUser);
/** A user who is not trusted: `nobody` nearly everywhere. */
const STRANGER = 65_534;

let folder = '';
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'trusted-')));
});
afterEach(() => rmSync(folder, { recursive: true }));

const readAsUser = inputReader({ elevated: false, allowUntrusted: false });
const readAsRoot = inputReader({ elevated: true, allowUntrusted: false });
const readAnyway = inputReader({ elevated: true, allowUntrusted: true });
const limits = { what: '--thing', maxBytes: 1000 };

function at(...names: string[]): string {
  return join(folder, ...names);
}

async function refused(read: () => Promise<unknown>): Promise<string> {
  try {
    await read();
  } catch (error) {
    expect(error).toMatchObject({ kind: 'config' });
    const message = Error.isError(error) ? error.message : '';
    expect(message).not.toMatch(/\n|\/proc\/self\/fd/);
    return message;
  }
  throw new Error('it was read');
}

describe('any run', () => {
  test('reads a file up to its bound', async () => {
    writeFileSync(at('a'), 'x'.repeat(1000));
    expect(await readAsUser(at('a'), limits)).toHaveLength(1000);
    expect(await readAsRoot(at('a'), limits)).toHaveLength(1000);
    writeFileSync(at('empty'), '');
    expect(await readAsUser(at('empty'), limits)).toHaveLength(0);
  });

  test('refuses a larger file before it reads it, and says the bound', async () => {
    writeFileSync(at('a'), '');
    truncateSync(at('a'), 2 ** 40);
    const mebibytes = { what: '--thing', maxBytes: 8 * 1024 * 1024 };
    expect(await refused(() => readAsUser(at('a'), mebibytes))).toBe(
      `--thing ${at('a')} is larger than 8 MiB, the limit for such a file`,
    );
  });

  test('says what is missing', async () => {
    expect(await refused(() => readAsUser(at('none'), limits))).toBe(
      `--thing ${at('none')} cannot be read: no such file or directory (ENOENT)`,
    );
  });

  posixTest.each([
    '/dev/zero',
    '/dev/null',
    '/dev/tty',
    '/proc/self/mem',
    '/proc/kmsg',
    '/proc/self/pagemap',
    '.',
    '/',
  ])('refuses %s at once', async (path) => {
    for (const read of [readAsUser, readAsRoot]) {
      expect(await refused(() => read(path, limits))).toMatch(
        /^--thing \S+ (is a (folder|device)|is larger than 1000 bytes|cannot be read: )/,
      );
    }
  });

  posixTest('refuses a pipe without waiting for its writer', async () => {
    execFileSync('mkfifo', [at('pipe')]);
    symlinkSync('pipe', at('link'));
    for (const name of ['pipe', 'link']) {
      expect(await refused(() => readAsUser(at(name), limits))).toContain('is a device, pipe or socket');
    }
  });

  posixTest('reads a secret only if no other user can', async () => {
    writeFileSync(at('key'), 'k'.repeat(32), { mode: 0o600 });
    expect(await readAsUser(at('key'), { ...limits, isPrivate: true })).toHaveLength(32);
    chmodSync(at('key'), 0o640);
    expect(await refused(() => readAnyway(at('key'), { ...limits, isPrivate: true }))).toContain('mode 640');
  });
});

describe('a privileged run', () => {
  posixTest.each([
    ['the file', () => chmodSync(at('a', 'b', 'file'), 0o664), 'a/b/file'],
    ['its folder', () => chmodSync(at('a', 'b'), 0o757), 'a/b'],
    ['a folder further up', () => chmodSync(at('a'), 0o775), 'a'],
  ])('refuses what others can write: %s', async (_, spoil, culprit) => {
    mkdirSync(at('a', 'b'), { recursive: true });
    writeFileSync(at('a', 'b', 'file'), 'text');
    expect(String(await readAsRoot(at('a', 'b', 'file'), limits))).toBe('text');
    spoil();
    const said = await refused(() => readAsRoot(at('a', 'b', 'file'), limits));
    expect(said).toContain(
      `is not trusted: ${at(...culprit.split('/'))} can be written by other users (owner `,
    );
    expect(said).toMatch(/mode 0\d{3}.*chmod go-w.*--allow-untrusted-files$/);
    expect(String(await readAsUser(at('a', 'b', 'file'), limits))).toBe('text');
    expect(String(await readAnyway(at('a', 'b', 'file'), limits))).toBe('text');
  });

  rootTest.each(['file', 'folder'])('refuses what belongs to another user: %s', async (what) => {
    mkdirSync(at('d'));
    writeFileSync(at('d', 'file'), 'text');
    chownSync(what === 'file' ? at('d', 'file') : at('d'), STRANGER, STRANGER);
    const said = await refused(() => readAsRoot(at('d', 'file'), limits));
    expect(said).toMatch(
      /belongs to user 65534 \(mode 0\d{3}\).*make root its owner, or give --allow-untrusted-files$/,
    );
    expect(String(await readAnyway(at('d', 'file'), limits))).toBe('text');
  });

  posixTest(
    'takes a sticky folder for what belongs to root or this user, as all of these tests do',
    async () => {
      mkdirSync(at('sticky'));
      chmodSync(at('sticky'), 0o1777);
      writeFileSync(at('sticky', 'file'), 'text');
      expect(String(await readAsRoot(at('sticky', 'file'), limits))).toBe('text');
    },
  );

  rootTest('refuses the entry of another user in a sticky folder', async () => {
    mkdirSync(at('sticky'));
    chmodSync(at('sticky'), 0o1777);
    mkdirSync(at('sticky', 'theirs'));
    writeFileSync(at('sticky', 'theirs', 'file'), 'text');
    chownSync(at('sticky', 'theirs'), STRANGER, STRANGER);
    expect(await refused(() => readAsRoot(at('sticky', 'theirs', 'file'), limits))).toContain(
      'belongs to user 65534',
    );
  });

  posixTest('follows its own links, and checks where they are and where they lead', async () => {
    mkdirSync(at('good'));
    mkdirSync(at('bad'));
    writeFileSync(at('good', 'file'), 'text');
    symlinkSync(at('good'), at('to-good'));
    expect(String(await readAsRoot(at('to-good', 'file'), limits))).toBe('text');
    symlinkSync(at('good', 'file'), at('bad', 'link'));
    chmodSync(at('bad'), 0o777);
    // Others could exchange the link, although its target is out of their reach.
    expect(await refused(() => readAsRoot(at('bad', 'link'), limits))).toContain(
      `${at('bad')} can be written`,
    );
    symlinkSync(at('bad'), at('to-bad'));
    linkSync(at('good', 'file'), at('bad', 'file'));
    expect(await refused(() => readAsRoot(at('to-bad', 'file'), limits))).toContain(
      `${at('bad')} can be written`,
    );
  });

  rootTest.each([true, false])('refuses a link of another user (as its last part: %s)', async (isLast) => {
    mkdirSync(at('good'));
    writeFileSync(at('good', 'file'), 'text');
    symlinkSync(isLast ? at('good', 'file') : at('good'), at('link'));
    lchownSync(at('link'), STRANGER, STRANGER);
    const path = isLast ? at('link') : at('link', 'file');
    expect(await refused(() => readAsRoot(path, limits))).toContain(`${at('link')} is a link of user 65534`);
  });
});
