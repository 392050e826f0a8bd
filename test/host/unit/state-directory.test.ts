/** The folder for state: made without a detour, and refused where another user could have a hand in it. */
import {
  chmodSync,
  chownSync,
  existsSync,
  lchownSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect } from '@jest/globals';
import { hostPlatform, openStateDirectory } from '../../../src/host/platform/index.ts';
import { posix, rootUser, testWith } from '../../tool.ts';

const posixTest = testWith(posix);
const rootTest = testWith(rootUser);
const STRANGER = 65_534;

let folder = '';
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'state-')));
});
afterEach(() => rmSync(folder, { recursive: true }));

function at(...names: string[]): string {
  return join(folder, ...names);
}

async function open(path: string, elevated = true): Promise<string> {
  return openStateDirectory({ ...hostPlatform({}), elevated }, path);
}

async function refused(path: string, elevated = true): Promise<string> {
  try {
    await open(path, elevated);
  } catch (error) {
    expect(error).toMatchObject({ kind: 'cannot-write' });
    const message = Error.isError(error) ? error.message : '';
    expect(message).toMatch(/^the state directory .* \(or choose another with --state-dir\)$/);
    expect(message).not.toMatch(/\n|\/proc\/self\/fd/);
    return message;
  }
  throw new Error('it was opened');
}

describe('the state directory', () => {
  posixTest('is made with its parents, for this user alone', async () => {
    expect(await open(at('a', 'b', 'c'))).toBe(at('a', 'b', 'c'));
    for (const path of [at('a'), at('a', 'b'), at('a', 'b', 'c')])
      expect(statSync(path).mode & 0o777).toBe(0o700);
    expect(await open(at('a', 'b', 'c'))).toBe(at('a', 'b', 'c'));
  });

  posixTest.each(['/proc/x', '/proc/x/y', '/proc/self/x', '/sys/x', '/dev/null', '/dev/null/x'])(
    'is refused at once in %s',
    async (path) => {
      const began = performance.now();
      expect(await refused(path)).toMatch(/cannot be made: |is not safe: /);
      expect(performance.now() - began).toBeLessThan(1000);
    },
  );

  posixTest('is refused when it is open to others, or a file', async () => {
    mkdirSync(at('open'), { mode: 0o755 });
    expect(await refused(at('open'))).toContain('is accessible to other users (mode 755)');
    writeFileSync(at('file'), '');
    expect(await refused(at('file'))).toContain('(ENOTDIR)');
  });

  posixTest('may be reached by a link of its own, with and without a slash at the end', async () => {
    mkdirSync(at('real'), { mode: 0o700 });
    symlinkSync('real', at('link'));
    expect(await open(at('link'))).toBe(at('real'));
    expect(await open(`${at('link')}/`)).toBe(at('real'));
    expect(await open(at('link', 'more'))).toBe(at('real', 'more'));
  });

  rootTest.each(['link', 'link/', 'link/.', 'link/below', 'link/../link/'])(
    'is not reached by a link of another user: %s',
    async (path) => {
      mkdirSync(at('real'), { mode: 0o700 });
      symlinkSync('real', at('link'));
      lchownSync(at('link'), STRANGER, STRANGER);
      for (const elevated of [true, false]) {
        expect(await refused(`${folder}/${path}`, elevated)).toContain(
          `${at('link')} is a link of user 65534`,
        );
      }
      expect(existsSync(at('real', 'below'))).toBe(false);
    },
  );

  rootTest('is refused below a folder of another user, or one that others can write to', async () => {
    for (const name of ['theirs', 'shared', 'sticky']) mkdirSync(at(name));
    chownSync(at('theirs'), STRANGER, STRANGER);
    chmodSync(at('shared'), 0o777);
    chmodSync(at('sticky'), 0o1777);
    expect(await refused(at('theirs', 'state'))).toContain(`${at('theirs')} belongs to user 65534`);
    expect(await refused(at('shared', 'state'))).toContain(`${at('shared')} can be written by other users`);
    expect(existsSync(at('shared', 'state'))).toBe(false);
    expect(await open(at('sticky', 'state'))).toBe(at('sticky', 'state'));
    // A user alone decides whom to trust.
    expect(await open(at('shared', 'state'), false)).toBe(at('shared', 'state'));
  });

  posixTest.each(['run.holder', 'state.db-wal', 'state.db-shm', 'state.db-journal'])(
    'is refused when %s in it is a link, has another name or is no file',
    async (name) => {
      const state = await open(at('state'));
      writeFileSync(at('precious'), 'precious');
      for (const [plant, problem] of [
        [() => symlinkSync(at('precious'), join(state, name)), 'is not a regular file'],
        [() => linkSync(at('precious'), join(state, name)), 'has a second name (hard link)'],
        [() => mkdirSync(join(state, name)), 'is not a regular file'],
      ] as const) {
        plant();
        expect(await refused(state)).toContain(`${name} in it ${problem}; remove that`);
        rmSync(join(state, name), { recursive: true });
      }
    },
  );
});
