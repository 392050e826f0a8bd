/** The xz container: streams of blocks of LZMA2, an index after them. Filters of processors other than x86 are not supported. */
import { type ByteSource, ContainerError, type ReaderLimits } from '../container.ts';
import type { ByteReader } from '../byte-reader.ts';
import { stopIfOver } from '../limits.ts';
import { undelta, unfilterX86 } from './filters.ts';
import { lzma2, lzma2Dictionary } from './lzma2.ts';

const MAGIC = Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]);
const HEADER = 12;
const DELTA = 3;
const X86 = 4;
const LZMA2 = 0x21;
/** Size of the check after a block, by its kind. */
const CHECK_SIZES = [0, 4, 4, 4, 8, 8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 64];

/** All streams, and the padding between them. The checks of the content are not compared: what is damaged is scanned too. */
export async function* unxz(reader: ByteReader, limits: ReaderLimits): ByteSource {
  for (;;) {
    stopIfOver(limits);
    const header = await reader.take(HEADER);
    const flags = header.subarray(6, 8);
    if (!header.subarray(0, 6).equals(MAGIC) || flags[0] !== 0 || (flags[1] ?? 0) > 15) {
      throw new ContainerError('damaged', 'header of a stream');
    }
    const checkSize = CHECK_SIZES[flags[1] ?? 0] ?? 0;
    for (;;) {
      stopIfOver(limits);
      const size = (await reader.take(1)).readUInt8();
      if (size === 0) break;
      const { dictionary, filters } = readBlockHeader(await reader.take(4 * size + 3));
      const start = reader.position;
      let content = lzma2(reader, dictionary, limits);
      for (const filter of filters) content = filter(content);
      yield* content;
      const padding = (4 - ((reader.position - start) % 4)) % 4;
      await reader.skip(padding + checkSize);
    }
    await skipIndex(reader, limits);
    await reader.skip(HEADER);
    if (await skipPadding(reader)) return;
  }
}

type Filter = (source: ByteSource) => ByteSource;

/** @param header without its first byte @returns filters in the order in which they decode */
function readBlockHeader(header: Buffer): { dictionary: number; filters: Filter[] } {
  const flags = header.readUInt8(0);
  if ((flags & 0x3c) !== 0) throw new ContainerError('unsupported', 'flags of a block');
  let at = 1;
  const number = () => {
    const { value, next } = variableNumber(header, at);
    at = next;
    return value;
  };
  // The declared sizes are not needed.
  if ((flags & 0x40) !== 0) number();
  if ((flags & 0x80) !== 0) number();
  const filters: Filter[] = [];
  for (let left = flags & 3; left > 0; left -= 1) {
    const [id, size] = [number(), number()];
    const distance = (header[at] ?? 0) + 1;
    at += size;
    if (id === DELTA && size === 1) filters.unshift((source) => undelta(source, distance));
    else if (id === X86 && size === 0) filters.unshift(unfilterX86);
    else throw new ContainerError('unsupported', 'filters of a block');
  }
  if (number() !== LZMA2) throw new ContainerError('unsupported', 'filters of a block');
  if (number() !== 1 || at >= header.length) throw new ContainerError('damaged', 'filters of a block');
  return { dictionary: lzma2Dictionary(header.readUInt8(at)), filters };
}

/** A number in groups of seven bits, the lowest first. */
function variableNumber(bytes: Buffer, start: number): { value: number; next: number } {
  let value = 0;
  for (let at = start; at < bytes.length && at < start + 9; at += 1) {
    const byte = bytes.readUInt8(at);
    value += (byte & 0x7f) * 2 ** (7 * (at - start));
    if (byte < 0x80) return { value, next: at + 1 };
  }
  throw new ContainerError('damaged', 'a number in a header');
}

/** Reads over the records of all blocks, after the byte that announces them, and over the padding and the sum. */
async function skipIndex(reader: ByteReader, limits: ReaderLimits): Promise<void> {
  const start = reader.position - 1;
  const number = async () => {
    const { value, next } = variableNumber(await reader.peek(9), 0);
    await reader.skip(next);
    return value;
  };
  const count = await number();
  for (let n = 0; n < 2 * count; n += 1) {
    if (n % 1024 === 0) stopIfOver(limits);
    await number();
  }
  await reader.skip(((4 - ((reader.position - start) % 4)) % 4) + 4);
}

/** Reads over zeros between streams. @returns true at the end of the file */
async function skipPadding(reader: ByteReader): Promise<boolean> {
  for (;;) {
    if (await reader.atEnd()) return true;
    const next = await reader.peek(4);
    if (next.length < 4 || next.readUInt32LE() !== 0) return false;
    await reader.skip(4);
  }
}
