/**
 * Huge folders are remembered in slices, so that neither their entries nor their records are in memory at once. A
 * name's slice depends only on the name and a random seed: it is the same in each run, and an attacker cannot
 * choose names that all fall into one slice.
 */

/** How a folder is sliced. */
export interface Slicing {
  readonly count: number;
  /** Another seed distributes the names differently. */
  readonly seed: number;
}

/** Maximum weight of a folder that is not sliced. */
export const MAX_UNSLICED_WEIGHT = 60_000;
/** Approximate weight of a slice. */
const SLICE_WEIGHT = 40_000;
/**
 * Number of characters of a name that weigh as much as an entry. A slice of short names has 40,000 entries, one
 * of the longest 10,000.
 */
const CHARS_PER_WEIGHT = 64;
/** Limited by the format of the file index. */
const MAX_SLICES = 0xffff;
const SEEDS = 0x10000;

export function newSeed(): number {
  return Math.floor(Math.random() * SEEDS);
}

/** How much memory an entry takes, in entries with a short name. */
export function weightOf(name: string): number {
  return Math.ceil(name.length / CHARS_PER_WEIGHT);
}

/**
 * How to slice a folder whose entries have this total weight.
 * @param last how it was sliced before, which is kept if it still fits
 */
export function slicingOf(weight: number, seed: number, last: Slicing | undefined): Slicing {
  const capacity = (last?.count ?? 0) * SLICE_WEIGHT;
  if (last?.seed === seed && weight < 2 * capacity && weight > capacity / 4) return last;
  return { count: Math.min(MAX_SLICES, Math.ceil(weight / SLICE_WEIGHT)), seed };
}

/** The hash of a name; modulo the number of slices, it is the slice. 32 bits. */
export function hashName(name: string, seed: number): number {
  // FNV-1a, and the last step of MurmurHash3, after which each bit depends on all others.
  let hash = 0x811c9dc5 ^ Math.imul(seed + 1, 0x9e3779b1);
  for (let at = 0; at < name.length; at += 1) hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
