/** zip, and what is one inside: Java's, Android's, Python's and .NET's packages, and office documents, whose text is extracted. */
import {
  type BytesReader,
  type ByteSource,
  type ContainerBytes,
  type ContainerEntry,
  ContainerError,
  type ContainerGap,
  type ReaderLimits,
} from '../container.ts';
import { unbzip2 } from '../decoders/bzip2.ts';
import { inflateRaw, unzstd } from '../decoders/node-zlib.ts';
import { unxz } from '../decoders/xz.ts';
import { stopIfOver } from '../limits.ts';
import { SliceReader, slice } from '../slices.ts';
import { decoded } from './compressed-file.ts';
import { type ZipEntry, decodeName, directoryEntries, findDirectory } from './zip-directory.ts';
import { zipLzma } from './zip-lzma.ts';

const LOCAL = 0x04_03_4b_50;
const LOCAL_SIZE = 30;
const HAS_DESCRIPTOR = 8;
/** A password, strong encryption, and a masked local header. */
const ENCRYPTED = 0x2041;
/** What may follow the content of an entry: a descriptor, another entry, the directory, its end. */
const SIGNATURES = new Set([0x08_07_4b_50, LOCAL, 0x02_01_4b_50, 0x06_05_4b_50, 0x08_06_4b_50]);

export const zip: BytesReader = {
  needs: 'bytes',
  async *read(content, _name, limits) {
    const bytes = new SliceReader(content);
    const directory = findDirectory(bytes);
    const entries = directory === undefined ? localEntries(bytes, limits) : directoryEntries(bytes, directory, limits);
    /** Entries that share their bytes are a bomb: together, entries cannot be larger than the file. */
    let left = content.size;
    for (const entry of entries) {
      left -= LOCAL_SIZE + entry.packedSize;
      if (left < 0) throw new ContainerError('damaged', 'entries that overlap or end behind the file');
      if (entry.size === 0 && entry.name.endsWith('/')) continue;
      yield { name: entry.name, content: open(content, entry, limits) };
    }
    if (directory === undefined) throw new ContainerError('damaged', 'no directory');
  },
};
