/** What reading the objects of a repository may take. */

/** A larger object is scanned as a stream if it is stored whole, and is not read if it is stored as a delta. */
export const MAX_HELD_BYTES = 8 * 1024 * 1024;
/** Bytes of objects that are kept because others may be deltas of them. */
export const CACHE_BYTES = 6 * 1024 * 1024;
/** Git makes chains of at most 4,095 deltas. */
export const MAX_CHAIN = 4096;
/** Bytes that a pack may decompress to: so many times its size, and at least so many. Kernels of Linux have a ratio of 60. */
const MAX_RATIO = 250;
const MIN_DECODED_BYTES = 512 * 1024 * 1024;
/** Objects of a repository whose commits and paths are determined, in some 50 bytes for each. Others are scanned without. */
export const MAX_INDEXED_OBJECTS = 500_000;
/** Different paths of a repository that are remembered, and characters of the longest. */
export const MAX_PATHS = 100_000;
export const MAX_PATH_CHARS = 1000;
/** Loose objects of a repository that are read. Git packs them when there are some 7,000. */
export const MAX_LOOSE_OBJECTS = 200_000;
/** Packs of a repository that are read. Git joins them when there are 50. */
export const MAX_PACKS = 5000;

/** Milliseconds of CPU time for each megabyte of a repository's packs, and in addition: five times what ordinary ones take. */
const MS_PER_MEGABYTE = 2500;
const MS_PER_REPOSITORY = 10_000;
const BYTES_PER_MEGABYTE = 1_000_000;

export function cpuTimeOf(packBytes: number): number {
  return MS_PER_REPOSITORY + (MS_PER_MEGABYTE * packBytes) / BYTES_PER_MEGABYTE;
}

export function decodedBytesOf(packBytes: number): number {
  return Math.max(MIN_DECODED_BYTES, MAX_RATIO * packBytes);
}
