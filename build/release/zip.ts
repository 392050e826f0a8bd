/** Writes zip archives of plain files, deflated. */
import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';
import type { Entry } from '../../src/host/commands/deploy/archive/entry.ts';

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
