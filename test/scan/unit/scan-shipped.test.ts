/** Which files are as a package manager installed them: real folders, and a list of files for the system's packages. */
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { crc32 } from 'node:zlib';
import { afterAll, expect, test } from '@jest/globals';
import { hostPlatform } from '../../../src/host/platform/index.ts';
import { originOn } from '../../../src/scan/findings/shipped/shipped.ts';
import { fakePlatform } from '../../fake-platform.ts';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'shipped-')));
afterAll(() => rmSync(root, { recursive: true }));

function write(path: string, content: string | Buffer): string {
  const place = join(root, path);
  mkdirSync(dirname(place), { recursive: true });
  writeFileSync(place, content);
  return place;
}

/** An archive of one file that is stored as it is, as far as its directory. */
function zip(name: string, content: string): Buffer {
  const entry = Buffer.alloc(46);
  entry.writeUInt32LE(0x02014b50, 0);
  entry.writeUInt32LE(crc32(content), 16);
  entry.writeUInt32LE(content.length, 24);
  entry.writeUInt16LE(name.length, 28);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(content.length, 16);
  return Buffer.concat([Buffer.from(content), entry, Buffer.from(name), end]);
}

test('a Python package', () => {
  const packages = 'lib/python3.12/site-packages';
  const sum = createHash('sha256').update('a key').digest('base64url');
  write(`${packages}/acme-1.2.dist-info/RECORD`, `acme/__init__.py,,\nacme/keys.py,sha256=${sum},5\n`);
  const originOf = originOn(hostPlatform({}));
  expect(originOf(write(`${packages}/acme/keys.py`, 'a key'))).toBe('acme 1.2');
  expect(originOf(write(`${packages}/acme/keys.py`, 'another key'))).toBeUndefined();
  expect(originOf(write(`${packages}/acme/own.py`, 'a key'))).toBeUndefined();
  expect(originOf(write('acme/keys.py', 'a key'))).toBeUndefined();
});

test('a Go module', () => {
  const cache = 'go/pkg/mod';
  write(
    `${cache}/cache/download/github.com/!acme/tool/@v/v1.2.3.zip`,
    zip('github.com/Acme/tool@v1.2.3/a/key.pem', 'a key'),
  );
  const originOf = originOn(hostPlatform({}));
  const file = (content: string) => write(`${cache}/github.com/!acme/tool@v1.2.3/a/key.pem`, content);
  expect(originOf(file('a key'))).toBe('github.com/Acme/tool v1.2.3');
  expect(originOf(file('my key'))).toBeUndefined();
  expect(originOf(write(`${cache}/github.com/!acme/tool@v1.2.3/b.pem`, 'a key'))).toBeUndefined();
});

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
  const originWith = (lookup: number, all: number) => originOn(hostPlatform({}), { lookup, all });
  expect(originWith(enough, enough)(file)).toBe('acme 1.2');
  expect(originWith(enough - 1, enough)(file)).toBeUndefined();
  const twice = originWith(enough, 2 * enough - 1);
  expect([twice(file), twice(file)]).toEqual(['acme 1.2', undefined]);
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
