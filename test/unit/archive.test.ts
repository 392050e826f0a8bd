/** Archives: other programs read them, the same content gives the same bytes, damage is noticed. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { readArchive, writeArchive } from '../../build/release/archive.ts';

const folder = mkdtempSync(join(tmpdir(), 'archive-'));
afterAll(() => rmSync(folder, { recursive: true }));

const time = new Date('2020-04-05T06:07:08Z');
const program = { path: 'Jobs/bin/x/x', content: Buffer.from('#!/bin/sh\necho works\n'), executable: true };
const document = { path: 'Jobs/x.json', content: Buffer.from('{}'.repeat(5000)), executable: false };
const empty = { path: 'Jobs/empty', content: Buffer.alloc(0), executable: false };
const entries = [document, program, empty];

/** By tar, or by python's zipfile, which keeps no modes. */
const unpackers = [
  { kind: 'tar.gz', unpack: (file: string) => execFileSync('tar', ['-xzf', file], { cwd: folder }) },
  {
    kind: 'tar.zst',
    unpack: (file: string) => execFileSync('tar', ['--zstd', '-xf', file], { cwd: folder }),
  },
  {
    kind: 'zip',
    unpack: (file: string) => execFileSync('python3', ['-m', 'zipfile', '-e', file, '.'], { cwd: folder }),
  },
] as const;

describe.each(unpackers)('$kind', ({ kind, unpack }) => {
  const name = `a.${kind}`;

  test('what is written is read back, sorted', async () => {
    const archive = await writeArchive(kind, entries, time);
    expect(await readArchive(name, archive)).toEqual([program, empty, document]);
  });

  test('the same content gives the same bytes, another time does not', async () => {
    const archive = await writeArchive(kind, entries, time);
    expect((await writeArchive(kind, entries.toReversed(), time)).equals(archive)).toBe(true);
    expect((await writeArchive(kind, entries, new Date('2020-04-05T06:07:10Z'))).equals(archive)).toBe(false);
  });

  test('another program unpacks it', async () => {
    writeFileSync(join(folder, name), await writeArchive(kind, entries, time));
    unpack(name);
    for (const { path, content } of entries) {
      expect(readFileSync(join(folder, path)).equals(content)).toBe(true);
    }
    if (kind === 'zip') return;
    expect(execFileSync(join(folder, program.path), { encoding: 'utf8' })).toBe('works\n');
    expect(statSync(join(folder, document.path)).mode & 0o777).toBe(0o644);
    expect(statSync(join(folder, document.path)).mtime).toEqual(time);
  });

  test('a byte that was changed, or an end that is missing, is noticed', async () => {
    const archive = await writeArchive(kind, entries, time);
    await expect(readArchive(name, archive.subarray(0, archive.length - 30))).rejects.toThrow();
    const changed = Buffer.from(archive);
    const at = kind === 'zip' ? 30 + program.path.length + 3 : archive.length - 2;
    changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
    await expect(readArchive(name, changed)).rejects.toThrow();
  });
});

test('what another tar wrote is read; links are refused', async () => {
  writeFileSync(join(folder, 'plain'), 'content');
  execFileSync('tar', ['-czf', join(folder, 'other.tar.gz'), '-C', folder, 'plain']);
  const read = await readArchive('other.tar.gz', readFileSync(join(folder, 'other.tar.gz')));
  expect(read).toEqual([{ path: 'plain', content: Buffer.from('content'), executable: false }]);
  symlinkSync('/etc/passwd', join(folder, 'link'));
  execFileSync('tar', ['-czf', join(folder, 'link.tar.gz'), '-C', folder, 'link']);
  const linked = readFileSync(join(folder, 'link.tar.gz'));
  await expect(readArchive('link.tar.gz', linked)).rejects.toThrow('link is no plain file');
});

test('a name that is no archive', async () => {
  await expect(readArchive('a.rar', Buffer.alloc(0))).rejects.toThrow(
    'a.rar is no .tar.zst, .tar.gz or .zip',
  );
});
