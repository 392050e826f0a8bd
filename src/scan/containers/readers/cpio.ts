/** cpio: the portable formats (newc, crc, odc) and the binary one. What follows an archive, as in an initial RAM disk, is an entry too. */
import { ContainerError, type ContainerEntry, type ReaderLimits, type StreamReader } from '../container.ts';
import { type ByteReader, readFrom } from '../byte-reader.ts';
import { stopIfOver } from '../limits.ts';

const MAX_NAME = 65_536;
const TRAILER = 'TRAILER!!!';

interface Header {
  readonly nameSize: number;
  readonly size: number;
  readonly mode: number;
  /** Name and content are filled up to a multiple of this. */
  readonly unit: number;
  readonly length: number;
}

export const cpio: StreamReader = {
  needs: 'stream',
  read: (content, _name, limits) => readFrom(content, cpioEntries, limits),
};

/** The files of all archives that follow each other. */
export async function* cpioEntries(reader: ByteReader, limits: ReaderLimits): AsyncIterable<ContainerEntry> {
  for (;;) {
    stopIfOver(limits);
    const header = readHeader(await reader.peek(110));
    if (header === undefined) {
      // The end of an archive that has no trailer is not known: only what cannot be read is.
      if (await reader.atEnd()) throw reader.cutOff();
      throw new ContainerError('damaged', 'a header of a file');
    }
    const { nameSize, size, mode, unit, length } = header;
    if (nameSize > MAX_NAME) throw new ContainerError('container-limit', 'size of a name');
    await reader.skip(length);
    const name = (await reader.take(nameSize)).toString('utf8').replace(/\0.*$/s, '');
    await reader.skip(paddingOf(length + nameSize, unit));
    if (name === TRAILER) {
      if (await reader.skipZeros()) return;
      if (readHeader(await reader.peek(110)) === undefined) {
        yield { name: 'rest', content: reader.rest() };
        return;
      }
      continue;
    }
    const section = reader.section(size);
    // Links have their target as content, and folders none.
    if ((mode & 0o170000) === 0o100000) yield { name, content: section };
    await section.skip();
    await reader.skip(paddingOf(size, unit));
  }
}

function readHeader(bytes: Buffer): Header | undefined {
  const magic = bytes.toString('latin1', 0, 6);
  const numberAt = (radix: number) => (at: number, length: number) => {
    const digits = bytes.toString('latin1', at, at + length);
    return /^[0-9a-f]+$/i.test(digits) ? Number.parseInt(digits, radix) : NaN;
  };
  const hex = numberAt(16);
  const octal = numberAt(8);
  const binary = bytes.length < 26 ? 0 : bytes.readUInt16LE(0);
  const header = ((): Header | undefined => {
    if (magic === '070701' || magic === '070702') {
      return { mode: hex(14, 8), size: hex(54, 8), nameSize: hex(94, 8), unit: 4, length: 110 };
    }
    if (magic === '070707') {
      return { mode: octal(18, 6), nameSize: octal(59, 6), size: octal(65, 11), unit: 1, length: 76 };
    }
    if (binary !== 0o070707 && binary !== 0xc771) return undefined;
    const short = (at: number) => (binary === 0xc771 ? bytes.readUInt16BE(at) : bytes.readUInt16LE(at));
    return { mode: short(6), nameSize: short(20), size: short(22) * 65_536 + short(24), unit: 2, length: 26 };
  })();
  if (header === undefined || bytes.length < header.length) return undefined;
  const { mode, nameSize, size } = header;
  return Number.isNaN(mode + nameSize + size) ? undefined : header;
}

function paddingOf(length: number, unit: number): number {
  return (unit - (length % unit)) % unit;
}
