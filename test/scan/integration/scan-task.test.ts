/** The task on real files: what it finds, what it counts, what it logs, and what it must never let out. */
import { spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { binariesIn } from '../../../src/scan/model/coverage.ts';
import { TaskError } from '../../../src/host/exit/task-error.ts';
import type { Fields } from '../../../src/host/log/index.ts';
import { type Platform, hostPlatform } from '../../../src/host/platform/index.ts';
import { scanOnce } from '../scan-once.ts';
import type { ScanOutcome } from '../../../src/scan/model/finding.ts';
import { fakePlatform } from '../../fake-platform.ts';
import { allRules } from '../../../src/scan/rules/index.ts';
import { Dice, plantable, plantableKinds, planted } from '../../../fixtures/tokens.ts';

const folders: string[] = [];

function newFolder(files: Readonly<Record<string, string | Buffer>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'scan-'));
  folders.push(folder);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

interface Scanned {
  readonly outcome: ScanOutcome;
  readonly records: readonly { readonly id: string; readonly level: string; readonly fields: Fields }[];
}

interface Setting {
  readonly exclude?: string[];
  readonly platform?: Platform;
  readonly signal?: AbortSignal;
  readonly stateDirectory?: string;
  readonly allowMissingRoots?: boolean;
}

function raise(error: unknown): never {
  throw error;
}

async function scan(roots: string[], setting: Setting = {}): Promise<Scanned> {
  const records: { id: string; level: string; fields: Fields }[] = [];
  const outcome = await scanOnce(
    { roots, exclude: setting.exclude, allowMissingRoots: setting.allowMissingRoots },
    {
      platform: setting.platform ?? hostPlatform({}),
      log: ({ id, level }, fields = {}) => void records.push({ id, level, fields }),
      signal: setting.signal ?? new AbortController().signal,
      ...(setting.stateDirectory !== undefined && {
        state: { directory: setting.stateDirectory, store: undefined, onFailure: raise, commit: () => false },
      }),
    },
  );
  return { outcome, records };
}

const places = ({ outcome }: Scanned) =>
  outcome.findings.map(({ rule, path, line, column }) => ({ rule, path, line, column }));

describe('findings', () => {
  test('each kind, in its file, where it is', async () => {
    const folder = newFolder(
      Object.fromEntries(plantableKinds.map((kind) => [`${kind}.txt`, `one\ntwo ${planted(kind)}\n`])),
    );
    const { outcome, records } = await scan([folder]);
    for (const kind of plantableKinds) {
      const found = outcome.findings.filter(({ path }) => path === join(folder, `${kind}.txt`));
      expect(found.map(({ rule }) => rule)).toContain(kind);
    }
    // Some kinds stand beside another secret that belongs to them.
    expect(outcome.findings.length).toBeGreaterThanOrEqual(plantableKinds.length);
    expect(Object.values(outcome.findingCount).reduce((sum, count) => sum + count)).toBe(
      outcome.findings.length,
    );
    expect(records.filter(({ id }) => id.startsWith('scan.finding'))).toHaveLength(outcome.findings.length);
    expect(outcome.coverage).toMatchObject({
      files: plantableKinds.length,
      folders: 1,
      unexamined: {},
      gaps: [],
    });
  });

  test('the record of a finding has what an operator needs, and its level follows the severity', async () => {
    const folder = newFolder({ a: planted('github-classic-token'), b: planted('stripe-test-key') });
    const { records } = await scan([folder]);
    expect(records).toEqual(
      expect.arrayContaining([
        { id: 'scan.roots-resolved', level: 'Information', fields: { count: 1, roots: folder } },
        {
          id: 'scan.finding',
          level: 'Warning',
          fields: {
            rule: 'github-classic-token',
            severity: 'critical',
            confidence: 'high',
            path: join(folder, 'a'),
            line: 1,
            column: 1,
            fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/),
            evidence: 'checksum valid',
            exposure: expect.stringContaining('owner'),
          },
        },
        expect.objectContaining({ id: 'scan.finding-low', level: 'Information' }),
      ]),
    );
  });

  test('no part of a secret leaves, not even one in a name', async () => {
    const tokens = plantableKinds
      .filter((kind) => kind !== 'private-key' && !kind.startsWith('keeper-configuration'))
      .map((kind) => ({ kind, token: plantable(kind) }));
    const folder = newFolder(
      Object.fromEntries(tokens.map(({ kind, token }) => [kind, planted(kind, token)])),
    );
    for (const { kind, token } of tokens) {
      // Names that a file system takes, as files and as folders.
      const name = planted(kind, token).replaceAll('/', '_');
      // What only its surroundings give away is none in a name.
      // A hash goes on with the full stop before the extension.
      const isSure =
        !kind.endsWith('-hash') && (allRules.find(({ id }) => id === kind)?.confidence ?? 'high') === 'high';
      if (isSure && name === planted(kind, token) && name.length < 200) {
        mkdirSync(join(folder, name));
        writeFileSync(join(folder, name, `${name.slice(0, 200)}.txt`), planted(kind, token));
        symlinkSync('nowhere', join(folder, name, 'link'));
      }
    }
    const roots = [folder, join(folder, plantable('github-oauth-token'), 'missing')];
    const refusal = await scan(roots).catch(String);
    expect(refusal).toMatch(/REDACTED.*does not exist/i);
    const said = JSON.stringify([refusal, await scan(roots, { allowMissingRoots: true })]);
    for (const { token } of tokens) expect(said).not.toContain(token.slice(-24));
  });

  test('the same secret has the same fingerprint, under the key of the installation', async () => {
    const stateDirectory = newFolder();
    const folder = newFolder({ a: planted('npm-access-token'), b: `x ${planted('npm-access-token')}` });
    const prints = async (setting: Setting) =>
      (await scan([folder], setting)).outcome.findings.map(({ fingerprint }) => fingerprint);
    const [first = '', ...others] = [
      ...(await prints({ stateDirectory })),
      ...(await prints({ stateDirectory })),
    ];
    expect(first).toMatch(/^[0-9a-f]{64}$/);
    expect(others).toEqual([first, first, first]);
    expect(await prints({})).not.toContain(first);
    expect(await prints({ stateDirectory: newFolder() })).not.toContain(first);
  });

  test('are limited per file and counted beyond: such a file does not count as scanned', async () => {
    const folder = newFolder({ many: tokens('many', 10_100), one: planted('github-classic-token') });
    const { outcome, records } = await scan([folder]);
    expect(outcome.findings).toHaveLength(10_000);
    expect(outcome.findingCount.critical).toBe(10_101);
    expect(records.filter(({ id }) => id === 'scan.finding')).toHaveLength(10_001);
    expect(outcome.coverage).toMatchObject({ files: 1, unexamined: { 'finding-limit': 1 } });
  });

  test('are all logged, and bounded in the report', async () => {
    const text = tokens('all', 100);
    const folder = newFolder(Object.fromEntries(Array.from({ length: 102 }, (_, n) => [`${n}`, text])));
    const { outcome, records } = await scan([folder]);
    expect(outcome.findings).toHaveLength(10_000);
    expect(outcome.findingCount.critical).toBe(10_200);
    expect(records.filter(({ id }) => id === 'scan.finding')).toHaveLength(10_200);
    expect(Object.values(outcome.omitted ?? {})).toEqual([200]);
    expect(outcome.coverage.unexamined).toEqual({});
  });
});

/** So many different tokens, one a line. */
function tokens(seed: string, count: number): string {
  return Array.from(
    { length: count },
    (_, n) => `${plantable('github-classic-token', `${seed} ${n}`)}\n`,
  ).join('');
}

describe('files', () => {
  test('larger than a chunk: the same places as in one piece', async () => {
    const dice = new Dice('large');
    const lines: string[] = [];
    const expected: { line: number; column: number }[] = [];
    for (let size = 0; size < 3_500_000;) {
      const filler = dice.draw('abc \u00e9\u20ac', 40 + (lines.length % 61));
      const isPlanted = lines.length % 97 === 0 && expected.length < 90;
      const line = isPlanted
        ? `${filler} ${plantable('github-classic-token', `${size}`)} ${filler}`
        : filler.repeat(lines.length % 1000 === 7 ? 3000 : 1);
      lines.push(line);
      size += Buffer.byteLength(line) + 1;
      if (isPlanted) expected.push({ line: lines.length, column: filler.length + 2 });
    }
    const folder = newFolder({ 'large.txt': lines.join('\n') });
    const found = await scan([folder]);
    expect(places(found).map(({ line, column }) => ({ line, column }))).toEqual(expected);
    expect(found.outcome.coverage.bytes).toBe(statSync(join(folder, 'large.txt')).size);
  });

  test('with a token across the end of a chunk, of the first read, and at both ends', async () => {
    const token = planted('github-fine-grained-token');
    const size = 1 << 20;
    const expected: { rule: string; path: string; line: number; column: number }[] = [];
    const folder = newFolder();
    for (const place of [0, 65_536 - 10, 65_536, size - 40, size - 19_000, size, 2 * size - token.length]) {
      const bytes = Buffer.alloc(2 * size, '.');
      bytes.write(token, place);
      const path = join(folder, String(place).padStart(8, '0'));
      writeFileSync(path, bytes);
      expected.push({ rule: 'github-fine-grained-token', path, line: 1, column: place + 1 });
    }
    const found = places(await scan([folder]));
    const byColumn = (a: { column: number }, b: { column: number }) => a.column - b.column;
    expect(found.sort(byColumn)).toEqual(expected.sort(byColumn));
  });

  test('of exactly a chunk, of the first read, of nothing', async () => {
    const token = planted('github-classic-token');
    const files = [0, 65_536, 1 << 20].map((size) => Buffer.alloc(size, ' '));
    for (const bytes of files.slice(1)) bytes.write(token, bytes.length - token.length);
    const folder = newFolder(Object.fromEntries(files.map((bytes) => [`${bytes.length}`, bytes])));
    const { outcome } = await scan([folder]);
    expect(outcome.findings).toHaveLength(2);
    expect(outcome.coverage).toMatchObject({ files: 3, bytes: 65_536 + (1 << 20) });
  });

  test('that are searched together do not touch', async () => {
    const token = plantable('github-classic-token');
    const folder = newFolder({
      a: token,
      b: 'abc',
      c: `\uFEFF${token}`,
      d: `abc\n ${token.slice(0, 20)}`,
      e: `${token.slice(20)} `,
      f: '',
      g: `${'\n'.repeat(300_000)}${token}`,
      h: token,
      i: `\n${'x'.repeat(2 << 20)}\n${token}`,
      j: token,
      k: `${'\u{1F511}\u00e9\n'.repeat(200)}\u{1F511}\u00e9${token}`,
    });
    const { outcome } = await scan(Array.from('abcdefghijk', (name) => join(folder, name)));
    const found = outcome.findings.map(({ path, line, column }) => [path.slice(-1), line, column]);
    expect(found).toEqual([
      ['a', 1, 1],
      ['c', 1, 1],
      ['g', 300_001, 1],
      ['h', 1, 1],
      ['i', 3, 1],
      ['j', 1, 1],
      ['k', 201, 4],
    ]);
    expect(outcome.coverage).toMatchObject({ files: 11 });
  });

  test('in UTF-16, marked or not, small and large', async () => {
    const text = `\u00e9\u{1F511} first\r\n${'x\u20acy '.repeat(10)}${planted('npm-access-token')}\r\n`;
    const large = `${'[section] key=value\r\n'.repeat(60_000)}${text}`;
    const le = (content: string) => Buffer.from(content, 'utf16le');
    const be = (content: string) => le(content).swap16();
    const folder = newFolder({
      a: le(`\uFEFF${text}`),
      b: be(`\uFEFF${text}`),
      c: le(text.slice(text.indexOf('npm'))),
      d: be(text.slice(text.indexOf('npm'))),
      e: le(`\uFEFF${large}`),
      f: be(large),
      g: Buffer.from(`\uFEFF${text}`),
      h: Buffer.from(`\uFEFF${planted('npm-access-token')}`),
    });
    const found = places(await scan([folder]))
      .toSorted((a, b) => a.path.localeCompare(b.path))
      .map(({ path, line, column }) => [path.at(-1), line, column]);
    expect(found).toEqual([
      ['a', 2, 41],
      ['b', 2, 41],
      ['c', 1, 1],
      ['d', 1, 1],
      ['e', 60_002, 41],
      ['f', 60_002, 41],
      ['g', 2, 41],
      ['h', 1, 1],
    ]);
  });

  test('that looks binary: in UTF-32, in UTF-16 without Latin letters, with NULs in it or before it', async () => {
    const token = plantable('npm-access-token');
    const text = `\u{1F511} first\n\u20acy ${token}\n`;
    const utf32 = (content: string) =>
      Buffer.from(Uint32Array.from(content, (c) => c.codePointAt(0) ?? 0).buffer);
    const large = `${'[section] key=value\n'.repeat(60_000)}${text}`;
    const folder = newFolder({
      a: utf32(`\uFEFF${text}`),
      b: utf32(`\uFEFF${text}`).swap32(),
      c: utf32(`\uFEFF${large}`),
      d: Buffer.from(`${'\u4e00\u5bc6\u7801'.repeat(50)}\n ${token}\n`, 'utf16le'),
      e: `Nov 30 started\nNov 30 line \0\0 lost\n\0 ${token}\n`,
      f: Buffer.concat([Buffer.alloc(4096), Buffer.from(`\nNov 30 ${token}\n`)]),
    });
    const found = places(await scan([folder]))
      .toSorted((a, b) => a.path.localeCompare(b.path))
      .map(({ path, line, column }) => [path.at(-1), line, column]);
    expect(found).toEqual([
      ['a', 2, 4],
      ['b', 2, 4],
      ['c', 60_002, 4],
      ['d', 2, 2],
      ['e', 3, 3],
      ['f', 2, 8],
    ]);
  });

  test('binaries are skipped and counted; links are not followed; a root may be a file', async () => {
    const token = planted('github-classic-token');
    const folder = newFolder({ 'a.bin': Buffer.from(`\u007fELF\0${token}`), 'sub/b.txt': token });
    symlinkSync(join(folder, 'sub'), join(folder, 'to-folder'));
    symlinkSync(join(folder, 'sub', 'b.txt'), join(folder, 'to-file'));
    const { outcome } = await scan([folder]);
    expect(outcome.findings.map(({ path }) => path)).toEqual([join(folder, 'sub', 'b.txt')]);
    expect(outcome.coverage).toMatchObject({
      files: 1,
      folders: 2,
      skipped: { executable: 1, link: 2 },
      unexamined: {},
    });
    expect(places(await scan([join(folder, 'sub', 'b.txt')]))).toHaveLength(1);
  });

  test('that cannot be read are gaps: the first are logged, all are counted', async () => {
    const files = Object.fromEntries(Array.from({ length: 30 }, (_, n) => [`/r/${n}`, { error: 'EACCES' }]));
    const { outcome, records } = await scan(['/r'], {
      platform: fakePlatform('linux', { ...files, '/r/ok': planted('npm-access-token') }),
    });
    expect(outcome.findings).toHaveLength(1);
    expect(outcome.coverage.unexamined).toEqual({ 'permission-denied': 30 });
    expect(outcome.coverage.gaps).toHaveLength(30);
    expect(records.filter(({ id }) => id === 'scan.unexamined')).toHaveLength(20);
    expect(records.filter(({ id }) => id === 'scan.unexamined-limit')).toHaveLength(1);
  });

  test('are excluded by globs', async () => {
    const token = planted('github-classic-token');
    const folder = newFolder({ 'a.txt': token, 'a.log': token, 'vendor/b.txt': token });
    const { outcome } = await scan([folder], { exclude: ['*.log', 'vendor'] });
    expect(outcome.findings.map(({ path }) => path)).toEqual([join(folder, 'a.txt')]);
    expect(outcome.coverage.skipped).toEqual({ excluded: 2 });
  });
});

describe('the walk', () => {
  test('visits what find(1) visits', async () => {
    const root = join(import.meta.dirname, '..', '..', '..', 'node_modules');
    const listed = (...test: string[]) =>
      spawnSync('find', [root, ...test, '-printf', '.'], { encoding: 'utf8', maxBuffer: 1 << 28 }).stdout
        .length;
    const { outcome } = await scan([root]);
    const { files, folders, skipped, unexamined } = outcome.coverage;
    expect(unexamined).toEqual({});
    expect(files + binariesIn(skipped)).toBe(listed('-type', 'f'));
    expect(folders).toBe(listed('-type', 'd'));
    expect(skipped['link'] ?? 0).toBe(listed('-type', 'l'));
  });

  test('is gone through in small steps, and stops soon after the signal', async () => {
    const folder = newFolder({ 'endless.txt': 'x' });
    for (let n = 0; n < 20; n += 1) mkdirSync(join(folder, `sub${n}`));
    const stop = new AbortController();
    let longest = 0;
    let last = performance.now();
    const beat = setInterval(() => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }, 5);
    const host = hostPlatform({});
    let signalled: NodeJS.Timeout | undefined;
    const read: typeof host.fs.read = (_, buffer, offset, length) => {
      signalled ??= setTimeout(() => stop.abort('SIGTERM'), 150);
      Buffer.from(buffer.buffer, buffer.byteOffset).fill('eyJ AKIA some text ', offset, offset + length);
      return length;
    };
    const platform = { ...host, fs: { ...host.fs, read } };
    const began = performance.now();
    const { outcome } = await scan([folder, newFolder({ x: '' })], { signal: stop.signal, platform });
    clearInterval(beat);
    expect(performance.now() - began).toBeLessThan(2000);
    expect(longest).toBeLessThan(500);
    expect(outcome.coverage.files).toBe(0);
    expect(outcome.coverage.unexamined['stopped-early']).toBeGreaterThan(20);
  });

  test('has nothing to do when no root exists', async () => {
    await expect(scan(['/does/not/exist'])).rejects.toThrow(TaskError);
  });
});

describe('the fingerprint key', () => {
  const keyOf = (folder: string) => join(folder, 'fingerprint.key');

  test('is made once, for this user alone, with nothing beside it but its copy', async () => {
    const stateDirectory = newFolder();
    writeFileSync(`${keyOf(stateDirectory)}.new`, 'of a run that was killed');
    await scan([newFolder()], { stateDirectory });
    const key = readFileSync(keyOf(stateDirectory));
    await scan([newFolder()], { stateDirectory });
    expect(readFileSync(keyOf(stateDirectory))).toEqual(key);
    expect(key).toHaveLength(32);
    expect(statSync(keyOf(stateDirectory)).mode & 0o777).toBe(0o600);
    expect(readdirSync(stateDirectory).sort()).toEqual(['fingerprint.key', 'fingerprint.key.copy']);
  });

  test('a dry run leaves none', async () => {
    const folder = newFolder();
    await scan([folder]);
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('the room', () => {
  const source = join(import.meta.dirname, '..', '..', '..', 'src', 'scan');
  const importsOf = (file: string) =>
    readFileSync(file, 'utf8').match(/(?<=^(?:import|export) (?!type )[^;]*from ')[^']+/gm) ?? [];

  test('of the executable loads its rules, its engine and its walk only when there is work', () => {
    const loaded = new Set([join(source, 'index.ts')]);
    for (const file of loaded) {
      for (const from of importsOf(file).filter((name) => name.startsWith('.'))) {
        // As the bundler does.
        loaded.add(
          join(dirname(file), from.replace(/\/detector-module\.ts$/, '/detector-module-on-demand.ts')),
        );
      }
    }
    expect(loaded).toContain(join(source, 'files', 'detector-module-on-demand.ts'));
    expect(
      [...loaded].filter((file) =>
        /scan\/scan\.ts|scan\/(?:detect\/detect|rules|engine|walk|findings)\//.test(file),
      ),
    ).toEqual([]);
  });
});
