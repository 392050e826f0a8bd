/** Reads zip archives of plain files. */
import { buffer } from 'node:stream/consumers';
import { crc32 } from 'node:zlib';
import { fromBufferPromise } from 'yauzl';
import { Entries, type Entry } from './entry.ts';

/** File types in the upper half of the external attributes, as Unix writes them (stat(2)). */
const FILE_TYPE = 0o170000;
const REGULAR_FILE = 0o100000;

/** @throws Error when the bytes are not such an archive, or a file in it does not match its checksum or is a link */
export async function readZip(archive: Buffer): Promise<Entry[]> {
  const files = new Entries();
  const zip = await fromBufferPromise(archive);
  for await (const entry of zip.eachEntry()) {
    const path = entry.fileName;
    files.checkPath(path.replace(/\/$/, ''));
    if (path.endsWith('/')) continue;
    const mode = entry.externalFileAttributes >>> 16;
    if (![0, REGULAR_FILE].includes(mode & FILE_TYPE)) throw new Error(`${path} is not a plain file`);
    files.reserve(entry.uncompressedSize);
    const content = await buffer(await zip.openReadStreamPromise(entry));
    if (crc32(content) !== entry.crc32) throw new Error(`${path} is damaged`);
    files.add({ path, content, executable: (mode & 0o100) !== 0 });
  }
  return files.list();
}
