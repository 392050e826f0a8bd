/** Zip archives of plain files, deflated. */
import { buffer } from 'node:stream/consumers';
import { crc32 } from 'node:zlib';
import { fromBufferPromise } from 'yauzl';
import { ZipFile } from 'yazl';
import type { Entry } from './archive.ts';

const REGULAR_FILE = 0o100000;

/** A time that makes `yazl`, which writes local time, write UTC: an archive is the same in every time zone. */
class UtcDate extends Date {
  override getFullYear(): number {
    return this.getUTCFullYear();
  }
  override getMonth(): number {
    return this.getUTCMonth();
  }
  override getDate(): number {
    return this.getUTCDate();
  }
  override getHours(): number {
    return this.getUTCHours();
  }
  override getMinutes(): number {
    return this.getUTCMinutes();
  }
  override getSeconds(): number {
    return this.getUTCSeconds();
  }
}

/** Packs the entries in their order, each with the same time. */
export async function writeZip(entries: readonly Entry[], time: Date): Promise<Buffer> {
  const archive = new ZipFile();
  const mtime = new UtcDate(time);
  for (const { path, content, executable } of entries) {
    const mode = REGULAR_FILE | (executable ? 0o755 : 0o644);
    archive.addBuffer(content, path, { mtime, mode, compressionLevel: 9 });
  }
  archive.end();
  return await buffer(archive.outputStream);
}

/**
 * Reads plain files; folders are skipped.
 * @throws Error when the bytes are not such an archive, or a file in it does not match its checksum
 */
export async function readZip(archive: Buffer): Promise<Entry[]> {
  const files: Entry[] = [];
  const zip = await fromBufferPromise(archive);
  for await (const entry of zip.eachEntry()) {
    const path = entry.fileName;
    if (path.endsWith('/')) continue;
    const content = await buffer(await zip.openReadStreamPromise(entry));
    if (crc32(content) !== entry.crc32) throw new Error(`${path} is damaged`);
    files.push({ path, content, executable: ((entry.externalFileAttributes >>> 16) & 0o100) !== 0 });
  }
  return files;
}
