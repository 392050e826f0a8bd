/** Trees that change while they are scanned, as another user of the machine would change them; and what must not be opened. */
import { spawnSync } from 'node:child_process';
import {
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { type Platform, hostPlatform } from '../../../src/host/platform/index.ts';
import { scanOnce } from '../scan-once.ts';
import { fakePlatform } from '../../fake-platform.ts';
import { plantable } from '../../../fixtures/tokens.ts';
import { linux, rootUser, testWith } from '../../tool.ts';

const kind = 'github-classic-token';
const ours = plantable(kind, '1');
const theirs = plantable(kind, '2');
const testAsRoot = testWith(rootUser);

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A tree to scan, and a folder beside it that is not to be read. */
function newTree(files: Readonly<Record<string, string>>) {
  const folder = mkdtempSync(join(tmpdir(), 'hostile-'));
  folders.push(folder);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return { root: join(folder, 'root'), at: (name: string) => join(folder, name) };
}

async function scan(root: string, platform: Platform = hostPlatform({})) {
  const outcome = await scanOnce({ roots: [root] }, { platform });
  const { skipped, unexamined, files } = outcome.coverage;
  return {
    found: outcome.findings.map(({ path }) => path),
    skipped,
    unexamined,
    files,
    coverage: outcome.coverage,
  };
}

/** The machine, on which something happens as soon as a folder of this name has been listed. */
function afterListing(name: string, action: () => void): Platform {
  const host = hostPlatform({});
  // Before the walk, it is checked that the root can be read.
  let calls = name === '/root' ? -1 : 0;
  return {
    ...host,
    fs: {
      ...host.fs,
      list: (folder, isSmall) => {
        const entries = [...host.fs.list(folder, isSmall)];
        if (folder.path.endsWith(name)) calls += 1;
        if (folder.path.endsWith(name) && calls === 1) action();
        return entries;
      },
    },
  };
}

/** A special file in place of whatever is there. */
function special(path: string, ...how: string[]): void {
  rmSync(path, { force: true });
  expect(spawnSync('mknod', [path, ...how]).status).toBe(0);
}

function swapForLink(path: string, target: string): void {
  renameSync(path, `${path}.was`);
  symlinkSync(target, path);
}

testWith(linux)(
  'a name that is not Unicode is a gap, even beside a file or folder whose name looks the same',
  async () => {
    const { root, at } = newTree({ 'root/passw\uFFFDrter.ini': ours, 'root/d\uFFFD/a.txt': theirs });
    const bytes = (name: string) => Buffer.concat([Buffer.from(`${root}/`), Buffer.from(name, 'latin1')]);
    writeFileSync(bytes('passw\xf6rter.ini'), 'x');
    mkdirSync(bytes('d\xf6'));
    const { found, unexamined, files, coverage } = await scan(root);
    expect(found.toSorted()).toEqual([at('root/d\uFFFD/a.txt'), at('root/passw\uFFFDrter.ini')]);
    expect(unexamined).toEqual({ 'name-not-unicode': 2 });
    expect([files, coverage.folders]).toEqual([2, 2]);
  },
);

describe('a folder that is exchanged for a link', () => {
  test('once it was listed: its own files are read, and nothing else', async () => {
    const { root, at } = newTree({ 'root/d/a.txt': ours, 'secret/a.txt': theirs, 'secret/b.txt': theirs });
    const { found, coverage } = await scan(
      root,
      afterListing('/d', () => swapForLink(at('root/d'), at('secret'))),
    );
    expect(found).toEqual([at('root/d/a.txt')]);
    expect(coverage).toMatchObject({ files: 1, folders: 2, unexamined: {} });
  });

  test.each([
    ['before it is opened', 'root/d'],
    ['above one that is opened', 'root'],
  ])('%s: is a gap', async (_, exchanged) => {
    const { root, at } = newTree({ 'root/d/a.txt': 'x', 'secret/a.txt': theirs, 'secret/d/a.txt': theirs });
    const result = await scan(
      root,
      afterListing('/root', () => swapForLink(at(exchanged), at('secret'))),
    );
    expect(result.found).toEqual([]);
    expect(result.unexamined).toEqual({ 'replaced-by-link': 1 });
  });

  test('and with another folder of its name: is the new folder', async () => {
    const { root, at } = newTree({ 'root/c/d/a.txt': 'x', 'aside/d/a.txt': ours });
    const result = await scan(
      root,
      afterListing('/c', () => {
        renameSync(at('root/c'), at('moved'));
        renameSync(at('aside'), at('root/c'));
      }),
    );
    expect(result.found).toEqual([at('root/c/d/a.txt')]);
    expect(result.unexamined).toEqual({});
  });
});

describe('a file that was listed and is exchanged', () => {
  const exchange = (action: (path: string) => void) => {
    const { root, at } = newTree({ 'root/a.txt': 'x', 'secret/a.txt': theirs });
    return scan(
      root,
      afterListing('/root', () => {
        rmSync(at('root/a.txt'));
        action(at('root/a.txt'));
      }),
    );
  };

  test('for a link: is a gap', async () => {
    const result = await exchange((path) => symlinkSync(join(dirname(path), '..', 'secret', 'a.txt'), path));
    expect(result).toMatchObject({ found: [], files: 0, unexamined: { 'replaced-by-link': 1 } });
  });

  test('for a pipe: is not read', async () => {
    const result = await exchange((path) => special(path, 'p'));
    expect(result).toMatchObject({ files: 0, skipped: { 'special-file': 1 }, unexamined: {} });
  });

  test('for a socket: is not read', async () => {
    const result = await exchange((path) => {
      const python = `import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])`;
      expect(spawnSync('python3', ['-c', python, path]).status).toBe(0);
    });
    expect(result).toMatchObject({ files: 0, skipped: { 'special-file': 1 }, unexamined: {} });
  });

  testAsRoot('for a device: is not read', async () => {
    const result = await exchange((path) => special(path, 'c', '1', '5'));
    expect(result).toMatchObject({ files: 0, skipped: { 'special-file': 1 }, unexamined: {} });
  });

  test('for a folder: is a gap', async () => {
    const result = await exchange((path) => mkdirSync(path));
    expect(result).toMatchObject({ files: 0, unexamined: { vanished: 1 } });
  });
});

describe('anything but a regular file', () => {
  test('in a tree is counted, whatever its kind', async () => {
    const { root, at } = newTree({ 'root/a.txt': ours });
    special(at('root/pipe'), 'p');
    if (rootUser.isMet) special(at('root/zero'), 'c', '1', '5');
    const { files, skipped } = await scan(root);
    expect({ files, skipped }).toEqual({ files: 1, skipped: { 'special-file': rootUser.isMet ? 2 : 1 } });
  });

  test('as a root is refused', async () => {
    const { at } = newTree({ 'root/a.txt': 'x' });
    special(at('pipe'), 'p');
    await expect(scan(at('pipe'))).rejects.toMatchObject({
      kind: 'no-root',
      message: expect.stringContaining(`${at('pipe')} is a device, pipe or socket; correct the path`),
    });
  });
});

describe('a root that is a link, or below one', () => {
  test('of the current user is scanned, under the name that was given', async () => {
    const { at } = newTree({ 'real/sub/d/a.txt': ours, 'real/sub/b.txt': ours });
    symlinkSync(at('real'), at('link'));
    expect((await scan(at('link/sub'))).found.sort()).toEqual([at('link/sub/b.txt'), at('link/sub/d/a.txt')]);
    expect((await scan(at('link/sub/b.txt'))).found).toEqual([at('link/sub/b.txt')]);
  });

  test('of the current user is followed: a folder under the name of the link, a file under its own', async () => {
    const { at } = newTree({ 'real/sub/a.txt': ours, 'real/b.txt': theirs });
    symlinkSync(at('real/sub'), at('link'));
    symlinkSync('b.txt', at('real/link.txt'));
    symlinkSync('real/link.txt', at('second.txt'));
    expect((await scan(at('link'))).found).toEqual([at('link/a.txt')]);
    expect((await scan(at('link/'))).found).toEqual([at('link/a.txt')]);
    expect((await scan(at('second.txt'))).found).toEqual([at('real/b.txt')]);
    // Below the root, no link is followed; what is named twice is scanned once.
    const { findings, coverage } = await scanOnce({ roots: [at('real'), at('link'), at('second.txt')] });
    expect(findings.map(({ path }) => path).sort()).toEqual([at('real/b.txt'), at('real/sub/a.txt')]);
    expect(coverage.skipped).toEqual({ link: 1 });
  });

  test('that leads nowhere, or to itself, is refused', async () => {
    const { at } = newTree({ 'root/a.txt': ours });
    symlinkSync('nothing', at('root/dangling'));
    symlinkSync('loop', at('root/loop'));
    await expect(scan(at('root/dangling'))).rejects.toMatchObject({ kind: 'no-root' });
    await expect(scan(at('root/loop'))).rejects.toThrow('too many links');
  });

  testAsRoot('of another user is refused', async () => {
    const { at } = newTree({ 'real/sub/a.txt': theirs });
    symlinkSync(at('real'), at('link'));
    symlinkSync(at('real/sub/a.txt'), at('link.txt'));
    spawnSync('chown', ['-h', '65534', at('link'), at('link.txt')]);
    chownSync(at('real'), 0, 0);
    for (const root of ['link', 'link/sub', 'link.txt']) {
      await expect(scan(at(root))).rejects.toThrow('is a link of user 65534, who could let it lead anywhere');
    }
    const allowed = { roots: [at('link'), at('real')], allowMissingRoots: true };
    expect((await scanOnce(allowed)).coverage).toMatchObject({
      files: 1,
      unexamined: { 'root-is-a-link': 1 },
    });
  });
});

describe('a file whose content is not on this machine', () => {
  test('is not read: it has a size and no blocks', async () => {
    const { root, at } = newTree({ 'root/a.txt': ours, 'root/away.txt': '', 'root/empty': '' });
    truncateSync(at('root/away.txt'), 1_000_000);
    const { files, skipped, coverage } = await scan(root);
    expect({ files, skipped }).toEqual({ files: 2, skipped: { 'not-on-this-machine': 1 } });
    expect(coverage.bytes).toBe(ours.length);
  });

  test('may have holes, and is read then', async () => {
    const { root, at } = newTree({ 'root/a.txt': `${ours}\n`.repeat(300) });
    truncateSync(at('root/a.txt'), 1_000_000);
    expect(await scan(root)).toMatchObject({ files: 1, skipped: {} });
  });

  test.each([
    ['macOS', '/Users/ann/Library/CloudStorage/OneDrive/a.txt', '/Users/ann'],
    ['windows', 'C:\\Users\\ann\\OneDrive\\a.txt', 'C:\\Users\\ann'],
  ] as const)('is not opened on %s', async (os, path, root) => {
    const fake = fakePlatform(os, { [path]: 'x'.repeat(5000) });
    const attempts: string[] = [];
    const away = {
      ...fake,
      fs: {
        ...fake.fs,
        status: (place: string) => ({ ...fake.fs.status(place), blocks: 0 }),
        open: (place: string) => {
          attempts.push(place);
          return fake.fs.open(place);
        },
      },
    };
    expect(await scan(root, away)).toMatchObject({ files: 0, skipped: { 'not-on-this-machine': 1 } });
    expect(attempts).toEqual([]);
  });

  test('may have an iCloud placeholder', async () => {
    const stub = { '/Users/ann/.notes.txt.icloud': 'bplist00' };
    const result = await scan('/Users/ann', fakePlatform('macOS', stub));
    expect(result).toMatchObject({ files: 0, skipped: { 'not-on-this-machine': 1 } });
    expect((await scan('/Users/ann', fakePlatform('linux', stub))).files).toBe(1);
  });
});

test('no descriptor is left open', async () => {
  const { root } = newTree({ 'root/a/b/c/a.txt': ours, 'root/a/d/e.txt': 'x' });
  await scan(root);
  const before = readdirSync('/proc/self/fd').length;
  await scan(root);
  expect(readdirSync('/proc/self/fd').length).toBe(before);
});
