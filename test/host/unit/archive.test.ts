/** Archives: other programs read them, the same content gives the same bytes, damage is noticed. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from '@jest/globals';
import { writeArchive } from '../../../build/release/archive.ts';
import { readArchive } from '../../../src/host/commands/deploy/archive/archive.ts';
import { installed, testWith } from '../../tool.ts';

const folder = mkdtempSync(join(tmpdir(), 'archive-'));
afterAll(() => rmSync(folder, { recursive: true }));

const time = new Date('2020-04-05T06:07:08Z');
const program = { path: 'Jobs/bin/x/x', content: Buffer.from('#!/bin/sh\necho works\n'), executable: true };
const document = { path: 'Jobs/x.json', content: Buffer.from('{}'.repeat(5000)), executable: false };
const empty = { path: 'Jobs/empty', content: Buffer.alloc(0), executable: false };
const entries = [document, program, empty];

/** Programs that know the format: tar, and python's zipfile, which keeps no modes. */
const programs = [
  { kind: 'tar.gz', needs: 'tar', unpack: ['tar', '-xzf'], pack: ['tar', '-czf'] },
  { kind: 'tar.zst', needs: 'zstd', unpack: ['tar', '--zstd', '-xf'], pack: ['tar', '--zstd', '-cf'] },
  {
    kind: 'zip',
    needs: 'python3',
    unpack: ['python3', '-m', 'zipfile', '-e'],
    pack: ['python3', '-m', 'zipfile', '-c'],
  },
] as const;

function run([program = '', ...first]: readonly string[], ...rest: string[]): string {
  return execFileSync(program, [...first, ...rest], { cwd: folder, encoding: 'utf8' });
}

describe.each(programs)('$kind', ({ kind, needs, unpack, pack }) => {
  const name = `a.${kind}`;
  const withProgram = testWith(installed(needs));

  test('what is written is read back, sorted', async () => {
    const archive = await writeArchive(kind, entries, time);
    expect(await readArchive(name, archive)).toEqual([program, empty, document]);
  });

  test('the same content gives the same bytes, another time does not', async () => {
    const archive = await writeArchive(kind, entries, time);
    expect((await writeArchive(kind, entries.toReversed(), time)).equals(archive)).toBe(true);
    expect((await writeArchive(kind, entries, new Date('2020-04-05T06:07:10Z'))).equals(archive)).toBe(false);
  });

  test('the time zone changes nothing', () => {
    const script = `
      import { writeArchive } from './build/release/archive.ts';
      const entries = [{ path: 'a', content: Buffer.from('content'), executable: false }];
      const archive = await writeArchive('${kind}', entries, new Date('2020-03-29T02:30:00Z'));
      process.stdout.write(archive.toString('hex'));`;
    // There is no 02:30 in Madrid on this day.
    const [first, ...others] = ['UTC', 'Europe/Madrid', 'Pacific/Chatham'].map((zone) =>
      execFileSync(process.execPath, ['--input-type=module', '-e', script], {
        env: { ...process.env, TZ: zone },
        encoding: 'utf8',
      }),
    );
    expect(others).toEqual([first, first]);
  });

  withProgram('another program unpacks it', async () => {
    writeFileSync(join(folder, name), await writeArchive(kind, entries, time));
    run(unpack, name, ...(kind === 'zip' ? ['.'] : []));
    for (const { path, content } of entries) {
      expect(readFileSync(join(folder, path)).equals(content)).toBe(true);
    }
    if (kind === 'zip') return;
    expect(run([join(folder, program.path)])).toBe('works\n');
    expect(statSync(join(folder, document.path)).mode & 0o777).toBe(0o644);
    expect(statSync(join(folder, document.path)).mtime).toEqual(time);
  });

  withProgram('what another program packed is read', async () => {
    const file = join(folder, `other.${kind}`);
    writeFileSync(join(folder, 'plain'), 'content');
    run(pack, file, 'plain');
    expect(await readArchive(file, readFileSync(file))).toEqual([
      { path: 'plain', content: Buffer.from('content'), executable: false },
    ]);
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

test('a file that ends early is noticed', async () => {
  const tar = gunzipSync(await writeArchive('tar.gz', entries, time));
  const truncated = gzipSync(tar.subarray(0, tar.length - 6000));
  await expect(readArchive('a.tar.gz', truncated)).rejects.toThrow('Unexpected end of data');
});

test('links are refused', async () => {
  symlinkSync('/etc/passwd', join(folder, 'link'));
  run(['tar', '-czf'], 'link.tar.gz', 'link');
  const linked = readFileSync(join(folder, 'link.tar.gz'));
  await expect(readArchive('link.tar.gz', linked)).rejects.toThrow('link is not a plain file');
});

test('links in a zip archive are refused', async () => {
  const archive = await writeArchive('zip', [document], time);
  // The mode in the upper half of the external attributes: a regular file becomes a link (stat(2)).
  const [regular, link] = [0o100644, 0o120644].map((mode) => Buffer.from(Uint16Array.of(0, mode).buffer));
  const at = archive.indexOf(regular ?? '');
  link?.copy(archive, at);
  expect(at).toBeGreaterThan(0);
  await expect(readArchive('link.zip', archive)).rejects.toThrow('Jobs/x.json is not a plain file');
});

describe.each(['tar.gz', 'zip'] as const)('%s', (kind) => {
  test.each([
    ['a path that leads out of it', '../outside', /^invalid relative path|is not a path within the archive$/],
    ['an absolute path', '/outside', /^absolute path|is not a path within the archive$/],
    ['a path with a drive', 'C:/outside', /^absolute path|is not a path within the archive$/],
  ])('%s is refused', async (_, path, problem) => {
    const entry = { ...document, path: 'x'.repeat(path.length) };
    const archive = await writeArchive(kind, [entry], time);
    const plain = kind === 'zip' ? archive : gunzipSync(archive);
    const renamed = Buffer.from(plain.toString('latin1').replaceAll(entry.path, path), 'latin1');
    const sealed = kind === 'zip' ? renamed : gzipSync(withHeaderSum(renamed));
    await expect(readArchive(`a.${kind}`, sealed)).rejects.toThrow(problem);
  });

  test('a file that is in it twice is refused', async () => {
    const archive = await writeArchive(kind, [document, document], time);
    await expect(readArchive(`a.${kind}`, archive)).rejects.toThrow('it contains Jobs/x.json twice');
  });

  test('more files than a release has are refused', async () => {
    const many = Array.from({ length: 1001 }, (_, number) => ({ ...empty, path: `Jobs/${number}` }));
    const archive = await writeArchive(kind, many, time);
    await expect(readArchive(`a.${kind}`, archive)).rejects.toThrow('more than 1000 files');
  });
});

/** The tar archive with the right sum of its first header's bytes, which count as spaces where the sum is (POSIX.1-2001, ustar). */
function withHeaderSum(tar: Buffer): Buffer {
  const header = Buffer.from(tar);
  header.fill(' ', 148, 156);
  const sum = header.subarray(0, 512).reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return header;
}

test('a name that is no archive', async () => {
  await expect(readArchive('a.rar', Buffer.alloc(0))).rejects.toThrow(
    'a.rar is not a .tar.zst, .tar.gz or .zip',
  );
});
