/**
 * The formats of files that are not text, by what their content begins with: one row for each, the more special first. A file's name decides
 * nothing. A format with a reader is opened; the others are only named and counted.
 */
import type { BinaryKind } from '../model/coverage.ts';
import { MAIL_BEGINNINGS, isMail } from './mail-signature.ts';

/** The readers: `readers/load-reader.ts` loads them. */
export type ReaderName =
  | 'ar'
  | 'binaryPlist'
  | 'brotli'
  | 'bzip2'
  | 'compoundFile'
  | 'cpio'
  | 'gzip'
  | 'lz4'
  | 'lzip'
  | 'lzma'
  | 'mail'
  | 'pdf'
  | 'rpm'
  | 'sevenZip'
  | 'sqlite'
  | 'sqliteJournal'
  | 'tar'
  | 'xz'
  | 'zip'
  | 'zstandard';

export interface Format {
  /** As people call it: `zip`. */
  readonly name: string;
  readonly kind: BinaryKind;
  /** What such a file contains at `at`, one character per byte. */
  readonly signature: string;
  /** Offset of the signature; 0 if absent. */
  readonly at?: number;
  /** A further condition. @param block the file's first bytes, up to 64 KiB */
  readonly also?: (block: Buffer) => boolean;
  /** Its signature is text, so a text may begin with it. What looks like text is then scanned as such, and opened as well. */
  readonly mayBeText?: true;
  /** What opens it; without one, files of this format are only named and counted. */
  readonly reader?: ReaderName;
  /** Opened only with `--containers=all`: it takes long or rarely contains text. */
  readonly isCostly?: true;
  /** It contains one file, which is judged as if it were next to it: `app.env` in `app.env.gz`. */
  readonly isSingle?: true;
}

const hex = (digits: string): string => Buffer.from(digits, 'hex').toString('latin1');
const has = (text: string) => (block: Buffer) => block.includes(text, 0, 'latin1');
/** As bytes: in a block at an odd address, Node 26 searches a text in UTF-16 without end. */
const hasUtf16 = (text: string) => {
  const bytes = Buffer.from(text, 'utf16le');
  return (block: Buffer) => block.includes(bytes);
};
const at = (offset: number, text: string) => (block: Buffer) =>
  block.toString('latin1', offset, offset + text.length) === text;
const isOneOf =
  (offset: number, ...bytes: readonly number[]) =>
  (block: Buffer) =>
    bytes.includes(block[offset] ?? -1);

const archive = { kind: 'archive' } as const;
const compressed = { kind: 'archive', isSingle: true } as const;
const office = { kind: 'office-document' } as const;
const database = { kind: 'database' } as const;
const image = { kind: 'image' } as const;
const media = { kind: 'audio-video' } as const;
const executable = { kind: 'executable' } as const;
const git = { kind: 'git-objects' } as const;
const keepass = { kind: 'keepass-database' } as const;

/** OpenDocument 1.3, part 2, section 3.3: the first entry is called `mimetype`. */
const ODF_MIMETYPE = 'mimetypeapplication/vnd.oasis.opendocument';

/** The order matters only among formats with the same beginning. */
const formats: readonly Format[] = [
  // Office documents are zips.
  {
    name: 'office document',
    ...office,
    signature: 'PK\x03\x04',
    also: has('[Content_Types].xml'),
    reader: 'zip',
  },
  { name: 'office document', ...office, signature: 'PK\x03\x04', also: has(ODF_MIMETYPE), reader: 'zip' },
  { name: 'zip', ...archive, signature: 'PK\x03\x04', reader: 'zip' },
  // An empty one, and one that was split and joined again (APPNOTE.TXT 6.3.10, sections 4.3.16 and 8.5.4).
  { name: 'zip', ...archive, signature: 'PK\x05\x06', reader: 'zip' },
  { name: 'zip', ...archive, signature: 'PK\x07\x08', reader: 'zip' },
  { name: 'tar', ...archive, signature: 'ustar', at: 257, also: isOneOf(262, 0, 0x20), reader: 'tar' },
  { name: 'gzip', ...compressed, signature: hex('1f8b08'), reader: 'gzip' },
  {
    name: 'bzip2',
    ...compressed,
    signature: 'BZh',
    also: isOneOf(4, 0x31, 0x17),
    reader: 'bzip2',
    mayBeText: true,
  },
  { name: 'xz', ...compressed, signature: hex('fd377a585a00'), reader: 'xz' },
  { name: 'lzma', ...compressed, signature: hex('5d0000'), also: at(12, '\xff'), reader: 'lzma' },
  { name: 'lzip', ...compressed, signature: 'LZIP\x01', reader: 'lzip' },
  { name: 'zstd', ...compressed, signature: hex('28b52ffd'), reader: 'zstandard' },
  { name: 'lz4', ...compressed, signature: hex('04224d18'), reader: 'lz4' },
  // As `lz4 -l` and Linux kernels have it.
  { name: 'lz4', ...compressed, signature: hex('02214c18'), reader: 'lz4' },
  { name: 'compress', ...compressed, signature: hex('1f9d') },
  { name: '7z', ...archive, signature: hex('377abcaf271c'), reader: 'sevenZip' },
  { name: 'rar', ...archive, signature: 'Rar!\x1a\x07' },
  {
    name: 'cpio',
    ...archive,
    signature: '07070',
    also: isOneOf(5, 0x31, 0x32, 0x37),
    reader: 'cpio',
    mayBeText: true,
  },
  { name: 'cpio', ...archive, signature: hex('c771'), reader: 'cpio' },
  { name: 'cpio', ...archive, signature: hex('71c7'), reader: 'cpio' },
  { name: 'deb', ...archive, signature: '!<arch>\ndebian-binary', reader: 'ar', mayBeText: true },
  // Mostly libraries of a compiler.
  { name: 'ar', ...archive, signature: '!<arch>\n', isCostly: true, reader: 'ar', mayBeText: true },
  { name: 'rpm', ...archive, signature: hex('edabeedb'), reader: 'rpm' },
  { name: 'cab', ...archive, signature: 'MSCF\0\0\0\0' },
  { name: 'xar', ...archive, signature: 'xar!' },
  { name: 'squashfs', ...archive, signature: 'hsqs' },
  { name: 'iso image', ...archive, signature: 'CD001', at: 32_769 },

  // Microsoft, [MS-CFB], section 2.2: mail of Outlook ([MS-OXMSG]) has this storage.
  {
    name: 'Outlook message',
    kind: 'mail',
    signature: hex('d0cf11e0a1b11ae1'),
    also: hasUtf16('__properties_version1.0'),
    reader: 'compoundFile',
  },
  { name: 'OLE2 document', ...office, signature: hex('d0cf11e0a1b11ae1'), reader: 'compoundFile' },
  { name: 'Outlook mailbox', kind: 'mail', signature: '!BDN' },
  { name: 'PDF', kind: 'pdf', signature: '%PDF-', mayBeText: true, reader: 'pdf' },
  ...MAIL_BEGINNINGS.map(
    (signature) =>
      ({ name: 'mail', kind: 'mail', signature, also: isMail, mayBeText: true, reader: 'mail' }) as const,
  ),

  { name: 'property list', kind: 'other-binary', signature: 'bplist0', reader: 'binaryPlist' },
  { name: 'SQLite', ...database, signature: 'SQLite format 3\0', reader: 'sqlite' },
  { name: 'SQLite journal', ...database, signature: hex('377f0682'), reader: 'sqliteJournal' },
  { name: 'SQLite journal', ...database, signature: hex('377f0683'), reader: 'sqliteJournal' },
  { name: 'SQLite journal', ...database, signature: hex('d9d505f920a163d7'), reader: 'sqliteJournal' },
  { name: 'Access', ...database, signature: 'Standard ', at: 4 },
  { name: 'ESE', ...database, signature: hex('efcdab89'), at: 4 },
  { name: 'LMDB', ...database, signature: hex('dec0efbe'), at: 16 },
  { name: 'Berkeley DB', ...database, signature: hex('62310500'), at: 12 },
  { name: 'Berkeley DB', ...database, signature: hex('61150600'), at: 12 },
  { name: 'Redis', ...database, signature: 'REDIS0' },
  { name: 'Parquet', ...database, signature: 'PAR1' },

  { name: 'PNG', ...image, signature: hex('89504e470d0a1a0a') },
  { name: 'JPEG', ...image, signature: hex('ffd8ff') },
  { name: 'GIF', ...image, signature: 'GIF8' },
  { name: 'TIFF', ...image, signature: 'II*\0' },
  { name: 'TIFF', ...image, signature: 'MM\0*' },
  { name: 'WebP', ...image, signature: 'RIFF', also: at(8, 'WEBP') },
  { name: 'BMP', ...image, signature: 'BM', also: at(6, '\0\0\0\0') },
  { name: 'icon', ...image, signature: hex('00000100'), also: at(5, '\0') },
  { name: 'icon', ...image, signature: 'icns' },
  { name: 'Photoshop', ...image, signature: '8BPS' },
  { name: 'GIMP', ...image, signature: 'gimp xcf' },
  { name: 'JPEG XL', ...image, signature: hex('ff0a') },
  { name: 'JPEG XL', ...image, signature: hex('0000000c4a584c20') },
  { name: 'JPEG 2000', ...image, signature: hex('0000000c6a502020') },
  // ISO/IEC 14496-12, section 4.3: the brand tells an image from a film.
  {
    name: 'HEIF',
    ...image,
    signature: 'ftyp',
    at: 4,
    also: (block) => /^(?:hei|hev|avi|mif|msf)/.test(brandOf(block)),
  },

  { name: 'MP4', ...media, signature: 'ftyp', at: 4 },
  { name: 'RIFF', ...media, signature: 'RIFF' },
  { name: 'MP3', ...media, signature: 'ID3' },
  { name: 'MP3', ...media, signature: hex('ff'), also: isOneOf(1, 0xfb, 0xf3, 0xf2) },
  { name: 'AAC', ...media, signature: hex('ff'), also: isOneOf(1, 0xf1, 0xf9) },
  { name: 'Ogg', ...media, signature: 'OggS' },
  { name: 'FLAC', ...media, signature: 'fLaC' },
  { name: 'Matroska', ...media, signature: hex('1a45dfa3') },
  { name: 'Flash video', ...media, signature: 'FLV\x01' },
  { name: 'ASF', ...media, signature: hex('3026b2758e66cf11') },
  { name: 'MPEG', ...media, signature: hex('000001'), also: isOneOf(3, 0xba, 0xb3) },
  { name: 'MIDI', ...media, signature: 'MThd' },
  { name: 'AIFF', ...media, signature: 'FORM', also: at(8, 'AIF') },

  { name: 'ELF', ...executable, signature: '\x7fELF' },
  { name: 'Windows program', ...executable, signature: 'MZ' },
  // Also a class of Java.
  { name: 'Mach-O', ...executable, signature: hex('cafebabe') },
  { name: 'Mach-O', ...executable, signature: hex('cffaedfe') },
  { name: 'Mach-O', ...executable, signature: hex('cefaedfe') },
  { name: 'Mach-O', ...executable, signature: hex('feedface') },
  { name: 'Mach-O', ...executable, signature: hex('feedfacf') },
  { name: 'WebAssembly', ...executable, signature: '\0asm' },
  { name: 'Dalvik', ...executable, signature: 'dex\n' },
  { name: 'LLVM bitcode', ...executable, signature: hex('4243c0de') },
  { name: 'Python bytecode', ...executable, signature: '\r\n', at: 2 },

  // gitformat-pack(5), gitformat-index(5), gitformat-commit-graph(5).
  { name: 'git pack', ...git, signature: 'PACK\0\0\0' },
  { name: 'git index', ...git, signature: hex('ff744f63') },
  ...['MIDX', 'CGPH', 'DIRC', 'BITM', 'RIDX'].map((signature) => ({ name: 'git index', ...git, signature })),

  // KeePass 1 and 2.
  { name: 'KeePass', ...keepass, signature: hex('03d9a29a65fb4bb5') },
  { name: 'KeePass', ...keepass, signature: hex('03d9a29a66fb4bb5') },
  { name: 'KeePass', ...keepass, signature: hex('03d9a29a67fb4bb5') },
];

/** A loose object of git: compressed text without a signature of its own, known by its place (gitrepository-layout(5)). */
const LOOSE_OBJECT = /[\\/]objects[\\/][0-9a-f]{2}[\\/](?:[0-9a-f]{38}|[0-9a-f]{62})$/;
const looseObject: Format = { name: 'git object', ...git, signature: 'x' };
/** Brotli has no signature (RFC 7932). Most such files are next to the same file without compression. */
const brotli: Format = { name: 'brotli', ...compressed, signature: '', reader: 'brotli', isCostly: true };

/** By first byte. */
const byFirst: readonly (readonly Format[])[] = Array.from({ length: 256 }, (_, byte) =>
  formats.filter((format) => (format.at ?? 0) === 0 && format.signature.charCodeAt(0) === byte),
);
/** Small files of these may have no byte that a text cannot have. */
const textByFirst = byFirst.map((rows) =>
  rows.filter((format) => format.mayBeText === true || isUnmistakable(format)),
);
const furtherIn = formats.filter((format) => (format.at ?? 0) > 0);
/** An archive of texts has zeros only between them, which makes it look like one. */
const textFurtherIn = furtherIn.filter(({ reader }) => reader !== undefined);

/**
 * The format of a file.
 * @param block its first bytes
 * @param isText it looks like text: then only formats that can look so
 */
export function formatOf(block: Buffer, isText: boolean, path: string): Format | undefined {
  const first = block[0] ?? 0;
  if (isText) {
    return (
      textByFirst[first]?.find((format) => isFormat(format, block)) ??
      textFurtherIn.find((format) => isFormat(format, block))
    );
  }
  const found =
    byFirst[first]?.find((format) => isFormat(format, block)) ??
    furtherIn.find((format) => isFormat(format, block));
  if (found !== undefined) return found;
  if (first === 0x78 && LOOSE_OBJECT.test(path)) return looseObject;
  return path.endsWith('.br') ? brotli : undefined;
}

/** No text begins with its signature. */
function isUnmistakable({ reader, signature }: Format): boolean {
  return reader !== undefined && signature.length > 2 && /[^\t\n\r\x20-\x7e]/.test(signature);
}

function isFormat({ signature, at: offset = 0, also }: Format, block: Buffer): boolean {
  for (let index = 0; index < signature.length; index += 1) {
    if (block[offset + index] !== signature.charCodeAt(index)) return false;
  }
  return also === undefined || also(block);
}

/** True for what is scanned as text, too, when it is opened. */
export function isReadAsText({ mayBeText }: Format, isText: boolean): boolean {
  return isText && mayBeText === true;
}

/** Of a file whose first box is `ftyp`. */
function brandOf(block: Buffer): string {
  return block.toString('latin1', 8, 12);
}
