/** What tells whether a file is still as it was: the part of its status that can be kept and sent. */
import type { FileStatus } from '../../host/platform/index.ts';

export type Stamp = Pick<FileStatus, 'dev' | 'ino' | 'uid' | 'size' | 'mtimeMs' | 'ctimeMs'>;

export function stampOf({ dev, ino, uid, size, mtimeMs, ctimeMs }: FileStatus): Stamp {
  return { dev, ino, uid, size, mtimeMs, ctimeMs };
}
