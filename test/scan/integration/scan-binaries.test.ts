/** Text in binaries: what is found there with the flag, at which byte, and that nothing changes without it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { Fields } from '../../../src/host/log/index.ts';
import { scanOnce } from '../scan-once.ts';
import { WideStrings } from '../../../src/scan/detect/wide-strings.ts';
import { Dice, plantable, plantableKinds, planted } from '../../../fixtures/tokens.ts';

const CHUNK = 1024 * 1024 + 192 * 1024;
const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function newFolder(files: Readonly<Record<string, Buffer>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'binaries-'));
  folders.push(folder);
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
}

async function scan(folder: string, binaries = true) {
  const records: Fields[] = [];
  const outcome = await scanOnce(
    { roots: [folder], binaries },
    { log: (_, fields = {}) => void records.push(fields) },
  );
  const places = outcome.findings
    .flatMap((finding) =>
      (finding.locations ?? [finding]).map(
        ({ bytes }) =>
          `${finding.path.slice(folder.length + 1)} ${finding.rule} ${bytes?.offset}+${bytes?.length}`,
      ),
    )
    .sort();
  return { outcome, places, records };
}

const wide = (text: string) => Buffer.from(text, 'utf16le');
/** Neither text nor zeros alone; its first byte makes a file binary. */
const noise = (length: number) =>
  Buffer.from(Array.from({ length }, (_, n) => (n % 3 === 0 ? 0 : 0x80 + (n % 97))));

/** Bytes that are no text, with these parts in it. */
function binary(length: number, parts: Readonly<Record<number, Buffer>>): Buffer {
  const bytes = noise(length);
  for (const [place, part] of Object.entries(parts)) part.copy(bytes, Number(place));
  return bytes;
}

describe('text in binaries', () => {
  // Mollie's keys begin as Lob's do and are shorter, as ntfy's are than Vikunja's: beside other letters, they cannot be told apart.
  const ambiguous = new Set(['lob-api-key', 'vikunja-api-token']);
  test.each(plantableKinds.filter((kind) => !ambiguous.has(kind)))(
    '%s, as bytes and in UTF-16 at even and odd places',
    async (kind) => {
      const text = `${planted(kind)}\n`;
      const { outcome } = await scan(
        newFolder({
          bytes: binary(30_000, { 101: Buffer.from(text) }),
          even: binary(60_000, { 100: wide(text) }),
          odd: binary(60_000, { 101: wide(text) }),
        }),
      );
      const of = (name: string) =>
        outcome.findings
          .filter(({ path, rule }) => path.endsWith(name) && rule === kind)
          .map(({ bytes }) => bytes);
      const [first] = of('bytes');
      const { offset = 0, length = 0 } = first ?? {};
      expect(offset).toBeGreaterThanOrEqual(101);
      expect(of('bytes')).toHaveLength(1);
      expect(of('even')).toEqual([{ offset: 100 + 2 * (offset - 101), length: 2 * length }]);
      expect(of('odd')).toEqual([{ offset: 101 + 2 * (offset - 101), length: 2 * length }]);
    },
  );

  test('wherever a chunk ends, once each', async () => {
    const files: Record<string, Buffer> = {};
    const expected: string[] = [];
    for (const delta of [-300, -83, -82, -81, -41, -40, -17, -16, -15, -1, 0, 1]) {
      for (const [name, make] of [
        ['bytes', (text: string) => Buffer.from(text)],
        ['wide', wide],
      ] as const) {
        const token = make(plantable('github-classic-token', `${delta}`));
        const file = `${name}${delta}`;
        files[file] = binary(CHUNK + 1000, { [CHUNK + delta]: token, 5: token, 65_530: token });
        for (const place of [CHUNK + delta, 5, 65_530])
          expected.push(`${file} github-classic-token ${place}+${token.length}`);
      }
    }
    const { places, outcome } = await scan(newFolder(files));
    expect(places).toEqual(expected.sort());
    expect(outcome.coverage).toMatchObject({ files: 24, skipped: {}, unexamined: {} });
  });

  test('beside letters of something else', async () => {
    const at = (name: string, before: string, kind: string, after: string) =>
      [name, binary(2000, { 900: Buffer.from(`${before}${plantable(kind)}${after}`) })] as const;
    const files = [
      // A compiled script: None comes after the constant.
      at('a', '\xda(', 'github-classic-token', 'N)\x01'),
      at('b', '\xda\x14', 'aws-access-key-id', 'N)\x01'),
      at('c', '\xda]', 'github-fine-grained-token', 'Nr'),
      // A row of a database: the values have nothing between them.
      at('d', 'octocat', 'github-oauth-token', '2026-01-01'),
      at('e', 'build', 'npm-access-token', 'registry'),
      // Neither a checksum nor a beginning says that this is a token.
      at('f', 'SKIP', 'aws-access-key-id', '\0'),
    ];
    const { outcome } = await scan(newFolder(Object.fromEntries(files)));
    const found = outcome.findings.map(
      ({ path, rule, evidence }) => `${path.at(-1)} ${rule} ${evidence[0] ?? ''}`,
    );
    expect(found.sort()).toEqual([
      'a github-classic-token checksum valid',
      expect.stringMatching(/^b aws-access-key-id /),
      'c github-fine-grained-token ',
      'd github-oauth-token checksum valid',
      'e npm-access-token checksum valid',
    ]);
  });

  test('in a run of UTF-16 longer than the memory for it', async () => {
    const lines = Array.from({ length: 60_000 }, (_, n) =>
      n % 1000 === 0 ? plantable('npm-access-token', `${n}`) : `line ${n} of a long resource`,
    );
    const text = lines.join('\r\n');
    const folder = newFolder({ 'long.dll': binary(2 * text.length + 2000, { 1001: wide(text) }) });
    const { places } = await scan(folder);
    const expected = [...text.matchAll(/npm_\w{36}/g)].map(
      ({ index }) => `long.dll npm-access-token ${1001 + 2 * index}+80`,
    );
    expect(expected).toHaveLength(60);
    expect(places).toEqual(expected.sort());
  });

  test('is located by its byte, in the record too', async () => {
    const token = plantable('github-classic-token');
    const folder = newFolder({ a: binary(1000, { 500: Buffer.from(`\n${token}`) }) });
    const { outcome, records } = await scan(folder);
    expect(outcome.findings).toMatchObject([
      { line: 1, column: 502, endLine: 1, endColumn: 542, bytes: { offset: 501, length: 40 } },
    ]);
    const record = records.find(({ rule }) => rule !== undefined);
    expect(record).toMatchObject({ offset: 501 });
    expect(record).not.toHaveProperty('line');
  });

  test('is ignored without the flag', async () => {
    const folder = newFolder({ a: binary(1000, { 500: Buffer.from(plantable('github-classic-token')) }) });
    const { outcome } = await scan(folder, false);
    expect(outcome.findings).toEqual([]);
    expect(outcome.coverage).toMatchObject({ files: 0, skipped: { 'other-binary': 1 } });
  });

  test('does not change the findings in texts beside it', async () => {
    const token = plantable('github-classic-token');
    const folder = newFolder({
      a: Buffer.from(`\n ${token}`),
      b: binary(1000, { 500: wide(token) }),
      c: Buffer.from(`\n ${token}`),
    });
    const { outcome } = await scan(folder);
    const texts = outcome.findings.filter(({ path }) => !path.endsWith('b'));
    expect(texts).toHaveLength(2);
    for (const finding of texts) {
      expect(finding).toMatchObject({ line: 2, column: 2, endLine: 2, endColumn: 42 });
      expect(finding).not.toHaveProperty('bytes');
    }
  });
});

describe('runs of UTF-16', () => {
  /** Every run of eight ASCII characters or more, by the obvious expression, with where it begins. */
  const reference = (bytes: Buffer) =>
    Array.from(bytes.toString('latin1').matchAll(/(?:[\t\n\r -~]\0){8,}/g), ({ 0: run, index }) => ({
      text: run.replaceAll('\0', ''),
      from: index,
    }));

  /** What the class takes of chunks of this size, with a target of that one. */
  function taken(bytes: Buffer, chunk: number, room: number) {
    const target = Buffer.alloc(room);
    const strings = new WideStrings(target);
    let text = '';
    const froms: number[] = [];
    const drop = () => {
      for (let n = 0; n < strings.length; n += 1) froms.push(strings.offsetOf(text.length + n));
      text += target.toString('latin1', 0, strings.length);
      strings.keep(0);
    };
    for (let at = 0, end = 0; end < bytes.length;) {
      end = Math.min(bytes.length, end + chunk);
      for (;;) {
        at = strings.take(bytes.subarray(0, end), at, end, 0);
        if (!strings.isFull) break;
        drop();
      }
    }
    drop();
    return Array.from(text.matchAll(/[^\0]+/g), ({ 0: run, index }) => ({ text: run, from: froms[index] }));
  }

  test('are found as an expression finds them, however they are chunked', () => {
    const dice = new Dice('wide');
    let runs = 0;
    for (let round = 0; round < 300; round += 1) {
      // Few kinds of bytes, so that runs begin, end and touch in every way.
      const parts = Array.from(dice.bytes(60), (byte) =>
        byte < 150
          ? wide('x'.repeat(byte % 13))
          : Buffer.from([[0], [0x41], [0x80], [0, 0], [0x41, 0x41]][byte % 5] ?? []),
      );
      const bytes = Buffer.concat(parts);
      const expected = reference(bytes);
      runs += expected.length;
      for (const [chunk, room] of [
        [bytes.length, 10_000],
        [17, 100],
        [40, 11],
      ] as const) {
        expect(taken(bytes, chunk, room)).toEqual(expected);
      }
    }
    expect(runs).toBeGreaterThan(1000);
  });
});
