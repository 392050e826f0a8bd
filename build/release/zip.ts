/** Zip archives of plain files (PKWARE, "APPNOTE.TXT"), deflated, below 4 GiB. */
import { promisify } from 'node:util';
import { crc32, deflateRaw, inflateRaw } from 'node:zlib';
import type { Entry } from './archive.ts';

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const END_SIZE = 22;
const DEFLATED = 8;
/** Version 2.0 made it, on Unix: the upper half of the external attributes is the file's mode. */
const MADE_BY = 0x0314;
const REGULAR_FILE = 0o100000;

export async function writeZip(entries: readonly Entry[], time: Date): Promise<Buffer> {
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const { path, content, executable } of entries) {
    const name = Buffer.from(path);
    const data = await promisify(deflateRaw)(content, { level: 9 });
    const common = Buffer.alloc(26);
    // Version needed, flags, method, time, date; then checksum, sizes, length of the name, no extra field.
    writeWords(common, [20, 0, DEFLATED, dosTime(time), dosDate(time)]);
    writeDoubleWords(common, 10, [crc32(content), data.length, content.length]);
    common.writeUInt16LE(name.length, 22);
    const tail = Buffer.alloc(14);
    writeDoubleWords(tail, 6, [((REGULAR_FILE | (executable ? 0o755 : 0o644)) << 16) >>> 0, offset]);
    const record = [signature(LOCAL), common, name, data];
    central.push(signature(CENTRAL), words([MADE_BY]), common, tail, name);
    local.push(...record);
    offset += record.reduce((sum, part) => sum + part.length, 0);
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(END_SIZE - 4);
  writeWords(end, [0, 0, entries.length, entries.length]);
  writeDoubleWords(end, 8, [directory.length, offset]);
  return Buffer.concat([...local, directory, signature(END), end]);
}

/** @throws Error when the bytes are no such archive, or a file in it is not what its checksum says. */
export async function readZip(archive: Buffer): Promise<Entry[]> {
  const end = archive.lastIndexOf(signature(END));
  if (end === -1) throw new Error('no zip archive');
  const entries: Entry[] = [];
  let at = archive.readUInt32LE(end + 16);
  for (let count = archive.readUInt16LE(end + 10); count > 0; count -= 1) {
    if (archive.readUInt32LE(at) !== CENTRAL) throw new Error('a zip archive with a broken directory');
    const [nameSize, extraSize, commentSize] = [28, 30, 32].map((field) => archive.readUInt16LE(at + field));
    const path = archive.toString('utf8', at + 46, at + 46 + (nameSize ?? 0));
    const start = archive.readUInt32LE(at + 42);
    const dataStart = start + 30 + archive.readUInt16LE(start + 26) + archive.readUInt16LE(start + 28);
    const data = archive.subarray(dataStart, dataStart + archive.readUInt32LE(at + 20));
    const content = archive.readUInt16LE(at + 10) === DEFLATED ? await promisify(inflateRaw)(data) : data;
    if (crc32(content) !== archive.readUInt32LE(at + 16)) throw new Error(`${path} is damaged`);
    const executable = ((archive.readUInt32LE(at + 38) >>> 16) & 0o100) !== 0;
    if (!path.endsWith('/')) entries.push({ path, content, executable });
    at += 46 + (nameSize ?? 0) + (extraSize ?? 0) + (commentSize ?? 0);
  }
  return entries;
}

function dosTime(time: Date): number {
  return (time.getUTCHours() << 11) | (time.getUTCMinutes() << 5) | (time.getUTCSeconds() >> 1);
}

function dosDate(time: Date): number {
  return ((time.getUTCFullYear() - 1980) << 9) | ((time.getUTCMonth() + 1) << 5) | time.getUTCDate();
}

function signature(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function words(values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(2 * values.length);
  writeWords(bytes, values);
  return bytes;
}

function writeWords(bytes: Buffer, values: readonly number[]): void {
  for (const [index, value] of values.entries()) bytes.writeUInt16LE(value, 2 * index);
}

function writeDoubleWords(bytes: Buffer, at: number, values: readonly number[]): void {
  for (const [index, value] of values.entries()) bytes.writeUInt32LE(value, at + 4 * index);
}
