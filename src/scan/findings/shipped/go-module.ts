/** Files of Go modules: the module cache keeps the archive that each was unpacked from (Go's "Module cache"). */
import { crc32 } from 'node:zlib';
import type { Platform } from '../../../host/platform/index.ts';
import { MAX_BYTES, type Origin } from './origin.ts';
import type { PackageFiles } from './package-files.ts';

const MAX_ARCHIVE_BYTES = 512 * 1024 * 1024;
/** Maximum size of an archive's directory, at its end, in bytes. A larger one is not looked at. */
const MAX_DIRECTORY_BYTES = 4 * 1024 * 1024;

/** What an archive says about a file. */
interface Entry {
  readonly crc: number;
  readonly size: number;
}

/** Finds the module of a file, if the file is as in the archive. */
export function goOrigin({ path: paths }: Platform, files: PackageFiles): Origin {
  let last: { readonly archive: string; readonly entries: ReadonlyMap<string, Entry> } | undefined;
  return (path) => {
    const place = /^(.*[\\/]pkg[\\/]mod)[\\/](?!cache[\\/])([^@]+)@([^\\/]+)[\\/](.+)$/.exec(path);
    const [, cache = '', folder = '', version = '', rest = ''] = place ?? [];
    if (cache === '') return undefined;
    const archive = paths.join(cache, 'cache', 'download', folder, '@v', `${version}.zip`);
    if (last?.archive !== archive) {
      last = { archive, entries: entriesOf(files, archive) };
    }
    // In folders, capitals are written as `!a`.
    const module = folder
      .replaceAll('\\', '/')
      .replaceAll(/!([a-z])/g, (_, letter: string) => letter.toUpperCase());
    const entry = last.entries.get(`${module}@${version}/${rest.replaceAll('\\', '/')}`);
    if (entry === undefined) return undefined;
    let [crc, size] = [0, 0];
    files.eachPiece(path, MAX_BYTES, (bytes) => {
      crc = crc32(bytes, crc);
      size += bytes.length;
    });
    return size === entry.size && crc === entry.crc ? `${module} ${version}` : undefined;
  };
}

/** Signatures of an archive's central directory (APPNOTE.TXT of PKWARE, section 4.3). */
const END_OF_DIRECTORY = Buffer.from('PK\x05\x06', 'latin1');
const ENTRY = 0x02014b50;

function entriesOf(files: PackageFiles, path: string): ReadonlyMap<string, Entry> {
  const end = files.tailOf(path, MAX_ARCHIVE_BYTES, MAX_DIRECTORY_BYTES);
  return end === undefined ? new Map() : entriesIn(end.tail, end.from);
}

/** @param from offset of the archive's last bytes in it */
function entriesIn(tail: Buffer, from: number): ReadonlyMap<string, Entry> {
  const entries = new Map<string, Entry>();
  const end = tail.lastIndexOf(END_OF_DIRECTORY);
  if (end < 0 || end + 22 > tail.length) return entries;
  let at = tail.readUInt32LE(end + 16) - from;
  while (at >= 0 && at + 46 <= end && tail.readUInt32LE(at) === ENTRY) {
    const length = tail.readUInt16LE(at + 28);
    const name = tail.toString('utf8', at + 46, at + 46 + length);
    entries.set(name, { crc: tail.readUInt32LE(at + 16), size: tail.readUInt32LE(at + 24) });
    at += 46 + length + tail.readUInt16LE(at + 30) + tail.readUInt16LE(at + 32);
  }
  return entries;
}
