/**
 * Shards: several machines that see the same files each scan a part of them. The part depends only on the path
 * below the root.
 */
import { crc32 } from 'node:zlib';
import type { Platform } from '../../host/platform/index.ts';

/** This machine's part: the `index`th, from 1, of `count`. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/** True for a file that another machine scans. The machines may reach the files by different roots. */
export function isOthers(
  path: string,
  root: string,
  shard: Shard | undefined,
  { path: paths }: Platform,
): boolean {
  if (shard === undefined) return false;
  const below = paths.relative(root, path) || paths.basename(path);
  return crc32(below.replaceAll(paths.sep, '/')) % shard.count !== shard.index - 1;
}
