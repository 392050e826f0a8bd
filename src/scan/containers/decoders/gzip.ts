/** gzip (RFC 1952): members, each a header, a deflate stream and a sum, which is not compared: what is damaged is scanned too. */
import type { ByteReader } from '../byte-reader.ts';
import { type ByteSource, ContainerError, type ReaderLimits } from '../container.ts';
import { stopIfOver } from '../limits.ts';
import { inflateRaw, inflateWhole } from './node-zlib.ts';

const MAGIC = 0x1f_8b_08;
const HAS_HEADER_SUM = 2;
const HAS_EXTRA = 4;
const HAS_NAME = 8;
const HAS_COMMENT = 16;
const TRAILER = 8;
const SMALL_BYTES = 65_536;

/** All members; zeros after the last one are padding, and anything else there is damage. */
export async function* gunzip(reader: ByteReader, limits: ReaderLimits): ByteSource {
  do {
    stopIfOver(limits);
    await skipHeader(reader);
    // A small file at once, in a fraction of the time.
    const rest = await reader.peek(SMALL_BYTES + 1);
    const member = rest.length <= SMALL_BYTES ? inflateWhole(rest) : undefined;
    if (member === undefined) yield* inflateRaw(reader, limits);
    else {
      await reader.skip(member.length);
      yield* member.pieces;
    }
    await reader.skip(TRAILER);
  } while (!(await reader.skipZeros()));
}

async function skipHeader(reader: ByteReader): Promise<void> {
  const header = await reader.take(10);
  const flags = header.readUInt8(3);
  if (header.readUIntBE(0, 3) !== MAGIC) throw new ContainerError('damaged', 'header of a member');
  if ((flags & HAS_EXTRA) !== 0) await reader.skip((await reader.take(2)).readUInt16LE());
  if ((flags & HAS_NAME) !== 0) await skipText(reader);
  if ((flags & HAS_COMMENT) !== 0) await skipText(reader);
  if ((flags & HAS_HEADER_SUM) !== 0) await reader.skip(2);
}

async function skipText(reader: ByteReader): Promise<void> {
  while ((await reader.take(1)).readUInt8() !== 0);
}
