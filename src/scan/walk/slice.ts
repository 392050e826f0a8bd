/**
 * Huge folders are walked in slices, so that neither their entries nor what is remembered of them is in memory at once. Which
 * slice a name belongs to depends on the name and a seed alone: it is the same in each run, on each thread, and nobody can
 * choose names that all fall into one.
 */
import type { Slice } from './work.ts';

/** Entries of a folder that are walked without slices, at most. */
export const MAX_UNSLICED = 60_000;
/** Entries of a slice, about. */
const SLICE_ENTRIES = 40_000;
/** What the file index has room for. */
const MAX_SLICES = 0xffff;
const SEEDS = 0x10000;

/** A folder is sliced so. */
export type Slicing = Pick<Slice, 'count' | 'seed'>;

/**
 * How to slice a folder.
 * @param last how it was sliced before, which is kept if it still fits
 */
export function slicingOf(entries: number, last: Slicing | undefined): Slicing {
  if (
    last !== undefined &&
    entries < 2 * last.count * SLICE_ENTRIES &&
    4 * entries > last.count * SLICE_ENTRIES
  ) {
    return last;
  }
  const count = Math.min(MAX_SLICES, Math.ceil(entries / SLICE_ENTRIES));
  return { count, seed: Math.floor(Math.random() * SEEDS) };
}

/** True for the name of an entry of the slice. */
export function isInSlice(name: string, { index, count, seed }: Slice): boolean {
  // FNV-1a, and the last step of MurmurHash3, after which each bit depends on all others.
  let hash = 0x811c9dc5 ^ Math.imul(seed + 1, 0x9e3779b1);
  for (let at = 0; at < name.length; at += 1) hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) % count === index;
}
