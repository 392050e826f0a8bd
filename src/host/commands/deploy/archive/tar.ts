/** Reads tar archives of plain files (POSIX.1-2001). */
import { buffer } from 'node:stream/consumers';
import { extract } from 'tar-stream';
import { Entries, type Entry } from './entry.ts';

/** @throws Error when the archive is damaged or truncated, or has links or devices */
export async function readTar(archive: Buffer): Promise<Entry[]> {
  const files = new Entries();
  const extraction = extract();
  extraction.end(archive);
  for await (const entry of extraction) {
    const { name, type, mode, size } = entry.header;
    if (type !== 'file' && type !== 'directory') throw new Error(`${name} is not a plain file`);
    files.checkPath(name.replace(/\/$/, ''));
    files.reserve(size);
    const content = await buffer(entry);
    if (type === 'file') files.add({ path: name, content, executable: (mode & 0o100) !== 0 });
  }
  return files.list();
}
