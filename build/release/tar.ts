/** Tar archives of plain files (POSIX.1-2001). */
import { buffer } from 'node:stream/consumers';
import { extract, pack } from 'tar-stream';
import type { Entry } from './archive.ts';

/** Packs the entries in their order, each with the same time and owned by root. */
export async function writeTar(entries: readonly Entry[], time: Date): Promise<Buffer> {
  const archive = pack();
  for (const { path, content, executable } of entries) {
    const mode = executable ? 0o755 : 0o644;
    archive.entry({ name: path, mode, mtime: time, uname: 'root', gname: 'root' }, content);
  }
  archive.finalize();
  return await buffer(archive);
}

/**
 * Reads plain files; folders are skipped.
 * @throws Error when the archive is damaged or truncated, or has links or devices
 */
export async function readTar(archive: Buffer): Promise<Entry[]> {
  const files: Entry[] = [];
  const extraction = extract();
  extraction.end(archive);
  for await (const entry of extraction) {
    const { name, type, mode } = entry.header;
    const content = await buffer(entry);
    if (type === 'file') files.push({ path: name, content, executable: (mode & 0o100) !== 0 });
    else if (type !== 'directory') throw new Error(`${name} is not a plain file`);
  }
  return files;
}
