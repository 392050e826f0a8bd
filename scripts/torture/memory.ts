/** The maximum resident memory for inputs that are crafted to cost memory. None may take more than 200 MB. */
import {
  closeSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { type Row, type Trial, howEnded } from './harness.ts';
import { criticalToken, draw, fakeLine } from './tokens.ts';

/** Millions of bytes. */
const MOST = 200;

/** Writes this many bytes by repeating a text. */
function repeated(path: string, text: string | Buffer, bytes: number): void {
  const piece = Buffer.concat(
    Array.from({ length: Math.ceil(65_536 / text.length) }, () => Buffer.from(text)),
  );
  const block = Buffer.concat(
    Array.from({ length: Math.max(1, Math.floor(1e6 / piece.length)) }, () => piece),
  );
  const file = openSync(path, 'w');
  for (let left = bytes; left > 0; left -= block.length)
    writeSync(file, block, 0, Math.min(left, block.length));
  closeSync(file);
}

interface Input {
  readonly name: string;
  readonly isShort?: boolean;
  readonly make: (trial: Trial, home: string) => void;
  readonly args?: readonly string[];
  readonly wall?: number;
}

function content(
  name: string,
  text: string | Buffer | (() => string),
  megabytes: number,
  besides: Partial<Input> & { file?: string } = {},
): Input {
  return {
    name,
    make: (_, home) =>
      repeated(
        join(home, besides.file ?? 'big.txt'),
        typeof text === 'function' ? text() : text,
        megabytes * 1e6,
      ),
    ...besides,
  };
}

/** Base64 of an image of one colour: the same group repeated, with or without line breaks. */
const blank = `data:image/png;base64,${'A'.repeat(1_000_000)}\n`;

const inputs: readonly Input[] = [
  { name: 'nothing', isShort: true, make: () => undefined },
  content('10 MB of A', 'A', 10, { isShort: true }),
  content('50 MB of A', 'A', 50),
  content('50 MB of A in lines of 76', `${'A'.repeat(76)}\n`, 50),
  content('50 MB of 1', '1', 50),
  content('50 MB of f', 'f', 50),
  content('50 MB of /', '/', 50),
  content('50 MB of %41', '%41', 50),
  content('50 MB of \\u0041', '\\u0041', 50),
  content('base64 of a blank image', blank, 20, { isShort: true }),
  content('base64 of zero bytes in JSON', `{"image": "${'AAAA'.repeat(100_000)}"}\n`, 20),
  content('base64 of text, nested three times', () => nested(3), 20),
  content('base64 of base64 of A', () => `${Buffer.from('A'.repeat(300_000)).toString('base64')}\n`, 20),
  content('one line of 100 MB', 'lorem ipsum dolor sit amet ', 100),
  content('one line of 100 MB of passwords', () => fakeLine('m').replace('\n', ' '), 20),
  content(
    'many short strings',
    () => Array.from({ length: 20_000 }, (_, n) => `"${draw(6, n)}",`).join(''),
    30,
    { isShort: true },
  ),
  content('many short lines', 'a\n', 50),
  content('line breaks only', '\n', 50),
  content('many keywords', 'password secret token key api_key auth ', 30),
  content('many assignments', 'key=', 20),
  content('many URLs', 'https://a:b@c ', 20),
  content('UTF-16', Buffer.from(`password = "${draw(15, 'utf16')}7"\r\n`.repeat(100), 'utf16le'), 30),
  content(
    'UTF-16 of A with a mark',
    Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('A'.repeat(500_000), 'utf16le')]),
    30,
  ),
  content('many private keys cut short', '-----BEGIN PRIVATE KEY-----\n', 20, { isShort: true }),
  content('one private key of 50 MB', 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7\n', 50),
  content('many findings', () => Array.from({ length: 5000 }, (_, n) => fakeLine(n)).join(''), 10, {
    isShort: false,
  }),
  content(
    'many critical findings',
    () => Array.from({ length: 5000 }, (_, n) => `${criticalToken(n)}\n`).join(''),
    10,
  ),
  content('quotes', '"', 50),
  content('brackets', '{"a":[', 50, { file: 'big.json' }),
  content('XML', '<a><b password="', 30, { file: 'big.xml' }),
  content('binary with strings', () => `\0\0${draw(30, 'b')}\0${'A'.repeat(40)}`, 30, {
    file: 'big.bin',
    args: ['--binaries'],
  }),
  content('binary of A in UTF-16', Buffer.from('\0\0A\0', 'latin1'), 50, {
    file: 'big.bin',
    args: ['--binaries'],
  }),
  content('zero bytes as binary', Buffer.alloc(65_536), 50, { file: 'big.bin', args: ['--binaries'] }),
  {
    name: 'sparse file of 100 GB with one byte at the end',
    make: (_, home) => {
      const file = openSync(join(home, 'sparse.txt'), 'w');
      ftruncateSync(file, 1e11);
      writeSync(file, 'x', 1e11);
      closeSync(file);
    },
    args: ['--max-duration=15s'],
  },
  { name: 'a folder of 300,000 files', make: (_, home) => entries(home, 300_000, 'files'), wall: 240 },
  { name: 'a folder of 1,000,000 files', make: (_, home) => entries(home, 1_000_000, 'files'), wall: 500 },
  { name: 'a folder of 300,000 folders', make: (_, home) => entries(home, 300_000, 'folders'), wall: 240 },
  { name: 'a folder of 300,000 links', make: (_, home) => entries(home, 300_000, 'links'), wall: 240 },
  {
    name: 'a folder of 100,000 long names',
    isShort: false,
    make: (_, home) => entries(home, 100_000, 'long'),
    wall: 240,
  },
  {
    name: '3,000 folders in each other',
    make: (_, home) => {
      let path = home;
      process.chdir(path);
      for (let level = 0; level < 3000; level += 1) {
        mkdirSync('d');
        process.chdir('d');
        path = join(path, 'd');
      }
      writeFileSync('x.ini', fakeLine('deep'));
      process.chdir('/');
    },
  },
  {
    name: 'workers: 40 files of 10 MB of A',
    make: (_, home) => {
      for (let n = 0; n < 40; n += 1) repeated(join(home, `${n}.txt`), 'A', 1e7);
    },
    args: ['--workers=4'],
  },
];

/** A text in base64 in base64 in base64. */
function nested(levels: number): string {
  let text = `password = "${draw(15, 'nested')}7"\n`.repeat(2000);
  for (let level = 0; level < levels; level += 1) text = Buffer.from(text).toString('base64');
  return `${text}\n`;
}

function entries(home: string, count: number, kind: 'files' | 'folders' | 'links' | 'long'): void {
  for (let entry = 0; entry < count; entry += 1) {
    const name = join(home, kind === 'long' ? `${entry}`.padEnd(250, 'n') : `entry-${entry}`);
    if (kind === 'folders') mkdirSync(name);
    else if (kind === 'links') symlinkSync('/', name);
    else closeSync(openSync(name, 'w'));
  }
}

export const memory: readonly Row[] = inputs.map(
  ({ name, isShort = false, make, args = [], wall = 120 }) => ({
    name: `memory/${name}`,
    isShort,
    run: async (trial) => {
      const home = trial.makeFolder('home');
      make(trial, home);
      for (const mode of name.startsWith('a folder') || name.startsWith('many findings')
        ? ['--dry-run', '--standalone']
        : ['--dry-run']) {
        const state = mode === '--standalone' ? ['--state-dir', trial.makeState()] : [];
        const ended = await trial.scan([mode, ...state, ...args, home], { wall });
        trial.check(ended.limit === null && (ended.code === 0 || ended.code === 11), howEnded(ended));
        trial.check(ended.peakMb <= MOST, `${mode}: ${Math.round(ended.peakMb)} MB`);
        trial.measure(`${Math.round(ended.peakMb)} MB${mode === '--standalone' ? ' with state' : ''}`);
      }
    },
  }),
);
