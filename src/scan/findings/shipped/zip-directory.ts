/** Which files a ZIP archive contains: its central directory (APPNOTE.TXT of PKWARE, sections 4.3.12 and 4.3.16). */
import { crc32 } from 'node:zlib';
import { MAX_BYTES } from './origin.ts';
import type { PackageFiles } from './package-files.ts';

const MAX_ARCHIVE_BYTES = 512 * 1024 * 1024;
/** Maximum size of an archive's directory, at its end, in bytes. A larger one is not looked at. */
const MAX_DIRECTORY_BYTES = 4 * 1024 * 1024;

/** True if the file at a path is as in the archive, under this name. */
export function isAsInZip(files: PackageFiles, path: string, archive: string, name: string): boolean {
  const sum = files.sums(archive, () => sumsIn(files, archive)).get(name);
  if (sum === undefined) return false;
  let [crc, size] = [0, 0];
  files.eachPiece(path, MAX_BYTES, (bytes) => {
    crc = crc32(bytes, crc);
    size += bytes.length;
  });
  return sum === sumOf(crc, size);
}

const END_OF_DIRECTORY = Buffer.from('PK\x05\x06', 'latin1');
const ENTRY = 0x02014b50;

function sumOf(crc: number, size: number): string {
  return `${crc} ${size}`;
}

function sumsIn(files: PackageFiles, path: string): ReadonlyMap<string, string> {
  const end = files.tailOf(path, MAX_ARCHIVE_BYTES, MAX_DIRECTORY_BYTES);
  return end === undefined ? new Map() : sumsInTail(end.tail, end.from);
}

/** @param from offset of the archive's last bytes in it */
function sumsInTail(tail: Buffer, from: number): ReadonlyMap<string, string> {
  const sums = new Map<string, string>();
  const end = tail.lastIndexOf(END_OF_DIRECTORY);
  if (end < 0 || end + 22 > tail.length) return sums;
  let at = tail.readUInt32LE(end + 16) - from;
  while (at >= 0 && at + 46 <= end && tail.readUInt32LE(at) === ENTRY) {
    const length = tail.readUInt16LE(at + 28);
    const name = tail.toString('utf8', at + 46, at + 46 + length);
    sums.set(name, sumOf(tail.readUInt32LE(at + 16), tail.readUInt32LE(at + 24)));
    at += 46 + length + tail.readUInt16LE(at + 30) + tail.readUInt16LE(at + 32);
  }
  return sums;
}
