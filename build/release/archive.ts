/** Writes archives with the same bytes for the same content: sorted names, one time, no owner, no machine. */
import { promisify } from 'node:util';
import { constants, gzip, zstdCompress } from 'node:zlib';
import type { Entry } from '../../src/host/commands/deploy/archive/entry.ts';
import { writeTar } from './tar.ts';
import { writeZip } from './zip.ts';

export type ArchiveKind = 'tar.zst' | 'tar.gz' | 'zip';

/**
 * Looks 128 MiB back, the maximum that `zstd -d` accepts by default. Level 19 saves a tenth more, and takes ten
 * times as long.
 */
const zstd = {
  params: {
    [constants.ZSTD_c_compressionLevel]: 12,
    [constants.ZSTD_c_windowLog]: 27,
    [constants.ZSTD_c_checksumFlag]: 1,
  },
};

/** @param time of every entry; with a resolution of a second, for zip of two seconds */
export async function writeArchive(
  kind: ArchiveKind,
  entries: readonly Entry[],
  time: Date,
): Promise<Buffer> {
  const sorted = entries.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  if (kind === 'zip') return await writeZip(sorted, time);
  const tar = await writeTar(sorted, time);
  if (kind === 'tar.gz') return await promisify(gzip)(tar, { level: 9 });
  return await promisify(zstdCompress)(tar, zstd);
}
