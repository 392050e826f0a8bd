/**
 * The generated part of the corpus: what servers have and packages do not. Logs, JSON, settings, UTF-16, binaries,
 * and among them tokens that were never issued. The same seed gives the same bytes.
 */
import { plantable, plantableKinds, planted } from '../../fixtures/tokens.ts';
import { Random } from '../shared/random.ts';

export interface GeneratedFile {
  /** Below the corpus, with forward slashes. */
  readonly path: string;
  readonly content: Buffer;
}

const KB = 1024;
const MB = 1024 * KB;

/** How many of each, and their minimum and maximum size in bytes. */
const SORTS = {
  logs: { count: 60, least: 256 * KB, most: 16 * MB, make: log },
  documents: { count: 2400, least: KB, most: 128 * KB, make: document },
  settings: { count: 6000, least: 160, most: 6 * KB, make: settings },
  'utf-16': { count: 400, least: KB, most: 96 * KB, make: utf16 },
  binaries: { count: 600, least: 4 * KB, most: MB, make: binary },
  images: { count: 3, least: 8 * MB, most: 24 * MB, make: binary },
} as const;

/** Of this many suitable files, one contains a token. */
const PLANTED_IN = 24;
const FILES_IN_FOLDER = 64;

const WORDS =
  'account address alert archive batch broker buffer cache channel client cluster commit config counter customer database default deploy device endpoint event export filter gateway group handler header health index invoice journal key latency ledger limit listener locale mailbox manager message metric module monitor node notify object offset order owner packet partition password payload payment policy pool port profile proxy query queue quota record region replica request response retry route scheduler schema secret segment server service session shard signal snapshot socket status storage stream subnet table target tenant thread ticket timeout token topic trace tunnel update upload user value vault version volume window worker zone'.split(
    ' ',
  );
const LEVELS = ['DEBUG', 'INFO', 'INFO', 'INFO', 'INFO', 'WARN', 'ERROR'];
const MAGIC = ['7f454c46020101', '89504e470d0a1a0a', '504b030414000000', '00617363', 'cafebabe00000041'];

/** Kinds for which a seed always gives the same token; some contain a key that is new each time. */
const kinds = plantableKinds.filter((kind) => {
  const [first, second] = [plantable(kind), plantable(kind)];
  return first === second;
});

/** Every file, in a fixed order. One is in memory at a time. */
export function* generatedFiles(seed: string): Generator<GeneratedFile, void, undefined> {
  for (const [sort, { count, least, most, make }] of Object.entries(SORTS)) {
    for (let index = 0; index < count; index += 1) {
      const name = `${sort}/${Math.floor(index / FILES_IN_FOLDER)}/${index}`;
      const random = new Random(`${seed}/${name}`);
      const { extension, content } = make(random, random.size(least, most), token(random, name));
      yield { path: `${name}.${extension}`, content };
    }
  }
}

type Made = { readonly extension: string; readonly content: Buffer };

/** A line with a token in few files, an empty string in most. */
function token(random: Random, seed: string): string {
  if (random.below(PLANTED_IN) !== 0) return '';
  const kind = random.pick(kinds);
  return planted(kind, plantable(kind, seed));
}

function text(random: Random, words: number): string {
  return Array.from({ length: words }, () => random.pick(WORDS)).join(' ');
}

/** Lines until there are enough bytes, with the token somewhere between them. */
function lines(random: Random, size: number, secret: string, line: () => string): string {
  const parts: string[] = [];
  const tokenAt = random.below(size);
  let length = 0;
  let isPlanted = secret === '';
  while (length < size) {
    const part = !isPlanted && length >= tokenAt ? secret : line();
    isPlanted ||= part === secret;
    parts.push(part);
    length += part.length + 1;
  }
  if (!isPlanted) parts.push(secret);
  return `${parts.join('\n')}\n`;
}

function log(random: Random, size: number, secret: string): Made {
  let time = Date.UTC(2025, 0, 1) + random.below(1e9);
  const line = () => {
    time += random.below(2000);
    const place = `${random.pick(WORDS)}.${random.pick(WORDS)}`;
    const tail = `id=${random.hex(16)} took=${random.below(5000)}ms from=10.${random.below(256)}.${random.below(256)}.7`;
    return `${new Date(time).toISOString()} ${random.pick(LEVELS)} [${place}] ${text(random, 3 + random.below(8))} ${tail}`;
  };
  return { extension: 'log', content: Buffer.from(lines(random, size, secret, line)) };
}

function document(random: Random, size: number, secret: string): Made {
  const line = () =>
    JSON.stringify({
      id: random.hex(24),
      [random.pick(WORDS)]: text(random, 4),
      [random.pick(WORDS)]: random.below(1e6),
      tags: [random.pick(WORDS), random.pick(WORDS)],
    });
  const rows = lines(random, size, secret === '' ? '' : JSON.stringify({ note: secret }), line);
  return { extension: 'json', content: Buffer.from(`[\n${rows.trimEnd().replaceAll('\n', ',\n')}\n]\n`) };
}

function settings(random: Random, size: number, secret: string): Made {
  const [extension, sign] = random.pick([
    ['env', '='],
    ['ini', ' = '],
    ['yaml', ': '],
    ['properties', '='],
  ] as const);
  const line = () =>
    random.below(8) === 0
      ? `# ${text(random, 6)}`
      : `${random.pick(WORDS)}_${random.pick(WORDS)}${sign}${random.pick([text(random, 1), random.hex(8), String(random.below(65536))])}`;
  return { extension, content: Buffer.from(lines(random, size, secret, line)) };
}

/** Half of them big-endian, half of them without a byte order mark. */
function utf16(random: Random, size: number, secret: string): Made {
  const mark = random.below(2) === 0 ? '\ufeff' : '';
  const content = Buffer.from(mark + lines(random, size / 2, secret, () => text(random, 9)), 'utf16le');
  return { extension: 'txt', content: random.below(2) === 0 ? content : content.swap16() };
}

/** The beginning of a known format, then noise with some readable strings in it. */
function binary(random: Random, size: number): Made {
  const content = random.fill(Buffer.alloc(size));
  content.write(random.pick(MAGIC), 'hex');
  content.fill(0, 16, 64);
  for (let offset = 4096; offset + 256 < size; offset += 8192)
    content.write(`\0${text(random, 12)}\0`, offset, 200);
  return { extension: 'bin', content };
}
