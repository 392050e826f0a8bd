/** Shows whether a file is unchanged: the part of its status that can be stored and sent. */
import type { FileStatus } from '../../host/platform/index.ts';

export type Stamp = Pick<FileStatus, 'dev' | 'ino' | 'uid' | 'size' | 'mtimeMs' | 'ctimeMs'>;

export function stampOf({ dev, ino, uid, size, mtimeMs, ctimeMs }: FileStatus): Stamp {
  return { dev, ino, uid, size, mtimeMs, ctimeMs };
}
