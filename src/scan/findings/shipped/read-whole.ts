/** Reads small files: lists of packages, and what they list. */
import type { FileSystem } from '../../../host/platform/index.ts';

/** The content of a regular file of at most so many bytes; undefined for anything else. */
export function readWhole(fs: FileSystem, path: string, most: number): Buffer | undefined {
  let descriptor: number;
  try {
    descriptor = fs.open(path);
  } catch {
    return undefined;
  }
  try {
    const status = fs.statusOf(descriptor);
    if (!status.isFile() || status.size > most) return undefined;
    const bytes = Buffer.alloc(status.size);
    let length = 0;
    while (length < bytes.length) {
      const count = fs.read(descriptor, bytes, length, bytes.length - length);
      if (count === 0) break;
      length += count;
    }
    return bytes.subarray(0, length);
  } catch {
    return undefined;
  } finally {
    fs.close(descriptor);
  }
}
