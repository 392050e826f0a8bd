/** Writes tar archives of plain files (POSIX.1-2001). */
import { buffer } from 'node:stream/consumers';
import { pack } from 'tar-stream';
import type { Entry } from '../../src/host/commands/deploy/archive/entry.ts';

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
