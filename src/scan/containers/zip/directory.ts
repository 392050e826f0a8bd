/**
 * The directory of a zip file. It is found whatever stands before the archive (a program that extracts it) or after it, and one damaged
 * entry costs no other.
 */
import { ContainerError, type ReaderLimits } from '../container.ts';
import { stopIfOver } from '../limits.ts';
import type { SliceReader } from '../slices.ts';
import { codePage437 } from './code-page-437.ts';

const END = 0x06_05_4b_50;
const END_64 = 0x06_06_4b_50;
const LOCATOR_64 = 0x07_06_4b_50;
const ENTRY = 0x02_01_4b_50;
/** What may follow the last entry: one of the ends, or a signature of the directory. */
const ENDS = new Set([END, END_64, 0x05_05_4b_50]);
const END_SIZE = 22;
const LOCATOR_SIZE = 20;
const ENTRY_SIZE = 46;
const MAX_COMMENT = 0xff_ff;
/** Maximum number of places at which the signature of the end is followed by nothing that fits. */
const MAX_TRIES = 32;
/** How much of the end of the file is searched at a time. */
const PART = 32_768;
const IN_EXTRA_FIELD = 0xff_ff_ff_ff;
/** The version of the format from which on the directory itself may be encrypted. */
const VERSION_ENCRYPTED_DIRECTORY = 62;

export interface ZipEntry {
  readonly name: string;
  readonly flags: number;
  readonly method: number;
  readonly packedSize: number;
  readonly size: number;
  /** Where its local header is in the file. */
  readonly place: number;
}

export interface ZipDirectory {
  readonly start: number;
  readonly count: number;
  /** Number of bytes before the archive that its offsets do not count. */
  readonly shift: number;
}

/** @returns undefined if there is none. @throws ContainerError if it is encrypted */
export function findDirectory(bytes: SliceReader): ZipDirectory | undefined {
  let tries = 0;
  for (const place of endPlaces(bytes)) {
    const directory = directoryAt(bytes, place);
    if (directory !== undefined) return directory;
    tries += 1;
    if (tries === MAX_TRIES) break;
  }
  return undefined;
}

/** Where the record at the end may be, from the end of the file. */
function* endPlaces(bytes: SliceReader): Generator<number> {
  const first = Math.max(0, bytes.size - END_SIZE - MAX_COMMENT);
  // In two parts, which overlap, because a part is at most 64 KiB.
  for (const start of [Math.max(first, bytes.size - PART), first]) {
    const part = Buffer.from(bytes.at(start, PART + 2 * END_SIZE));
    for (let at = part.length - 4; at >= 0; at -= 1) {
      if (part.readUInt32LE(at) === END) yield start + at;
    }
  }
}

function directoryAt(bytes: SliceReader, place: number): ZipDirectory | undefined {
  const end = bytes.at(place, END_SIZE);
  if (end.length < END_SIZE) return undefined;
  let [count, size, offset, recordStart] = [
    end.readUInt16LE(10),
    end.readUInt32LE(12),
    end.readUInt32LE(16),
    place,
  ];
  let version = 0;
  const locator = bytes.at(place - LOCATOR_SIZE, LOCATOR_SIZE);
  if (place >= LOCATOR_SIZE && locator.readUInt32LE(0) === LOCATOR_64) {
    const declared = Number(locator.readBigUInt64LE(8));
    // With bytes before the archive, the record is where the locator does not say, but usually right before it.
    for (const start of [declared, place - LOCATOR_SIZE - 56]) {
      const record = start < 0 || start > place ? Buffer.alloc(0) : bytes.at(start, 56);
      if (record.length < 56 || record.readUInt32LE(0) !== END_64) continue;
      version = record.readUInt16LE(14);
      count = Number(record.readBigUInt64LE(32));
      size = Number(record.readBigUInt64LE(40));
      offset = Number(record.readBigUInt64LE(48));
      recordStart = start;
      break;
    }
  }
  if (count === 0) return { start: recordStart, count, shift: 0 };
  for (const start of [offset, recordStart - size]) {
    if (start < 0 || start + ENTRY_SIZE > recordStart) continue;
    if (bytes.at(start, 4).readUInt32LE(0) === ENTRY) return { start, count, shift: start - offset };
  }
  if (version >= VERSION_ENCRYPTED_DIRECTORY) throw new ContainerError('encrypted', 'the directory');
  return undefined;
}

/** @throws ContainerError after the last entry, if some could not be read */
export function* directoryEntries(
  bytes: SliceReader,
  { start, shift }: ZipDirectory,
  limits: ReaderLimits,
): Generator<ZipEntry> {
  let isDamaged = false;
  /** Where the fixed part of the last entry ends. */
  let searched = start + 1;
  for (let at = start; ;) {
    stopIfOver(limits);
    const fixed = bytes.at(at, ENTRY_SIZE);
    const signature = fixed.length < 4 ? 0 : fixed.readUInt32LE(0);
    if (ENDS.has(signature)) break;
    if (signature !== ENTRY || fixed.length < ENTRY_SIZE) {
      // The sizes of the last entry are wrong: the next one has to be looked for.
      isDamaged = true;
      const next = bytes.find([ENTRY], searched, limits);
      if (next === undefined || next + ENTRY_SIZE > bytes.size) break;
      at = next;
      searched = at + ENTRY_SIZE;
      continue;
    }
    searched = at + ENTRY_SIZE;
    const [flags, method] = [fixed.readUInt16LE(8), fixed.readUInt16LE(10)];
    const sizes = {
      packedSize: fixed.readUInt32LE(20),
      size: fixed.readUInt32LE(24),
      place: fixed.readUInt32LE(42),
    };
    const [nameSize, extraSize] = [fixed.readUInt16LE(28), fixed.readUInt16LE(30)];
    const commentSize = fixed.readUInt16LE(32);
    const name = decodeName(bytes.at(at + ENTRY_SIZE, nameSize), flags);
    const extra = bytes.at(at + ENTRY_SIZE + nameSize, extraSize);
    const real = withExtraFields(extra, { name, ...sizes });
    yield { flags, method, ...real, place: real.place + shift };
    at += ENTRY_SIZE + nameSize + extraSize + commentSize;
  }
  if (isDamaged) throw new ContainerError('damaged', 'the directory');
}

type Described = Pick<ZipEntry, 'name' | 'packedSize' | 'size' | 'place'>;

/** What the extra fields say instead: sizes of more than 32 bits (1), and the name in UTF-8 (0x7075). */
export function withExtraFields(extra: Buffer, entry: Described): Described {
  let { name, size, packedSize, place } = entry;
  for (let at = 0; at + 4 <= extra.length;) {
    const [id, length] = [extra.readUInt16LE(at), extra.readUInt16LE(at + 2)];
    const data = extra.subarray(at + 4, at + 4 + length);
    if (id === 1) {
      let field = 0;
      const long = (before: number) => {
        if (before !== IN_EXTRA_FIELD || field + 8 > data.length) return before;
        field += 8;
        return Number(data.readBigUInt64LE(field - 8));
      };
      size = long(size);
      packedSize = long(packedSize);
      place = long(place);
    } else if (id === 0x7075 && data.length > 5) {
      name = data.toString('utf8', 5);
    }
    at += 4 + length;
  }
  return { name, size, packedSize, place };
}

/** Bit 11 says that it is UTF-8; otherwise it is code page 437, unless its bytes can only be meant as UTF-8. */
export function decodeName(bytes: Buffer, flags: number): string {
  const utf8 = bytes.toString('utf8');
  return ((flags & 0x800) !== 0 || !utf8.includes('\ufffd') ? utf8 : codePage437(bytes)).replaceAll(
    '\\',
    '/',
  );
}
