/** How much is read to find the package of a file, and where nothing is read; files of the system's packages. */
import { createHash } from 'node:crypto';
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { hostPlatform } from '../../../src/host/platform/index.ts';
import { originOn } from '../../../src/scan/findings/shipped/shipped.ts';
import { fakePlatform } from '../../fake-platform.ts';
import { layouts } from '../package-layouts.ts';
import { PackageTree, tgz } from '../package-tree.ts';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'shipped-')));
afterAll(() => rmSync(root, { recursive: true }));

function write(path: string, content: string | Buffer): string {
  const place = join(root, path);
  mkdirSync(dirname(place), { recursive: true });
  writeFileSync(place, content);
  return place;
}

test.each([
  ['a key', 'acme 2.0-1'],
  ['my key', undefined],
])('a Debian package: %s', (content, origin) => {
  const sum = createHash('md5').update('a key').digest('hex');
  const originOf = originOn(
    fakePlatform('linux', {
      '/var/lib/dpkg/status':
        'Package: other\nVersion: 1\n\nPackage: acme\nMulti-Arch: same\nArchitecture: amd64\nVersion: 2.0-1\n',
      '/var/lib/dpkg/info/acme:amd64.md5sums': `${sum}  usr/share/acme/key.pem\n`,
      '/usr/share/acme/key.pem': content,
      '/usr/share/acme/other.pem': 'a key',
    }),
  );
  expect(originOf('/usr/share/acme/key.pem')).toBe(origin);
  expect(originOf('/usr/share/acme/other.pem')).toBeUndefined();
});

test('a list beyond the limits is not read: the file counts as changed', () => {
  const packages = 'limits/site-packages';
  const sum = createHash('sha256').update('a key').digest('base64url');
  const record = `acme/keys.py,sha256=${sum},5\n`;
  write(`${packages}/acme-1.2.dist-info/RECORD`, record);
  const file = write(`${packages}/acme/keys.py`, 'a key');
  const enough = record.length + 'a key'.length;
  // Reading the two names in the folder counts as much as two kibibytes.
  const names = 2 * 1024;
  const originWith = (lookup: number, all: number) => originOn(hostPlatform({}), { lookup, all });
  expect(originWith(enough + names, enough + names)(file)).toBe('acme 1.2');
  expect(originWith(enough + names - 1, enough + names)(file)).toBeUndefined();
  const twice = originWith(enough + names, 2 * enough + names - 1);
  expect([twice(file), twice(file)]).toEqual(['acme 1.2', undefined]);
});

test('archives are unpacked within limits', () => {
  const tree = new PackageTree();
  const crate = `.cargo/registry/src/index.crates.io-${'0'.repeat(16)}/acme-1.0.0`;
  const archive = tgz({ 'acme-1.0.0/key.pem': 'a key', 'acme-1.0.0/zeros': Buffer.alloc(1_000_000) });
  tree.write(crate.replace('/src/', '/cache/') + '.crate', archive);
  const file = tree.write(`${crate}/key.pem`, 'a key');
  const originWith = (limits: { unpackedInLookup?: number; unpacked?: number }) =>
    originOn(tree.platform, limits);
  expect(originWith({})(file)).toBe('acme 1.0.0');
  expect(originWith({ unpackedInLookup: 1_000_000 })(file)).toBeUndefined();
  expect(originWith({ unpacked: 1_000_000 })(file)).toBeUndefined();
  // An archive is unpacked once, for all of its files.
  const once = originWith({ unpacked: 1_010_000 });
  expect([once(file), once(file)]).toEqual(['acme 1.0.0', 'acme 1.0.0']);
  tree.remove();
});

test('a file that has changed since it was scanned is not looked up', () => {
  const tree = new PackageTree();
  const [layout] = layouts;
  const { file = '' } = layout?.write(tree, 'a key') ?? {};
  const { ctimeMs } = lstatSync(file);
  expect(originOn(tree.platform)(file, ctimeMs)).toBe(layout?.origin);
  expect(originOn(tree.platform)(file, ctimeMs - 1)).toBeUndefined();
  tree.remove();
});

test('nothing is read that may not answer, or whose content is elsewhere', () => {
  const sum = createHash('md5').update('a key').digest('hex');
  const files = {
    '/var/lib/dpkg/status': 'Package: acme\nVersion: 2.0-1\n',
    '/var/lib/dpkg/info/acme.md5sums': `${sum}  usr/share/acme/key.pem\n`,
    '/usr/share/acme/key.pem': 'a key',
  };
  const local = '22 1 8:1 / / rw - ext4 /dev/sda1 rw\n';
  const silent = '23 22 0:44 / /var/lib/dpkg/info rw - fuse.silent silent rw\n';
  const originIn = (mounts: string) =>
    originOn(fakePlatform('linux', { ...files, '/proc/self/mountinfo': mounts }))('/usr/share/acme/key.pem');
  expect(originIn(local)).toBe('acme 2.0-1');
  expect(originIn(local + silent)).toBeUndefined();
  const packages = 'elsewhere/site-packages';
  const file = write(`${packages}/acme/keys.py`, 'a key');
  const record = join(dirname(write(`${packages}/acme-1.2.dist-info/METADATA`, '')), 'RECORD');
  writeFileSync(record, '');
  truncateSync(record, 8192);
  let opened = 0;
  const platform = hostPlatform({});
  const fs = {
    ...platform.fs,
    open: (path: string) => {
      opened += 1;
      return platform.fs.open(path);
    },
  };
  expect(originOn({ ...platform, fs })(file)).toBeUndefined();
  expect(opened).toBe(0);
});
