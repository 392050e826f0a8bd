/** The header of a 7z archive: where its streams are, how each was compressed, and which files are in it (`7zFormat.txt` of its SDK). */
import { ContainerError } from '../container.ts';
import type { HeaderReader } from './header-reader.ts';

export interface Coder {
  readonly id: string;
  readonly properties: Buffer;
  readonly inputs: number;
  readonly outputs: number;
}

/** Files that were compressed together, by one or more coders. */
export interface Folder {
  readonly coders: readonly Coder[];
  /** Which output is the input of another coder. */
  readonly pairs: readonly { readonly input: number; readonly output: number }[];
  /** Which inputs are read from the file. */
  readonly packed: readonly number[];
  /** Of each output. */
  sizes: number[];
  /** Of the files. */
  files: number[];
}

export interface Streams {
  /** Where the first is, counted from the end of the first header. */
  readonly start: number;
  readonly packedSizes: readonly number[];
  readonly folders: readonly Folder[];
}

export interface SevenZipFile {
  readonly name: string;
  readonly hasContent: boolean;
}

/** Maximum number of coders of a folder, and of their inputs and outputs: the limit of 7-Zip. */
const MAX_CODERS = 64;

const END = 0;
const ARCHIVE_PROPERTIES = 2;
const ADDITIONAL_STREAMS = 3;
const MAIN_STREAMS = 4;
const FILES = 5;
const PACK_INFO = 6;
const UNPACK_INFO = 7;
const SUB_STREAMS = 8;
const SIZE = 9;
const DIGESTS = 10;
const FOLDER = 11;
const UNPACK_SIZE = 12;
const NUMBER_OF_FILES = 13;
const EMPTY_STREAM = 14;
const NAMES = 17;

const noStreams: Streams = { start: 0, packedSizes: [], folders: [] };

/** @param header without its first byte, which says what it is */
export function readArchive(header: HeaderReader): { streams: Streams; files: SevenZipFile[] } {
  let streams = noStreams;
  let files: SevenZipFile[] = [];
  for (let property = header.byte(); property !== END; property = header.byte()) {
    if (property === ARCHIVE_PROPERTIES) skipProperties(header);
    else if (property === ADDITIONAL_STREAMS) readStreams(header);
    else if (property === MAIN_STREAMS) streams = readStreams(header);
    else if (property === FILES) files = readFiles(header);
    else throw new ContainerError('unsupported', 'a property of the archive');
  }
  return { streams, files };
}

function skipProperties(header: HeaderReader): void {
  while (header.byte() !== END) header.bytes(header.number());
}

export function readStreams(header: HeaderReader): Streams {
  let { start, packedSizes, folders } = noStreams;
  for (let property = header.byte(); property !== END; property = header.byte()) {
    if (property === PACK_INFO) ({ start, packedSizes } = readPackInfo(header));
    else if (property === UNPACK_INFO) folders = readFolders(header);
    else if (property === SUB_STREAMS) readSubStreams(header, folders);
    else throw new ContainerError('damaged', 'the header');
  }
  return { start, packedSizes, folders };
}

function readPackInfo(header: HeaderReader): Pick<Streams, 'start' | 'packedSizes'> {
  const start = header.number();
  const count = header.count();
  let packedSizes: number[] = [];
  for (let property = header.byte(); property !== END; property = header.byte()) {
    if (property === SIZE) packedSizes = Array.from({ length: count }, () => header.number());
    else if (property === DIGESTS) header.skipDigests(count);
    else throw new ContainerError('damaged', 'the header');
  }
  return { start, packedSizes };
}

function readFolders(header: HeaderReader): Folder[] {
  header.expect(FOLDER);
  const count = header.count();
  if (header.byte() !== 0) throw new ContainerError('unsupported', 'a header in another stream');
  const folders = Array.from({ length: count }, () => readFolder(header));
  header.expect(UNPACK_SIZE);
  for (const folder of folders) {
    const outputs = sum(folder.coders.map(({ outputs }) => outputs));
    folder.sizes = Array.from({ length: outputs }, () => header.number());
    const size = folder.sizes.find((_, output) => folder.pairs.every((pair) => pair.output !== output));
    folder.files = [size ?? 0];
  }
  for (let property = header.byte(); property !== END; property = header.byte()) {
    if (property !== DIGESTS) throw new ContainerError('damaged', 'the header');
    header.skipDigests(count);
  }
  return folders;
}

function readFolder(header: HeaderReader): Folder {
  const count = header.count();
  if (count > MAX_CODERS) throw new ContainerError('damaged', 'the header');
  const coders = Array.from({ length: count }, () => readCoder(header));
  const [inputs, outputs] = [
    sum(coders.map(({ inputs }) => inputs)),
    sum(coders.map(({ outputs }) => outputs)),
  ];
  if (outputs === 0 || inputs + outputs > MAX_CODERS) throw new ContainerError('damaged', 'the header');
  const pairs = Array.from({ length: outputs - 1 }, () => ({
    input: header.number(),
    output: header.number(),
  }));
  const packedCount = inputs - pairs.length;
  if (packedCount < 1) throw new ContainerError('damaged', 'the header');
  const unbound = Array.from({ length: inputs }, (_, n) => n).filter((n) =>
    pairs.every(({ input }) => input !== n),
  );
  const packed = packedCount === 1 ? unbound : Array.from({ length: packedCount }, () => header.number());
  return { coders, pairs, packed, sizes: [], files: [] };
}

function readCoder(header: HeaderReader): Coder {
  const flags = header.byte();
  const id = header.bytes(flags & 15).toString('hex');
  const isComplex = (flags & 0x10) !== 0;
  const [inputs, outputs] = isComplex ? [header.count(), header.count()] : [1, 1];
  const properties = (flags & 0x20) === 0 ? Buffer.alloc(0) : header.bytes(header.number());
  return { id, properties, inputs, outputs };
}

/** The sizes of the files in each folder: that of the last one is what is left. */
function readSubStreams(header: HeaderReader, folders: readonly Folder[]): void {
  const digests = () => sum(folders.map(({ files }) => files.length));
  let counts = folders.map(() => 1);
  let property = header.byte();
  if (property === NUMBER_OF_FILES) {
    counts = folders.map(() => header.count());
    property = header.byte();
  }
  if (sum(counts) > header.size) throw new ContainerError('damaged', 'the header');
  for (const [index, folder] of folders.entries()) {
    const [total = 0] = folder.files;
    const count = counts[index] ?? 0;
    const sizes =
      property === SIZE ? Array.from({ length: Math.max(0, count - 1) }, () => header.number()) : [];
    folder.files = count === 0 ? [] : [...sizes, Math.max(0, total - sum(sizes))];
  }
  if (property === SIZE) property = header.byte();
  for (; property !== END; property = header.byte()) {
    if (property !== DIGESTS) throw new ContainerError('damaged', 'the header');
    header.skipDigests(digests());
  }
}

function readFiles(header: HeaderReader): SevenZipFile[] {
  const count = header.count();
  let names: string[] = [];
  let empty: boolean[] = [];
  for (let property = header.byte(); property !== END; property = header.byte()) {
    const size = header.number();
    if (property === EMPTY_STREAM) empty = header.bits(count, false);
    else if (property === NAMES) names = header.bytes(size).toString('utf16le', 1).split('\0', count);
    else header.bytes(size);
  }
  return Array.from({ length: count }, (_, n) => ({ name: names[n] ?? '', hasContent: empty[n] !== true }));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
