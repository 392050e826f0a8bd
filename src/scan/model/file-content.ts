/** Where the content of a file is. */
import type { FileStatus } from '../../host/platform/index.ts';

/** Maximum number of bytes that a file system stores without blocks. */
const MAX_INLINE_BYTES = 4096;

/** False for a file with a size but without allocated blocks: reading it would fetch its content, or give zeros. */
export function isOnThisMachine({ blocks, size }: Pick<FileStatus, 'blocks' | 'size'>): boolean {
  return blocks !== 0 || size <= MAX_INLINE_BYTES;
}
