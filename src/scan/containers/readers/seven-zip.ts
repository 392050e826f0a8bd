/** 7z: files that were compressed together are decoded in one go. PPMd, and the filters of processors other than x86, are not supported. */
import {
  type BytesReader,
  type ContainerBytes,
  type ContainerEntry,
  ContainerError,
  type ReaderLimits,
} from '../container.ts';
import { type ByteReader, readFrom } from '../byte-reader.ts';
import { stopIfOver } from '../limits.ts';
import { folderContent } from '../seven-zip/folder-content.ts';
import { type Folder, type Streams, readArchive, readStreams } from '../seven-zip/header.ts';
import { HeaderReader } from '../seven-zip/header-reader.ts';
import { slice } from '../slices.ts';

const SIGNATURE = '377abcaf271c';
const START = 32;
const HEADER = 1;
const PACKED_HEADER = 23;

export const sevenZip: BytesReader = {
  needs: 'bytes',
  async *read(content, _name, limits) {
    const header = await readHeader(content, limits);
    if (header === undefined) return;
    const { streams, files } = readArchive(header);
    const withContent = files.filter(({ hasContent }) => hasContent).values();
    for (const { folder, start, size } of placesOf(streams)) {
      const names = folder.files.map(() => withContent.next().value?.name ?? '');
      yield* entriesOf(content, { folder, start, size, names }, limits);
    }
  },
};

interface Place {
  readonly folder: Folder;
  readonly start: number;
  readonly size: number;
}

/** Where the packed bytes of each folder are: one stream for each input that is read from the file. */
function* placesOf({ start, packedSizes, folders }: Streams): Generator<Place> {
  let at = START + start;
  let stream = 0;
  for (const folder of folders) {
    const sizes = packedSizes.slice(stream, stream + folder.packed.length);
    yield { folder, start: at, size: sizes[0] ?? 0 };
    stream += folder.packed.length;
    at += sizes.reduce((total, one) => total + one, 0);
  }
}

/** Reads the header, which usually is compressed like a file. @returns undefined if the archive is empty */
async function readHeader(content: ContainerBytes, limits: ReaderLimits): Promise<HeaderReader | undefined> {
  const start = await allOf(slice(content, 0, START, limits), START);
  if (start.toString('hex', 0, 6) !== SIGNATURE) throw new ContainerError('damaged', 'start of the archive');
  const place = START + Number(start.readBigUInt64LE(12));
  const size = Number(start.readBigUInt64LE(20));
  if (size === 0) return undefined;
  const most = limits.memoryBytes / 2;
  let header = new HeaderReader(await allOf(slice(content, place, size, limits), most));
  for (let kind = header.byte(); kind !== HEADER; kind = header.byte()) {
    stopIfOver(limits);
    if (kind !== PACKED_HEADER) throw new ContainerError('damaged', 'the header');
    const [first] = placesOf(readStreams(header));
    if (first === undefined) throw new ContainerError('damaged', 'the header');
    const packed = folderContent(content, first.folder, first, limits);
    if (typeof packed === 'string') throw new ContainerError(packed, 'the header');
    header = new HeaderReader(await allOf(packed, most));
  }
  return header;
}

async function allOf(source: AsyncIterable<Uint8Array>, most: number): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of source) {
    size += piece.length;
    if (size > most) throw new ContainerError('container-limit', 'size of the header');
    pieces.push(Uint8Array.from(piece));
  }
  return Buffer.concat(pieces);
}

async function* entriesOf(
  content: ContainerBytes,
  { folder, start, size, names }: Place & { readonly names: readonly string[] },
  limits: ReaderLimits,
): AsyncIterable<ContainerEntry> {
  const source = folderContent(content, folder, { start, size }, limits);
  if (typeof source === 'string') {
    for (const name of names) yield { name, content: source };
    return;
  }
  yield* readFrom(source, (reader) => filesIn(reader, folder, names, limits), limits);
}

async function* filesIn(
  reader: ByteReader,
  { files }: Folder,
  names: readonly string[],
  limits: ReaderLimits,
): AsyncIterable<ContainerEntry> {
  for (const [index, fileSize] of files.entries()) {
    stopIfOver(limits);
    const section = reader.section(fileSize);
    yield { name: names[index] ?? '', content: section };
    // What is cut off here is missing in all files after this one, each of which says so.
    if (!reader.ended || reader.end > reader.start) await section.skip().catch(() => undefined);
  }
}
