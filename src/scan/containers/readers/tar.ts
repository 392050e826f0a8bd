/**
 * tar: ustar, pax, GNU's long names and sparse files, and the old format. The holes of a sparse file are left out. A block that is no
 * header is passed over, so that what follows the damage is read, and so is what follows the zeros at the end.
 */
import {
  type ByteSource,
  ContainerError,
  type ContainerEntry,
  type ReaderLimits,
  type StreamReader,
} from '../container.ts';
import { ByteReader, readFrom } from '../byte-reader.ts';
import { stopIfOver } from '../limits.ts';
import { BLOCK, type TarHeader, paxFields, readHeader } from './tar-header.ts';

/** Maximum size of an extended header: those that programs write have a few hundred bytes. */
const MAX_EXTENSION = 2 ** 20;

export const tar: StreamReader = {
  needs: 'stream',
  read: (content, _name, limits) => readFrom(content, entries, limits),
};

async function* entries(reader: ByteReader, limits: ReaderLimits): AsyncIterable<ContainerEntry> {
  let isDamaged = false;
  /** What the headers before a file say about it. */
  let next: { name?: string; size?: number; isSparse?: boolean } = {};
  while (!(await reader.atEnd())) {
    stopIfOver(limits);
    const block = await reader.take(BLOCK);
    if (block.every((byte) => byte === 0)) continue;
    const header = readHeader(block);
    if (header === undefined) {
      isDamaged = true;
      continue;
    }
    if (header.kind === 'longName' || header.kind === 'pax') {
      const bytes = await extension(reader, header);
      next = {
        ...next,
        ...(header.kind === 'pax'
          ? paxFields(bytes)
          : { name: bytes.toString('utf8').replace(/\0.*$/s, '') }),
      };
      continue;
    }
    if (header.kind === 'other') {
      await reader.skip(header.size + paddingOf(header.size));
      continue;
    }
    for (let isExtended = header.hasSparseMap; isExtended;) {
      stopIfOver(limits);
      isExtended = (await reader.take(BLOCK))[504] === 1;
    }
    const size = next.size ?? header.size;
    if (header.kind === 'file') {
      const section = reader.section(size);
      const { name = header.name, isSparse = false } = next;
      yield { name, content: isSparse ? withoutMap(section, limits) : section };
      await section.skip();
      await skipPadding(reader, size);
    }
    next = {};
  }
  if (isDamaged) throw new ContainerError('damaged', 'a header of a file');
}

async function extension(reader: ByteReader, { size }: TarHeader): Promise<Buffer> {
  if (size > MAX_EXTENSION) throw new ContainerError('container-limit', 'size of an extended header');
  const bytes = Buffer.from(await reader.take(size));
  await skipPadding(reader, size);
  return bytes;
}

/** The last file may end with its content. */
async function skipPadding(reader: ByteReader, size: number): Promise<void> {
  if (!(await reader.atEnd())) await reader.skip(paddingOf(size));
}

function paddingOf(size: number): number {
  return (BLOCK - (size % BLOCK)) % BLOCK;
}

/** A sparse file of pax begins with its map: a count and two numbers for each part, on lines of their own, filled up to a block. */
async function* withoutMap(content: ByteSource, limits: ReaderLimits): ByteSource {
  const reader = new ByteReader(content, limits);
  const line = async () => {
    let digits = '';
    for (let byte = ''; byte !== '\n'; digits += byte) {
      if (digits.length > 20) throw new ContainerError('damaged', 'map of a sparse file');
      byte = (await reader.take(1)).toString('latin1');
    }
    return Number(digits);
  };
  for (let left = 2 * (await line()); left > 0; left -= 1) {
    stopIfOver(limits);
    await line();
  }
  await reader.skip(paddingOf(reader.position));
  yield* reader.rest();
}
