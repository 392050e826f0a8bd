/** A file that is compressed with lzip: members of LZMA with fixed properties, each with an end marker and a trailer. */
import { type ByteSource, ContainerError, type ReaderLimits } from '../container.ts';
import type { ByteReader } from '../byte-reader.ts';
import { lzma } from '../decoders/lzma2.ts';
import { stopIfOver } from '../limits.ts';
import { compressedFile } from './compressed-file.ts';

const MAGIC = 'LZIP\u0001';
const TRAILER = 20;

export const lzip = compressedFile(unlzip);

async function* unlzip(reader: ByteReader, limits: ReaderLimits): ByteSource {
  do {
    stopIfOver(limits);
    const header = await reader.take(6);
    if (header.toString('latin1', 0, 5) !== MAGIC) throw new ContainerError('damaged', 'header of a member');
    const coded = header.readUInt8(5);
    // A power of two, less some sixteenths of it.
    const base = 2 ** (coded & 31);
    const dictionary = base - (base / 16) * (coded >> 5);
    yield* lzma(reader, { properties: { lc: 3, lp: 0, pb: 2 }, dictionary }, limits);
    await reader.skip(TRAILER);
  } while (!(await reader.atEnd()));
}
