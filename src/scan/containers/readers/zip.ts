/**
 * zip, and what is one inside: Java's, Android's, Python's and .NET's packages, and office documents, whose text is extracted. If there is
 * no directory, as in a file that is cut off, the entries that can be found are read.
 */
import {
  type BytesReader,
  type ByteSource,
  type ContainerBytes,
  ContainerError,
  type ContainerGap,
  type ReaderLimits,
} from '../container.ts';
import { type ByteReader, readFrom } from '../byte-reader.ts';
import { unbzip2 } from '../decoders/bzip2.ts';
import { lzmaProperties } from '../decoders/lzma.ts';
import { lzma } from '../decoders/lzma2.ts';
import { inflateRaw, inflateSmall, unzstd } from '../decoders/node-zlib.ts';
import { unxz } from '../decoders/xz.ts';
import { SliceReader, slice } from '../slices.ts';
import { officeEntries } from '../office/office.ts';
import { type ZipEntry, directoryEntries, findDirectory } from '../zip/directory.ts';
import { contentStart, localEntries } from '../zip/local-headers.ts';

/** A password, strong encryption, and a masked local header. */
const ENCRYPTED = 0x2041;
const AES = 99;
const DEFLATE = 8;
const HAS_END_MARKER = 2;
/** Maximum size of the compressed data that is inflated at once. */
const SMALL = 16_384;

export const zip: BytesReader = {
  needs: 'bytes',
  async *read(content, _name, limits) {
    const bytes = new SliceReader(content);
    const directory = findDirectory(bytes);
    const entries = () =>
      directory === undefined ? localEntries(bytes, limits) : directoryEntries(bytes, directory, limits);
    const open = (entry: ZipEntry) => openEntry(content, entry, limits);
    yield* officeEntries(withoutOverlap(entries, content.size), open, limits);
    if (directory === undefined) throw new ContainerError('damaged', 'no directory');
  },
};

/** All entries but folders. Entries that share their bytes are a bomb: together, they cannot be larger than the file. */
function withoutOverlap(entries: () => Generator<ZipEntry>, fileSize: number) {
  return function* checked(): Generator<ZipEntry> {
    let left = fileSize;
    for (const entry of entries()) {
      left -= Math.max(0, Math.min(entry.packedSize, fileSize - entry.place));
      if (left < 0) throw new ContainerError('damaged', 'entries that overlap');
      if (entry.size > 0 || !entry.name.endsWith('/')) yield entry;
    }
  };
}

/** The content of an entry. The size that is declared for it does not matter, except where the method needs it. */
function openEntry(
  content: ContainerBytes,
  entry: ZipEntry,
  limits: ReaderLimits,
): ByteSource | ContainerGap {
  const { flags, method, packedSize } = entry;
  if ((flags & ENCRYPTED) !== 0 || method === AES) return 'encrypted';
  const decode = methods[method];
  if (decode === undefined) return 'unsupported';
  const start = contentStart(content, entry);
  if (start === undefined) return 'damaged';
  const packed = slice(content, start, packedSize, limits);
  if (method !== DEFLATE || packedSize > SMALL) return decode(packed, limits, entry);
  return small(content, start, packedSize) ?? decode(packed, limits, entry);
}

/** Most entries are small: they are inflated at once. */
function small(content: ContainerBytes, start: number, size: number): ByteSource | undefined {
  const packed = Buffer.alloc(size);
  const bytes = content.read(packed, 0, size, start) === size ? inflateSmall(packed) : undefined;
  return bytes === undefined ? undefined : once(bytes);
}

// oxlint-disable-next-line typescript/require-await -- A source is asynchronous.
async function* once(bytes: Buffer): ByteSource {
  yield bytes;
}

type Decode = (packed: ByteSource, limits: ReaderLimits, entry: ZipEntry) => ByteSource;

const methods: Readonly<Record<number, Decode>> = {
  0: (packed) => packed,
  [DEFLATE]: (packed, limits) => readFrom(packed, inflateRaw, limits),
  12: (packed, limits) => readFrom(packed, unbzip2, limits),
  14: (packed, limits, entry) => readFrom(packed, (reader) => lzmaOfZip(reader, entry, limits), limits),
  20: (packed, limits) => readFrom(packed, unzstd, limits),
  93: (packed, limits) => readFrom(packed, unzstd, limits),
  95: (packed, limits) => readFrom(packed, unxz, limits),
};

/** LZMA with a header of its own: a version and the size of the properties, and these. */
async function* lzmaOfZip(reader: ByteReader, { flags, size }: ZipEntry, limits: ReaderLimits): ByteSource {
  const header = await reader.take(9);
  if (header.readUInt16LE(2) !== 5) throw new ContainerError('damaged', 'properties of LZMA');
  const properties = lzmaProperties(header.readUInt8(4));
  const dictionary = header.readUInt32LE(5);
  const isSizeKnown = (flags & HAS_END_MARKER) === 0 && !Number.isNaN(size);
  yield* lzma(reader, { properties, dictionary, ...(isSizeKnown && { size }) }, limits);
}
