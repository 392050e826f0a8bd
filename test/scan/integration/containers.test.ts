/**
 * Every format that is opened, as a table: plain, nested twice, damaged, encrypted, and as a bomb. One scan looks at all of them; a new format
 * adds a row. What is sound is found at its location, everything else is a gap.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ScanOutcome } from '../../../src/scan/model/finding.ts';
import { makeAr, makeSevenZip } from '../../../fixtures/containers/make-archives.ts';
import { makeOdt } from '../../../fixtures/containers/office-documents.ts';
import { writtenArchives } from '../../../fixtures/containers/written-archives.ts';
import { plantable } from '../../../fixtures/tokens.ts';
import { type Entries, gzipOf, madeBy, tarOf, zipOf, zstdOf } from '../container-makers.ts';
import { scanOnce } from '../scan-once.ts';
import { pathOf } from '../../tool.ts';

const MB = 1024 * 1024;

interface Format {
  /** The ending of its files. */
  readonly ending: string;
  /** What it makes of an entry. Of a file that is only compressed, the name is not kept. */
  readonly make: (name: string, content: Buffer) => Promise<Buffer> | Buffer;
  /** The place of the entry in `plain.ENDING`, if it is not its name. */
  readonly inside?: string;
  /** A program that `make` needs. */
  readonly needs?: string;
  /** The same entry with a password. */
  readonly encrypted?: (name: string, content: Buffer) => Promise<Buffer> | Buffer;
  /** Something small that claims or contains a great deal. */
  readonly bomb?: () => Promise<Buffer> | Buffer;
  /** Why it is not read to its end, if not because of a limit. */
  readonly bombGap?: string;
}

const single = (ending: string, compress: (content: Buffer) => Buffer, needs?: string): Format => ({
  ending,
  make: (_, content) => compress(content),
  inside: 'plain',
  bomb: () => {
    // Members and frames may follow each other.
    const member = compress(Buffer.alloc(4 * MB, 'a line of text without a secret\n'));
    return Buffer.concat([member, member]);
  },
  ...(needs !== undefined && { needs }),
});

const formats: readonly Format[] = [
  {
    ending: 'zip',
    make: (name, content) => zipOf({ [name]: content }),
    encrypted: () => writtenArchives.zipEncrypted,
    bomb: matryoshka,
  },
  { ending: 'tar', make: (name, content) => tarOf({ [name]: content }) },
  { ending: 'tar.gz', make: async (name, content) => gzipOf(await tarOf({ [name]: content })) },
  single('gz', gzipOf),
  single('zst', zstdOf),
  single('bz2', (content) => madeBy('bzip2', ['-1'], content), 'bzip2'),
  single('xz', (content) => madeBy('xz', ['-1'], content), 'xz'),
  single('lz4', (content) => madeBy('lz4', ['-1'], content), 'lz4'),
  { ending: '7z', make: makeSevenZip, encrypted: () => writtenArchives.sevenZipEncrypted },
  { ending: 'cpio', make: cpioOf, needs: 'cpio' },
  { ending: 'deb', make: (name, content) => makeAr({ 'debian-binary': '2.0\n', [name]: content }) },
  {
    ending: 'docx',
    make: (_, content) =>
      zipOf({ '[Content_Types].xml': '', 'word/document.xml': paragraphs(content, 'w:t') }),
    inside: 'word/document.txt',
  },
  {
    ending: 'odt',
    make: (_, content) => zipOf({ mimetype: ODT, 'content.xml': paragraphs(content, 'text:span') }),
    inside: 'content.txt',
    encrypted: () => makeOdt(true),
  },
];

/** A cpio archive of one file. */
function cpioOf(name: string, content: Buffer): Buffer {
  const place = join(mkdtempSync(join(tmpdir(), 'cpio-')), name);
  mkdirSync(dirname(place), { recursive: true });
  writeFileSync(place, content);
  const root = place.slice(0, -name.length);
  const archive = madeBy('cpio', ['-o', '-H', 'newc', '--quiet', '-D', root], Buffer.from(name));
  rmSync(root, { recursive: true });
  return archive;
}

/** Lines as paragraphs of a document, each split in the middle. */
function paragraphs(content: Buffer, element: string): string {
  const lines = content.toString().split('\n').slice(0, -1);
  const parts = (line: string) => [line.slice(0, line.length / 2), line.slice(line.length / 2)];
  const run = (text: string) => `<${element}>${text}</${element}>`;
  return `<body>${lines.map((line) => `<p>${parts(line).map(run).join('')}</p>`).join('')}</body>`;
}

/** A zip in a zip, and so on: deeper than any run opens. */
async function matryoshka(): Promise<Buffer> {
  let zip = await zipOf({ 'bomb.txt': 'a' });
  for (let level = 0; level < 12; level += 1) zip = await zipOf({ 'bomb.zip': zip });
  return zip;
}

const ODT = 'application/vnd.oasis.opendocument.text';
const ENTRY = 'etc/app.env';
const token = (seed: string) => Buffer.from(`first line\n  ${plantable('github-classic-token', seed)}\n`);
const available = formats.filter(({ needs }) => needs === undefined || pathOf(needs) !== undefined);

const folder = mkdtempSync(join(tmpdir(), 'containers-'));
let outcome: ScanOutcome;
/** Locations of findings below the folder, and reasons of gaps by place. */
let found: readonly string[];
let gaps: ReadonlyMap<string, string>;

beforeAll(async () => {
  for (const { ending, make, encrypted, bomb } of available) {
    const plain = await make(ENTRY, token(`plain ${ending}`));
    // Half of it, with enough that is random for the cut to be in the content.
    const noise = Buffer.concat([token(`damaged ${ending}`), randomText(200_000)]);
    const damaged = await make(ENTRY, noise);
    const files: Entries = {
      [`plain.${ending}`]: plain,
      [`nested-${ending}.zip`]: await zipOf({
        'inner.tar': await tarOf({ [`plain.${ending}`]: await make(ENTRY, token(`nested ${ending}`)) }),
      }),
      [`damaged.${ending}`]: damaged.subarray(0, damaged.length / 2),
      ...(encrypted && { [`encrypted.${ending}`]: await encrypted(ENTRY, token(`encrypted ${ending}`)) }),
      ...(bomb && { [`bomb.${ending}`]: await bomb() }),
    };
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  }
  // Bombs need not be large.
  outcome = await scanOnce({ roots: [folder], containerLimit: 4 });
  const below = (path: string) => path.slice(folder.length + 1);
  found = outcome.findings.map(({ path, line, column }) => `${below(path)}:${line}:${column}`);
  gaps = new Map(outcome.coverage.gaps.map(({ path, reason }) => [below(path), reason]));
}, 120_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Hexadecimal digits that hardly compress. */
function randomText(length: number): Buffer {
  let [state, text] = [1, ''];
  while (text.length < length) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    text += `${state.toString(36)} `;
  }
  return Buffer.from(text);
}

/** Why a file, or what it contains, was not read. */
function reasonsIn(file: string): ReadonlySet<string> {
  const places = [...gaps.keys()].filter((place) => place === file || place.startsWith(`${file}!/`));
  return new Set(places.map((place) => gaps.get(place) ?? ''));
}

describe.each(available)(
  '$ending',
  ({ ending, inside = ENTRY, encrypted, bomb, bombGap = 'container-limit' }) => {
    test('plain and nested twice: found at the location inside', () => {
      expect(found).toContain(`plain.${ending}!/${inside}:2:3`);
      expect(found).toContain(`nested-${ending}.zip!/inner.tar!/plain.${ending}!/${inside}:2:3`);
    });

    test('what cannot be read is a gap', () => {
      expect(reasonsIn(`damaged.${ending}`)).toEqual(new Set(['damaged']));
      if (encrypted) expect(reasonsIn(`encrypted.${ending}`)).toEqual(new Set(['encrypted']));
      if (bomb) expect(reasonsIn(`bomb.${ending}`)).toEqual(new Set([bombGap]));
    });
  },
);
