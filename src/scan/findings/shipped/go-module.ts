/** Files of Go modules: the module cache keeps the archive that each was unpacked from (Go's "Module cache"). */
import { crc32 } from 'node:zlib';
import type { Platform } from '../../../host/platform/index.ts';
import type { Origin } from './origin.ts';
import { readWhole } from './read-whole.ts';

const MAX_ARCHIVE_BYTES = 128 * 1024 * 1024;

/** What an archive says about a file. */
interface Entry {
  readonly crc: number;
  readonly size: number;
}

/** Finds the module of a file, if the file is as in the archive. */
export function goOrigin({ fs, path: paths }: Platform): Origin {
  let last: { readonly archive: string; readonly entries: ReadonlyMap<string, Entry> } | undefined;
  return (path, content) => {
    const place = /^(.*[\\/]pkg[\\/]mod)[\\/](?!cache[\\/])([^@]+)@([^\\/]+)[\\/](.+)$/.exec(path);
    const [, cache = '', folder = '', version = '', rest = ''] = place ?? [];
    if (cache === '') return undefined;
    const archive = paths.join(cache, 'cache', 'download', folder, '@v', `${version}.zip`);
    if (last?.archive !== archive) {
      const bytes = readWhole(fs, archive, MAX_ARCHIVE_BYTES);
      last = { archive, entries: bytes === undefined ? new Map() : entriesOf(bytes) };
    }
    // In folders, capitals are written as `!a`.
    const module = folder
      .replaceAll('\\', '/')
      .replaceAll(/!([a-z])/g, (_, letter: string) => letter.toUpperCase());
    const entry = last.entries.get(`${module}@${version}/${rest.replaceAll('\\', '/')}`);
    const bytes = entry === undefined ? undefined : content();
    const isSame = bytes !== undefined && bytes.length === entry?.size && crc32(bytes) === entry.crc;
    return isSame ? `${module} ${version}` : undefined;
  };
}

/** Signatures of an archive's central directory (APPNOTE.TXT of PKWARE, section 4.3). */
const END_OF_DIRECTORY = Buffer.from('PK\x05\x06', 'latin1');
const ENTRY = 0x02014b50;

function entriesOf(archive: Buffer): ReadonlyMap<string, Entry> {
  const entries = new Map<string, Entry>();
  const end = archive.lastIndexOf(END_OF_DIRECTORY);
  if (end < 0 || end + 22 > archive.length) return entries;
  let at = archive.readUInt32LE(end + 16);
  while (at + 46 <= end && archive.readUInt32LE(at) === ENTRY) {
    const length = archive.readUInt16LE(at + 28);
    const name = archive.toString('utf8', at + 46, at + 46 + length);
    entries.set(name, { crc: archive.readUInt32LE(at + 16), size: archive.readUInt32LE(at + 24) });
    at += 46 + length + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
  return entries;
}
