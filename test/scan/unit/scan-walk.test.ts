/** Roots, excludes, mounts and errors, on the systems that the tests do not run on too. */
import { describe, expect, test } from '@jest/globals';
import { TaskError } from '../../../src/host/exit/task-error.ts';
import { MountTable, type Platform } from '../../../src/host/platform/index.ts';
import { CoverageRecorder } from '../../../src/scan/model/coverage.ts';
import { WorkStack } from '../../../src/scan/threads/work-stack.ts';
import { compileExcludes, enter, findRoots, unusableRoots, walk } from '../../../src/scan/walk/index.ts';
import { type FakeEntry, fakePlatform } from '../../fake-platform.ts';
import { plantable } from '../../../fixtures/tokens.ts';

const recorder = () =>
  new CoverageRecorder(
    () => undefined,
    (text) => text,
  );

function walked(
  platform: Platform,
  named: readonly string[],
  globs: readonly string[] = [],
  isCancelled = () => false,
) {
  const coverage = recorder();
  const excludes = compileExcludes(globs, platform);
  const mounts = new MountTable(platform);
  const { roots, unusable } = findRoots(named, platform, mounts, coverage);
  const waiting = new WorkStack();
  const options = {
    platform,
    mounts,
    excludes,
    coverage,
    isCancelled,
    shard: undefined,
    memory: undefined,
    visitedSeparately: new Set<string>(),
    onUnfinished: () => undefined,
  };
  const met = [...enter(roots, waiting, options), ...walk(waiting, options)];
  const files = met.flatMap((step) => (step.kind === 'file' ? [step.path] : [])).sort();
  const { skipped, unexamined, gaps, folders } = coverage.outcome();
  const reasons = Object.fromEntries(unusable.map(({ path, reason }) => [path, reason]));
  return {
    roots: roots.map(({ path }) => path),
    unusable: reasons,
    files,
    skipped,
    unexamined,
    gaps,
    folders,
  };
}

describe('roots', () => {
  const linux = fakePlatform('linux', {
    '/a/one': '',
    '/a/b/two': '',
    '/ab/three': '',
    '/a/..odd/four': '',
    '/link': { kind: 'link' },
    '/pipe': { kind: 'pipe' },
  });

  test('are made absolute, and those within others are dropped', () => {
    expect(walked(linux, ['/a/b/', '/a/./b/../', '/a', '/ab', '/a/one', '/a/..odd']).roots).toEqual([
      '/a',
      '/ab',
    ]);
    expect(walked(linux, ['/a/one', '/a/one', '/a/b/two']).files).toEqual(['/a/b/two', '/a/one']);
    expect(walked(linux, ['/']).files).toHaveLength(4);
  });

  test('that cannot be scanned are told apart', () => {
    const locked = { '/a/one': '', '/locked/': { error: 'EACCES' }, '/closed': { error: 'EACCES' } } as const;
    const machine = fakePlatform('linux', {
      ...locked,
      '/link': { kind: 'link' },
      '/pipe': { kind: 'pipe' },
    });
    expect(walked(machine, ['/a', '/a/missing', '/link', '/pipe', '/locked', '/closed'])).toMatchObject({
      roots: ['/a'],
      unusable: {
        '/a/missing': 'root-missing',
        '/link': 'root-is-a-link',
        '/pipe': 'root-is-no-file',
        '/locked': 'root-unreadable',
        '/closed': 'root-unreadable',
      },
    });
  });

  test('that cannot be scanned are named by the error, up to a number', () => {
    const { unusable } = findRoots(
      ['/none', '/pipe', '/2', '/3', '/4'],
      linux,
      new MountTable(linux),
      recorder(),
    );
    expect(unusableRoots(unusable).message).toBe(
      '/none does not exist, /pipe is a device, pipe or socket, /2 does not exist, and 2 more cannot be scanned; ' +
        'correct the paths, or give --allow-missing-roots to continue without them',
    );
  });

  test('default to what the system has', () => {
    const files = { '/home/ann/x': '', '/home/bob/y': '', '/etc/z': '', '/var/lib/w': '', '/etc/passwd': '' };
    expect(walked(fakePlatform('linux', files), []).files).toEqual([
      '/etc/passwd',
      '/etc/z',
      '/home/ann/x',
      '/home/bob/y',
    ]);
    expect(walked(fakePlatform('linux', { '/x/y': '' }), [])).toMatchObject({ roots: [], unusable: {} });
  });

  test('on Windows: drives, shares, capitals', () => {
    const windows = fakePlatform('windows', {
      'C:\\Users\\Ann\\a.txt': '',
      'C:\\Users\\Bob\\b.txt': '',
      'D:\\data\\c.txt': '',
      '\\\\server\\share\\d.txt': '',
    });
    expect(walked(windows, ['C:\\Users', 'c:\\users\\ANN', 'C:/Users/Bob/', 'D:\\']).roots).toEqual([
      'C:\\Users',
      'D:\\',
    ]);
    expect(walked(windows, ['\\\\server\\share\\', 'D:\\data']).files).toEqual([
      'D:\\data\\c.txt',
      '\\\\server\\share\\d.txt',
    ]);
    expect(walked(windows, []).files).toEqual(['C:\\Users\\Ann\\a.txt', 'C:\\Users\\Bob\\b.txt']);
  });
});

describe('excludes', () => {
  const names = [
    '/r/a.log',
    '/r/sub/b.log',
    '/r/.git/config',
    '/r/sub/node_modules/x.js',
    '/r/sub/deep/keep.txt',
  ];
  const linux = fakePlatform('linux', Object.fromEntries(names.map((name) => [name, ''])));

  test.each([
    [[], names],
    [['*.log'], names.filter((name) => !name.endsWith('.log'))],
    [['/r/*.log'], names.filter((name) => name !== '/r/a.log')],
    [['sub/*.log'], names.filter((name) => name !== '/r/sub/b.log')],
    [['node_modules'], names.filter((name) => !name.includes('node_modules'))],
    [['**/node_modules/**'], names.filter((name) => !name.includes('node_modules'))],
    [['.git', 'deep'], names.filter((name) => !/git|deep/.test(name))],
    [['/r/sub'], names.filter((name) => !name.startsWith('/r/sub'))],
    [['sub/**/*.txt'], names.filter((name) => !name.endsWith('.txt'))],
    [['*.{log,js}'], names.filter((name) => !/log|js/.test(name.slice(-3)))],
    [['/R/**', 'SUB'], names],
  ])('%j', (globs, kept) => {
    expect(walked(linux, ['/r'], globs).files).toEqual([...kept].sort());
  });

  test('on Windows, with forward slashes and whatever capitals', () => {
    const windows = fakePlatform('windows', { 'C:\\Users\\Ann\\AppData\\x': '', 'C:\\Users\\Ann\\y': '' });
    for (const glob of ['C:/Users/*/AppData', 'c:/users/*/appdata/**', 'appdata', '*/AppData/**']) {
      expect(walked(windows, ['C:\\Users'], [glob]).files).toEqual(['C:\\Users\\Ann\\y']);
    }
  });

  test('an excluded folder is not opened, and is counted', () => {
    const closed = fakePlatform('linux', { '/r/secret/': { error: 'EIO' }, '/r/x': '' });
    expect(walked(closed, ['/r'], ['secret'])).toMatchObject({ unexamined: {}, skipped: { excluded: 1 } });
  });

  test('an invalid glob is a configuration error', () => {
    expect(() => compileExcludes([''], linux)).toThrow(TaskError);
  });
});

describe('the walk', () => {
  test('leaves out links and special files, and survives folders that cannot be read', () => {
    const entries: Record<string, FakeEntry> = {
      '/r/file': '',
      '/r/link': { kind: 'link' },
      '/r/pipe': { kind: 'pipe' },
      '/r/closed/': { error: 'EACCES' },
      '/r/gone/': { error: 'ENOENT' },
      '/r/broken/': { error: 'EIO' },
      '/r/swapped/': { error: 'ELOOP' },
    };
    expect(walked(fakePlatform('linux', entries), ['/r'])).toEqual({
      roots: ['/r'],
      unusable: {},
      files: ['/r/file'],
      folders: 1,
      skipped: { link: 1, 'special-file': 1 },
      unexamined: { 'permission-denied': 1, vanished: 1, 'read-error': 1, 'replaced-by-link': 1 },
      gaps: expect.arrayContaining([{ path: '/r/closed', reason: 'permission-denied' }]),
    });
  });

  const mountinfo = [
    '21 1 0:20 / / rw - ext4 /dev/sda1 rw',
    '22 21 0:21 / /proc rw,nosuid - proc proc rw',
    String.raw`23 21 0:22 / /mnt/team\040share rw - nfs4 server:/x rw`,
  ].join('\n');
  const mounted = fakePlatform('linux', {
    '/proc/self/mountinfo': mountinfo,
    '/proc/1/environ': 'x',
    '/mnt/team share/a/b': '',
    '/mnt/local': '',
  });

  test('does not enter pseudo file systems and network mounts', () => {
    expect(walked(mounted, ['/'])).toMatchObject({
      files: ['/mnt/local'],
      skipped: { 'pseudo-file-system': 1, 'network-file-system': 1 },
    });
  });

  test('scans a network mount that is named, never a pseudo file system', () => {
    expect(walked(mounted, ['/mnt/team share', '/proc/1'])).toMatchObject({
      files: ['/mnt/team share/a/b'],
      unusable: { '/proc/1': 'root-on-pseudo-file-system' },
    });
    expect(walked(mounted, ['/mnt/team share/a']).files).toEqual(['/mnt/team share/a/b']);
  });

  const table = (...mounts: readonly [point: string, type: string][]) =>
    mounts.map(([point, type], id) => `${id} 0 0:${id} / ${point} rw - ${type} source rw`).join('\n');

  test.each([
    ['fuse', 'unknown-file-system'],
    ['fuse.anything', 'unknown-file-system'],
    ['fuseblk', 'unknown-file-system'],
    ['newfs', 'unknown-file-system'],
    ['fuse.sshfs', 'network-file-system'],
    ['cifs', 'network-file-system'],
    ['autofs', 'pseudo-file-system'],
    ['ext4', undefined],
    ['tmpfs', undefined],
    ['overlay', undefined],
  ])('enters only what is local and served by the kernel: %s', (type, reason) => {
    const platform = fakePlatform('linux', {
      '/proc/self/mountinfo': table(['/', 'ext4'], ['/r/m', type]),
      '/r/a': '',
      '/r/m/b': '',
    });
    const { files, skipped } = walked(platform, ['/r']);
    expect({ files, skipped }).toEqual(
      reason === undefined
        ? { files: ['/r/a', '/r/m/b'], skipped: {} }
        : { files: ['/r/a'], skipped: { [reason]: 1 } },
    );
  });

  test('goes by the last mount at a place, and by the nearest one above a root', () => {
    const platform = fakePlatform('linux', {
      '/proc/self/mountinfo': table(
        ['/', 'fuse.overlay'],
        ['/r/boot', 'autofs'],
        ['/r/boot', 'vfat'],
        ['/home', 'autofs'],
        ['/home/ann', 'nfs4'],
      ),
      '/r/boot/a': '',
      '/home/ann/b': '',
      '/home/bob/c': '',
    });
    expect(walked(platform, ['/r', '/home/ann', '/home/bob'])).toMatchObject({
      files: ['/home/ann/b', '/r/boot/a'],
      unusable: { '/home/bob': 'root-on-pseudo-file-system' },
    });
  });

  test('does not access automounts and network homes by default', () => {
    const fake = fakePlatform('linux', {
      '/proc/self/mountinfo': table(['/', 'ext4'], ['/home', 'autofs'], ['/srv', 'nfs4']),
      '/etc/passwd': 'ann:x:1000:1000::/home/ann:/bin/sh\nbob:x:1001:1001::/srv/bob:/bin/sh',
      '/home/ann/a': '',
      '/srv/bob/b': '',
    });
    const touched: string[] = [];
    const status = (path: string) => {
      touched.push(path);
      return fake.fs.status(path);
    };
    const { files, skipped } = walked({ ...fake, fs: { ...fake.fs, status } }, []);
    expect(files).toEqual(['/etc/passwd']);
    expect(skipped).toEqual({ 'pseudo-file-system': 1, 'network-file-system': 2 });
    expect(touched.filter((path) => /^\/(?:home|srv)/.test(path))).toEqual([]);
  });

  test('does not enter what is mounted while it walks', () => {
    let time = 0;
    let mounts = table(['/', 'ext4']);
    const fake = fakePlatform('linux', { '/r/a': '', '/r/m/b': '' });
    const platform: Platform = {
      ...fake,
      clock: { now: () => time, monotonic: () => time },
      fs: {
        ...fake.fs,
        readText: () => mounts,
        list: (folder) => {
          mounts = table(['/', 'ext4'], ['/r/m', 'fuse.evil']);
          time += 1000;
          return fake.fs.list(folder);
        },
      },
    };
    const { files, skipped } = walked(platform, ['/r']);
    expect({ files, skipped }).toEqual({ files: ['/r/a'], skipped: { 'unknown-file-system': 1 } });
  });

  test.each([
    ['ext4', ['/r/a'], { 'unknown-file-system': 1 }],
    ['btrfs', ['/r/a', '/r/m/b'], {}],
  ] as const)(
    'enters a device that is in no table only where one mount has several: %s',
    (type, expected, left) => {
      const fake = fakePlatform('linux', {
        '/proc/self/mountinfo': table(['/', type]),
        '/r/a': '',
        '/r/m/b': '',
      });
      const folderWalk = () => {
        const walk = fake.fs.folderWalk();
        return {
          ...walk,
          open: (path: string) => {
            const folder = walk.open(path);
            return path === '/r/m' ? { ...folder, status: { ...folder.status, dev: 77 } } : folder;
          },
        };
      };
      const { files, skipped } = walked({ ...fake, fs: { ...fake.fs, folderWalk } }, ['/r']);
      expect({ files, skipped }).toEqual({ files: expected, skipped: left });
    },
  );

  test('when time is up, the remaining work becomes gaps', () => {
    const tree = fakePlatform('linux', { '/r/a': '', '/r/b/c': '', '/r/d/e': '', '/s/f': '' });
    let asked = 0;
    const { files, unexamined } = walked(tree, ['/r', '/s'], [], () => (asked += 1) > 4);
    expect(files).toEqual(['/r/a']);
    expect(unexamined).toEqual({ 'stopped-early': 3 });
  });

  test('a folder of a million levels would do: it does not recurse', () => {
    const deep = `/r${'/d'.repeat(5000)}/x`;
    expect(walked(fakePlatform('linux', { [deep]: '' }), ['/r']).files).toEqual([deep]);
  });

  test('counts go on where the list ends, and paths are redacted', () => {
    const coverage = new CoverageRecorder(
      () => undefined,
      (text) => text.replace(/ghp_\w+/, '[redacted]'),
    );
    for (let count = 0; count < 1500; count += 1)
      coverage.gap(`/${plantable('github-classic-token')}`, 'vanished');
    const { unexamined, gaps } = coverage.outcome();
    expect(unexamined).toEqual({ vanished: 1500 });
    expect(gaps).toHaveLength(1000);
    expect(gaps[0]).toEqual({ path: '/[redacted]', reason: 'vanished' });
  });

  test('names that are not UTF-8 are reported as such', () => {
    const coverage = recorder();
    coverage.failed('/r/caf\uFFFD', Object.assign(new Error('x'), { code: 'ENOENT' }));
    expect(coverage.outcome().unexamined).toEqual({ 'name-not-unicode': 1 });
  });
});
