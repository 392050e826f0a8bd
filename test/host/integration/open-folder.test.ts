/** Folders are opened where they are named, and links on the way are followed only if they belong to root or to the current user. */
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  NotPassed,
  isLinkInPath,
  newFolderWalk,
  openFolder,
  withoutLinks,
} from '../../../src/host/platform/index.ts';
import { linux, rootUser, testWith } from '../../tool.ts';

const top = realpathSync(mkdtempSync(join(tmpdir(), 'folders-')));
const at = (name: string) => join(top, name);
afterAll(() => rmSync(top, { recursive: true }));
beforeEach(() => {
  for (const name of ['a', 'b', 'link', 'file']) rmSync(at(name), { recursive: true, force: true });
  mkdirSync(at('a/d'), { recursive: true });
  mkdirSync(at('b/d'), { recursive: true });
  writeFileSync(at('file'), '');
});

function thrownBy(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  return undefined;
}

describe.each([
  ['openFolder', (path: string) => openFolder(path)],
  [
    'a walk',
    (path: string) => {
      const walk = newFolderWalk();
      return { ...walk.open(path), close: () => walk.close() };
    },
  ],
])('%s', (_, open) => {
  test('leads to the entries of the very folder, wherever it is moved', () => {
    const folder = open(at('a/d'));
    renameSync(at('a/d'), at('a/moved'));
    mkdirSync(at('a/d'));
    writeFileSync(folder.pathOf('new'), '');
    folder.close();
    expect(existsSync(at('a/moved/new'))).toBe(true);
  });

  test('refuses a link, in the last component or above', () => {
    symlinkSync(at('a'), at('link'));
    expect(isLinkInPath(thrownBy(() => open(at('link'))))).toBe(true);
    expect(isLinkInPath(thrownBy(() => open(at('link/d'))))).toBe(true);
  });

  test('says what the system says of what is no folder and of what is not there', () => {
    expect(thrownBy(() => open(at('file')))).toMatchObject({ code: 'ENOTDIR' });
    expect(thrownBy(() => open(at('none')))).toMatchObject({ code: 'ENOENT' });
  });
});

test('a walk notices that a folder above has another in its place', () => {
  const walk = newFolderWalk();
  const before = walk.open(at('a/d')).status.ino;
  renameSync(at('a'), at('c'));
  renameSync(at('b'), at('a'));
  const after = walk.open(at('a/d')).status.ino;
  walk.close();
  rmSync(at('c'), { recursive: true });
  expect(after).not.toBe(before);
});

test('a walk goes deeper than it keeps folders open, and back', () => {
  const deep = Array.from({ length: 200 }, (_, level) => `${level}`);
  mkdirSync(at(join('a', ...deep)), { recursive: true });
  const walk = newFolderWalk();
  for (const level of [...deep.keys(), ...[...deep.keys()].toReversed()]) {
    const path = at(join('a', ...deep.slice(0, level)));
    expect(walk.open(path).path).toBe(path);
  }
  walk.close();
});

testWith(linux)('a walk looks nothing up behind a mount that it may not pass', () => {
  const walk = newFolderWalk();
  const asked: string[] = [];
  const mayPass = (path: string) => asked.push(path) < 0;
  const refusal = thrownBy(() => walk.open('/proc/none/none', mayPass));
  expect(refusal).toBeInstanceOf(NotPassed);
  expect(refusal).toMatchObject({ path: '/proc' });
  expect(asked).toEqual(['/proc']);
  expect(
    walk.open('/proc/self/task'.replace('self', String(process.pid)), () => true).status.isDirectory(),
  ).toBe(true);
  walk.close();
});

describe('a path without links', () => {
  test('follows links of the current user, relative ones and those that lead up too', () => {
    symlinkSync('a/../b', at('link'));
    expect(withoutLinks(at('link/d/none'))).toBe(at('b/d/none'));
  });

  testWith(linux)('takes a time that grows with the depth, not its square', () => {
    const deep = (levels: number) => Array.from({ length: levels }, () => 'e').join('/');
    mkdirSync(at(`a/${deep(1800)}`), { recursive: true });
    const timeOf = (levels: number) => {
      const paths = [at(`a/${deep(levels)}`), at(`a/${deep(levels)}/none/none`)];
      const before = process.cpuUsage();
      for (let turn = 0; turn < 30; turn += 1)
        for (const path of paths) expect(withoutLinks(path)).toBe(path);
      const { user, system } = process.cpuUsage(before);
      return user + system;
    };
    timeOf(180);
    expect(timeOf(1800) / timeOf(180)).toBeLessThan(30);
  });

  test('ends where links lead in a circle', () => {
    symlinkSync(at('link'), at('link'));
    expect(isLinkInPath(thrownBy(() => withoutLinks(at('link/d'))))).toBe(true);
  });

  testWith(rootUser)('follows no link of another user', () => {
    symlinkSync(at('a'), at('link'));
    expect(spawnSync('chown', ['-h', '65534', at('link')]).status).toBe(0);
    expect(String(thrownBy(() => withoutLinks(at('link/d'))))).toContain('user 65534');
  });
});
