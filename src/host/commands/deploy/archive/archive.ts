/** Reads the archives of a release. Nothing is written: an archive is checked as a whole before anything is installed. */
import { promisify } from 'node:util';
import { gunzip, zstdDecompress } from 'node:zlib';
import { type Entry, MAX_CONTENT_BYTES } from './entry.ts';
import { readTar } from './tar.ts';
import { readZip } from './zip.ts';

/** For the headers and the padding of a tar archive. */
const TAR_OVERHEAD_BYTES = 4 * 1024 * 1024;
const limits = { maxOutputLength: MAX_CONTENT_BYTES + TAR_OVERHEAD_BYTES };

/**
 * The files of an archive of any origin; folders are skipped.
 * @param name decides by its extension how the archive is read
 * @throws Error when the name or the content is of an unknown kind, when the content is damaged or too large, or when it contains links,
 *   devices or paths that lead elsewhere
 */
export async function readArchive(name: string, archive: Buffer): Promise<Entry[]> {
  if (name.endsWith('.zip')) return await readZip(archive);
  if (name.endsWith('.tar.gz')) return await readTar(await promisify(gunzip)(archive, limits));
  if (name.endsWith('.tar.zst')) return await readTar(await promisify(zstdDecompress)(archive, limits));
  throw new Error(`${name} is not a .tar.zst, .tar.gz or .zip`);
}
