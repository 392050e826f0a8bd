/** The readers of archives, compressed files and office documents, with files that programs wrote and with some that none would write. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { brotliCompressSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, describe, expect, test } from '@jest/globals';
import { deflate, makeAr, makeTar, makeZip, tarHeader } from '../../../fixtures/containers/make-archives.ts';
import { makeDocx, makeOdt, makeXlsx } from '../../../fixtures/containers/office-documents.ts';
import { SAMPLE_TEXT, writtenArchives } from '../../../fixtures/containers/written-archives.ts';
import { Dice } from '../../../fixtures/dice.ts';
import type { ContainerReader } from '../../../src/scan/containers/container.ts';
import { ar } from '../../../src/scan/containers/readers/ar.ts';
import { brotli } from '../../../src/scan/containers/readers/brotli.ts';
import { bzip2 } from '../../../src/scan/containers/readers/bzip2.ts';
import { compressedName } from '../../../src/scan/containers/readers/compressed-name.ts';
import { cpio } from '../../../src/scan/containers/readers/cpio.ts';
import { gzip } from '../../../src/scan/containers/readers/gzip.ts';
import { lz4 } from '../../../src/scan/containers/readers/lz4.ts';
import { lzip } from '../../../src/scan/containers/readers/lzip.ts';
import { lzma } from '../../../src/scan/containers/readers/lzma.ts';
import { rpm } from '../../../src/scan/containers/readers/rpm.ts';
import { sevenZip } from '../../../src/scan/containers/readers/seven-zip.ts';
import { tar } from '../../../src/scan/containers/readers/tar.ts';
import { xz } from '../../../src/scan/containers/readers/xz.ts';
import { zip } from '../../../src/scan/containers/readers/zip.ts';
import { zstandard } from '../../../src/scan/containers/readers/zstandard.ts';
import { installed, linux, testWith } from '../../tool.ts';
import { readContainer } from '../read-container.ts';

const folder = mkdtempSync(join(tmpdir(), 'archives-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** What a reader yields, as an object. @param bytes of the container */
async function read(reader: ContainerReader, bytes: Buffer): Promise<Readonly<Record<string, string>>> {
  const { entries, problem } = await readContainer(reader, bytes);
  return { ...Object.fromEntries(entries), ...(problem !== undefined && { problem }) };
}

/** Runs a program in the folder of the test. @returns its standard output */
function run(program: string, ...options: readonly string[]): Buffer {
  const { status, stdout, stderr } = spawnSync(program, options, { cwd: folder, maxBuffer: 2 ** 26 });
  if (status !== 0) throw new Error(`${program}: ${stderr.toString()}`);
  return stdout;
}

/** Text that compresses well but not completely, as long as several windows and blocks. */
function longText(): string {
  const words = Array.from(
    { length: 400 },
    () => dice.draw('abcdefghijklmnop', 3) + dice.draw('qrstuvwxyz', 4),
  );
  const numbers = dice.bytes(60_000);
  return Array.from({ length: 30_000 }, (_, n) => words[numbers.readUInt16LE(2 * n) % 400]).join(' ');
}

/** Debian's programs, not those of other systems with the same names. */
const withPrograms = testWith(linux, ...['ar', 'bzip2', 'cpio', 'lz4', 'python3', 'xz'].map(installed));

const dice = new Dice('archives');
const DEEP = `${'folder-with-a-name/'.repeat(9)}deep.txt`;
const files: Readonly<Record<string, string>> = {
  'long.txt': longText(),
  'zeros.bin': '\0'.repeat(300_000),
  'empty.txt': '',
  'größe.txt': 'ü',
  [DEEP]: 'deep',
};
for (const [name, content] of Object.entries(files)) {
  mkdirSync(join(folder, dirname(name)), { recursive: true });
  writeFileSync(join(folder, name), content);
}
const names = Object.keys(files);

describe('compressed files', () => {
  const long = Buffer.from(files['long.txt'] ?? '');

  test('of Node.js', async () => {
    expect(await read(gzip, Buffer.concat([gzipSync('one '), gzipSync('two'), Buffer.alloc(99)]))).toEqual({
      sample: 'one two',
    });
    expect(await read(gzip, Buffer.concat([gzipSync('one'), Buffer.from('more')]))).toEqual({
      sample: 'one[damaged]',
    });
    expect(await read(gzip, gzipSync('cut off').subarray(0, -3))).toEqual({ sample: 'cut off[damaged]' });
    // The header of a frame (RFC 8878, section 3.1.1) with a window of 1 GiB.
    const hugeWindow = Buffer.from('28b52ffd00a0010000', 'hex');
    const frames = Buffer.concat([zstdCompressSync(long), zstdCompressSync('two')]);
    expect(await read(zstandard, frames)).toEqual({ sample: `${long.toString()}two` });
    expect(await read(zstandard, Buffer.concat([zstdCompressSync('one'), Buffer.from('more')]))).toEqual({
      sample: 'one[damaged]',
    });
    expect(await read(brotli, brotliCompressSync(long))).toEqual({ sample: long.toString() });
    expect(await read(zstandard, hugeWindow)).toEqual({ sample: '[container-limit]' });
  });

  withPrograms.each([
    ['bzip2', bzip2, [['-1'], ['-9']]],
    [
      'xz',
      xz,
      [
        ['-0'],
        ['-9', '-T2', '--block-size=100000'],
        ['--block-size=150000', '--lzma2=dict=4096'],
        ['--x86', '--delta=dist=3', '--lzma2=lc=1,lp=3,pb=4'],
      ],
    ],
    ['xz', lzma, [['--format=lzma']]],
    ['lz4', lz4, [['-1'], ['-9', '-B4', '-BD', '--no-frame-crc'], ['-B5', '-BX'], ['-l']]],
  ] as const)('of %s', async (program, reader, variants) => {
    for (const options of variants) {
      for (const [name, content] of Object.entries(files)) {
        const packed = run(program, '-c', ...options, name);
        expect(await read(reader, packed)).toEqual({ sample: content });
      }
      const [one, two] = ['zeros.bin', 'long.txt'].map((name) => run(program, '-c', ...options, name));
      if (reader !== lzma && one !== undefined && two !== undefined) {
        const both = `${files['zeros.bin']}${files['long.txt']}`;
        expect(await read(reader, Buffer.concat([one, two]))).toEqual({ sample: both });
        const { sample = '' } = await read(reader, two.subarray(0, two.length >> 1));
        expect(sample).toMatch(/^[a-z ]*\[damaged\]$/);
        expect(long.toString().startsWith(sample.replace('[damaged]', ''))).toBe(true);
      }
    }
  });

  test('of lzip', async () => {
    expect(await read(lzip, Buffer.concat([writtenArchives.lzip, writtenArchives.lzip]))).toEqual({
      sample: SAMPLE_TEXT.repeat(2),
    });
  });

  test('have the name of the file without their ending', () => {
    const names = ['a/b.tar.gz', 'b.TGZ', 'x.log.1.bz2', 'initrd.img', '.gz', 'y.tar.zst', 'icon.svgz'];
    expect(names.map(compressedName)).toEqual([
      'b.tar',
      'b.tar',
      'x.log.1',
      'initrd.img',
      '.gz',
      'y.tar',
      'icon.svg',
    ]);
  });

  withPrograms('with matches beyond the memory are refused, whatever they declare', async () => {
    const tiny = await readContainer(xz, run('xz', '-c', '--lzma2=dict=1GiB', 'empty.txt'));
    expect(tiny).toEqual({ entries: new Map([['sample', '']]), problem: undefined });
  });
});

describe('archives', () => {
  withPrograms('of tar, in all of its formats', async () => {
    const contents = { ...files };
    for (const format of ['gnu', 'pax', 'ustar']) {
      expect(await read(tar, run('tar', `--format=${format}`, '-cf', '-', ...names))).toEqual(contents);
    }
    writeFileSync(join(folder, 'sparse'), '');
    for (let n = 0; n < 30; n += 1)
      run('dd', 'if=long.txt', 'of=sparse', 'bs=4096', 'count=1', 'conv=notrunc', `seek=${32 * n}`);
    const part = (files['long.txt'] ?? '').slice(0, 4096).repeat(30);
    for (const options of [['--format=gnu'], ['--format=pax'], ['--format=pax', '--sparse-version=0.1']]) {
      const packed = run('tar', ...options, '-cSf', '-', 'sparse', 'größe.txt');
      expect(packed.length).toBeLessThan(200_000);
      expect(await read(tar, packed)).toEqual({ sparse: part, 'größe.txt': 'ü' });
    }
  });

  test('of tar, with damage, links, hostile names and what follows the end', async () => {
    const damaged = Buffer.concat([tarHeader('a', 1), Buffer.alloc(512, 'x'), makeTar({ b: 'second' })]);
    expect(await read(tar, damaged.fill(0, 148, 150))).toEqual({ b: 'second', problem: 'damaged' });
    const hostile = {
      '../../etc/passwd': 'up',
      '/absolute': 'root',
      '\u001b[2J': 'screen',
      'C:\\x': 'drive',
    };
    expect(await read(tar, makeTar(hostile))).toEqual(hostile);
    const links = Buffer.concat([
      tarHeader('link', 0, '2'),
      tarHeader('folder', 0, '5'),
      makeTar({ a: 'file' }),
    ]);
    expect(await read(tar, Buffer.concat([links, makeTar({ b: 'more' })]))).toEqual({ a: 'file', b: 'more' });
    expect(await read(tar, makeTar({ a: 'x'.repeat(2000) }).subarray(0, 1000))).toEqual({
      a: `${'x'.repeat(488)}[damaged]`,
      problem: 'damaged',
    });
    const endless = Buffer.concat([tarHeader('././@LongLink', 2 ** 30, 'L'), makeTar({ a: '' })]);
    expect(await read(tar, endless)).toEqual({ problem: 'container-limit' });
  });

  withPrograms('of cpio and ar', async () => {
    writeFileSync(
      join(folder, 'list'),
      ['größe.txt', 'long.txt', 'empty.txt', dirname(DEEP), DEEP].join('\n'),
    );
    const { 'zeros.bin': _, ...packed } = files;
    const script = (format: string) => run('sh', '-c', `cpio -o --quiet -H ${format} < list`);
    for (const format of ['newc', 'crc', 'odc', 'bin'])
      expect(await read(cpio, script(format))).toEqual(packed);
    const ramDisk = Buffer.concat([script('newc'), gzipSync('main part')]);
    expect(Object.keys(await read(cpio, ramDisk))).toEqual(expect.arrayContaining([DEEP, 'rest']));
    expect(await read(ar, makeAr({ 'a.txt': 'odd', b: 'even' }))).toEqual({ 'a.txt': 'odd', b: 'even' });
    writeFileSync(join(folder, 'a-name-longer-than-its-field.txt'), 'long name');
    run('ar', 'rc', 'x.a', 'a-name-longer-than-its-field.txt', 'größe.txt');
    expect(await read(ar, readFileSync(join(folder, 'x.a')))).toEqual({
      'a-name-longer-than-its-field.txt': 'long name',
      'größe.txt': 'ü',
    });
  });

  test('of rpm', async () => {
    const { 'header.txt': header, './h.txt': file } = await read(rpm, writtenArchives.rpm);
    expect(header).toContain('\necho script\n');
    expect(file).toBe(SAMPLE_TEXT);
  });

  test('of 7z', async () => {
    const content = { 'h.txt': SAMPLE_TEXT };
    expect(await read(sevenZip, writtenArchives.sevenZip)).toEqual(content);
    expect(await read(sevenZip, writtenArchives.sevenZipLzma)).toEqual(content);
    expect(await read(sevenZip, writtenArchives.sevenZipPpmd)).toEqual({ 'h.txt': '[unsupported]' });
    expect(await read(sevenZip, writtenArchives.sevenZipEncrypted)).toEqual({ 'h.txt': '[encrypted]' });
    expect(await read(sevenZip, writtenArchives.sevenZipHidden)).toEqual({ problem: 'encrypted' });
    expect(await read(sevenZip, writtenArchives.sevenZip.subarray(0, 60))).toEqual({ problem: 'damaged' });
  });
});

describe('zip', () => {
  const contents = { 'a.txt': 'first', 'folder/b.txt': 'second'.repeat(99), 'größe.txt': 'ü' };
  const packed = makeZip(contents, { compress: deflate });

  withPrograms('with every method', async () => {
    expect(await read(zip, packed)).toEqual(contents);
    expect(await read(zip, makeZip(contents))).toEqual(contents);
    expect(await read(zip, makeZip(contents, { compress: deflate, describesAfter: true }))).toEqual(contents);
    const zstd = { method: 93, compress: (content: Buffer) => zstdCompressSync(content) };
    expect(await read(zip, makeZip(contents, { compress: zstd }))).toEqual(contents);
    const xzOf = (content: Buffer) => {
      writeFileSync(join(folder, 'content'), content);
      return run('xz', '-c', 'content');
    };
    expect(await read(zip, makeZip(contents, { compress: { method: 95, compress: xzOf } }))).toEqual(
      contents,
    );
    for (const bytes of [writtenArchives.zipBzip2, writtenArchives.zipLzma]) {
      expect(await read(zip, bytes)).toEqual({ 'h.txt': SAMPLE_TEXT });
    }
    const ppmd = { method: 98, compress: (content: Buffer) => content };
    expect(await read(zip, makeZip({ a: 'x' }, { compress: ppmd }))).toEqual({ a: '[unsupported]' });
  });

  test('with a password', async () => {
    expect(await read(zip, writtenArchives.zipEncrypted)).toEqual({ 'h.txt': '[encrypted]' });
    const aes = { method: 99, compress: (content: Buffer) => content };
    expect(await read(zip, makeZip({ a: 'x' }, { compress: aes }))).toEqual({ a: '[encrypted]' });
  });

  withPrograms('with bytes before and after it, names of old programs, and sizes of 64 bits', async () => {
    expect(
      await read(zip, Buffer.concat([Buffer.from('MZ'.repeat(900)), packed, Buffer.from('more')])),
    ).toEqual(contents);
    const old = makeZip({ 'gr~~e.txt': 'x' }, { flags: 0x1000 });
    for (let at = old.indexOf('~~'); at >= 0; at = old.indexOf('~~')) old.set([0x94, 0xe1], at);
    expect(await read(zip, old)).toEqual({ 'größe.txt': 'x' });
    const script =
      "import zipfile\nwith zipfile.ZipFile('64.zip', 'w') as z:\n with z.open('a', 'w', force_zip64=True) as f: f.write(b'x' * 9)";
    run('python3', '-c', script);
    expect(await read(zip, readFileSync(join(folder, '64.zip')))).toEqual({ a: 'x'.repeat(9) });
  });

  test('that is damaged', async () => {
    expect(await read(zip, packed.subarray(0, -40))).toEqual({ ...contents, problem: 'damaged' });
    const described = makeZip(contents, { compress: deflate, describesAfter: true });
    expect(await read(zip, described.subarray(0, -200))).toMatchObject({
      'a.txt': 'first',
      problem: 'damaged',
    });
    const stored = makeZip({ a: 'one', b: 'two' });
    const second = stored.indexOf('PK\x03\x04', 4, 'latin1');
    expect(await read(zip, Buffer.from(stored).fill(0, second, second + 4))).toEqual({
      a: 'one',
      b: '[damaged]',
    });
    const broken = Buffer.from(packed);
    // The length of the first name in the directory.
    broken.writeUInt16LE(9999, broken.indexOf('PK\x01\x02', 0, 'latin1') + 28);
    const { problem, ...others } = await read(zip, broken);
    expect([problem, Object.keys(others).length]).toEqual(['damaged', 3]);
    const lying = Buffer.from(stored);
    const entry = stored.indexOf('PK\x01\x02', 0, 'latin1');
    lying.writeUInt32LE(0xff_ff_ff_f0, entry + 20);
    expect(await read(zip, lying)).toMatchObject({ problem: 'damaged' });
  });

  test('whose entries share their bytes', async () => {
    const one = makeZip({ a: 'x'.repeat(1000) });
    const start = one.indexOf('PK\x01\x02', 0, 'latin1');
    const end = one.indexOf('PK\x05\x06', 0, 'latin1');
    const list = Buffer.concat(
      Array.from({ length: 50 }, (_, n) => {
        const entry = Buffer.from(one.subarray(start, end));
        entry[entry.length - 1] = 65 + n;
        return entry;
      }),
    );
    const record = Buffer.from(one.subarray(end));
    for (const at of [8, 10]) record.writeUInt16LE(50, at);
    record.writeUInt32LE(list.length, 12);
    const { problem, ...entries } = await read(zip, Buffer.concat([one.subarray(0, start), list, record]));
    expect(problem).toBe('damaged');
    expect(Object.keys(entries).length).toBeLessThan(6);
  });
});

test('an entry that is left early costs no other', async () => {
  const limits = { memoryBytes: 2 ** 24, isOver: () => false };
  const inner = gzipSync(files['long.txt'] ?? '');
  const outer = makeTar({ 'inner.gz': inner, 'next.txt': 'the next one' });
  async function* pieces() {
    for (let at = 0; at < outer.length; at += 999) {
      await Promise.resolve();
      yield outer.subarray(at, at + 999);
    }
  }
  if (tar.needs !== 'stream' || gzip.needs !== 'stream') throw new Error('both are read in order');
  const seen: string[] = [];
  for await (const { name, content } of tar.read(pieces(), 'x.tar', limits)) {
    if (typeof content === 'string') throw new Error(content);
    const [entry] =
      name === 'inner.gz' ? await firstOf(gzip.read(content, name, limits)) : [{ name, content }];
    if (entry === undefined || typeof entry.content === 'string') throw new Error('nothing to read');
    const [piece] = await firstOf(entry.content);
    seen.push(`${entry.name}: ${Buffer.from(piece ?? []).toString('utf8', 0, 12)}`);
  }
  expect(seen).toEqual([`inner: ${files['long.txt']?.slice(0, 12)}`, 'next.txt: the next one']);
});

/** The first of several, in a list; the others are left. */
async function firstOf<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  for await (const item of items) return [item];
  return [];
}

describe('office documents', () => {
  test('of Word', async () => {
    const { 'word/document.txt': text, ...others } = await read(zip, makeDocx());
    expect(text).toBe(
      ['password = a&b\tA', '', 'line', 'two', 'one more\t\tthree\ta "picture"', '<last>', ''].join('\n'),
    );
    expect(Object.keys(others)).toEqual(['[Content_Types].xml', 'word/media/image1.png']);
  });

  test('of Excel', async () => {
    const { '[Content_Types].xml': _, ...entries } = await read(zip, makeXlsx());
    expect(entries).toEqual({
      'xl/worksheets/sheet1.csv': 'user\tpassword\nme\ts3cret\n\n\n\t\t1.5\tin the cell\t7\tA1&"x"\n',
      'xl/sharedStrings.txt': 'hidden\n',
    });
  });

  test('of LibreOffice', async () => {
    const { 'content.txt': text } = await read(zip, makeOdt());
    expect(text).toBe('password  is\tx\nhead\nlink\thttps://example.com/?a=1&b=2\none\t\t\tfour\n');
    expect(await read(zip, makeOdt(true))).toMatchObject({ 'content.xml': '[encrypted]' });
  });
});
