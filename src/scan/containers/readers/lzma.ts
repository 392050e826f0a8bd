/** A file of LZMA alone, as programs wrote it before there was xz. */
import { type ByteSource, ContainerError, type ReaderLimits } from '../container.ts';
import type { ByteReader } from '../byte-reader.ts';
import { lzmaProperties } from '../decoders/lzma.ts';
import { lzma as decode } from '../decoders/lzma2.ts';
import { compressedFile } from './compressed-file.ts';

const UNKNOWN_SIZE = 2n ** 64n - 1n;

export const lzma = compressedFile(lzmaAlone);

export async function* lzmaAlone(reader: ByteReader, limits: ReaderLimits): ByteSource {
  const header = await reader.take(13);
  const properties = lzmaProperties(header.readUInt8(0));
  const dictionary = header.readUInt32LE(1);
  const declared = header.readBigUInt64LE(5);
  const size = declared === UNKNOWN_SIZE ? undefined : Number(declared);
  yield* decode(reader, { properties, dictionary, ...(size !== undefined && { size }) }, limits);
  if (!(await reader.atEnd())) throw new ContainerError('damaged', 'bytes after the end');
}
