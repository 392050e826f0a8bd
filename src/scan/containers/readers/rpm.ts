/** rpm: the texts of the header (scripts, descriptions) as one entry, and the files of the package. */
import {
  type ByteSource,
  ContainerError,
  type ContainerEntry,
  type ReaderLimits,
  type StreamReader,
} from '../container.ts';
import { type ByteReader, readFrom } from '../byte-reader.ts';
import { unbzip2 } from '../decoders/bzip2.ts';
import { gunzip } from '../decoders/gzip.ts';
import { unzstd } from '../decoders/node-zlib.ts';
import { unxz } from '../decoders/xz.ts';
import { cpioEntries } from './cpio.ts';
import { lzmaAlone } from './lzma.ts';

const LEAD = 96;
const HEADER_MAGIC = 0x8e_ad_e8_01;
const INDEX_ENTRY = 16;

export const rpm: StreamReader = {
  needs: 'stream',
  read: (content, _name, limits) => readFrom(content, entries, limits),
};

async function* entries(reader: ByteReader, limits: ReaderLimits): AsyncIterable<ContainerEntry> {
  await reader.skip(LEAD);
  const signature = await headerSize(reader);
  await reader.skip(signature + ((8 - (signature % 8)) % 8));
  const size = await headerSize(reader);
  const header = reader.section(size);
  yield { name: 'header.txt', content: asLines(header) };
  await header.skip();
  yield* readFrom(await decompressed(reader, limits), cpioEntries, limits);
}

/** Reads the start of a header. @returns the size of what follows: its index and its values */
async function headerSize(reader: ByteReader): Promise<number> {
  const start = await reader.take(16);
  if (start.readUInt32BE(0) !== HEADER_MAGIC) throw new ContainerError('damaged', 'a header of the package');
  return INDEX_ENTRY * start.readUInt32BE(8) + start.readUInt32BE(12);
}

/** Each value on a line of its own: between texts there are zeros, and numbers with other control characters. */
async function* asLines(header: ByteSource): ByteSource {
  for await (const piece of header) yield piece.map((byte) => (byte < 0x20 && byte !== 0x09 ? 0x0a : byte));
}

async function decompressed(reader: ByteReader, limits: ReaderLimits): Promise<ByteSource> {
  const start = (await reader.peek(6)).toString('hex');
  if (start.startsWith('1f8b')) return gunzip(reader, limits);
  if (start.startsWith('28b52ffd')) return unzstd(reader, limits);
  if (start.startsWith('425a68')) return unbzip2(reader, limits);
  if (start.startsWith('fd377a585a00')) return unxz(reader, limits);
  if (start.startsWith('5d00')) return lzmaAlone(reader, limits);
  return reader.rest();
}
