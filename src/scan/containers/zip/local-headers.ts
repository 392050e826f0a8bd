/** The headers before the content of each entry: where it begins, and what is known of a zip file that has no directory. */
import type { ContainerBytes, ReaderLimits } from '../container.ts';
import type { SliceReader } from '../slices.ts';
import { type ZipEntry, decodeName, withExtraFields } from './directory.ts';

const LOCAL_SIZE = 30;
const LOCAL = 0x04_03_4b_50;
const HAS_DESCRIPTOR = 8;
/** What may follow the content of an entry: a descriptor, another entry, the directory or its end. */
const SIGNATURES = [0x08_07_4b_50, LOCAL, 0x02_01_4b_50, 0x06_05_4b_50];

/** Where the content of an entry begins; undefined if there is no header. */
export function contentStart(content: ContainerBytes, { place }: ZipEntry): number | undefined {
  const header = Buffer.alloc(LOCAL_SIZE);
  if (place < 0 || place + LOCAL_SIZE > content.size) return undefined;
  const length = content.read(header, 0, LOCAL_SIZE, place);
  if (length < LOCAL_SIZE || header.readUInt32LE(0) !== LOCAL) return undefined;
  return place + LOCAL_SIZE + header.readUInt16LE(26) + header.readUInt16LE(28);
}

/** The entries whose headers are found one after the other. */
export function* localEntries(bytes: SliceReader, limits: ReaderLimits): Generator<ZipEntry> {
  for (let at = bytes.find([LOCAL], 0, limits); at !== undefined;) {
    const header = bytes.at(at, LOCAL_SIZE);
    if (header.length < LOCAL_SIZE) return;
    const [flags, method] = [header.readUInt16LE(6), header.readUInt16LE(8)];
    const sizes = { packedSize: header.readUInt32LE(18), size: header.readUInt32LE(22), place: at };
    const [nameSize, extraSize] = [header.readUInt16LE(26), header.readUInt16LE(28)];
    const start = at + LOCAL_SIZE + nameSize + extraSize;
    const name = decodeName(bytes.at(at + LOCAL_SIZE, nameSize), flags);
    const entry = {
      ...withExtraFields(bytes.at(at + LOCAL_SIZE + nameSize, extraSize), { name, ...sizes }),
      place: at,
    };
    // The sizes may only stand behind the content.
    const isUnknown = (flags & HAS_DESCRIPTOR) !== 0 && entry.packedSize === 0;
    const end = isUnknown ? (bytes.find(SIGNATURES, start, limits) ?? bytes.size) : start + entry.packedSize;
    yield { flags, method, ...entry, packedSize: Math.max(0, end - start), ...(isUnknown && { size: NaN }) };
    at = bytes.find([LOCAL], end, limits);
  }
}
