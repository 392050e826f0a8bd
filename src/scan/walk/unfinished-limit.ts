/**
 * Limits how many of the folders that a run does not reach are stored, in bounded memory. Those below one folder of
 * a root leave room for the others. Folders that are not stored are found again in a walk from the roots.
 */
import { shareOf } from '../model/gap-list.ts';
import type { Folder, UnfinishedFolder } from './work.ts';

/** In total; one share takes up to half of what the others leave. */
const MAX_REMEMBERED_BYTES = 4 * 1024 * 1024;
/**
 * The cost of a folder in addition to its path. The next run also reads the status of each folder above it;
 * most share the upper ones.
 */
const BYTES_PER_FOLDER = 200;
const FREE_LEVELS = 16;
const BYTES_PER_LEVEL = 50;

export class UnfinishedLimit {
  #left = MAX_REMEMBERED_BYTES;
  readonly #used = new Map<string, number>();

  /** @returns whether to store this folder; if so, its room is taken */
  admits({ path, root }: Folder): boolean {
    const weight =
      BYTES_PER_FOLDER +
      path.length +
      root.length +
      BYTES_PER_LEVEL * Math.max(0, levelsOf(path) - FREE_LEVELS);
    if (weight > this.#left) return false;
    const share = shareOf(path, { root });
    const used = this.#used.get(share) ?? 0;
    if (used + weight > this.#left) return false;
    this.#used.set(share, used + weight);
    this.#left -= weight;
    return true;
  }
}

/** Folders to store, within the limit and up to a number. */
export class UnfinishedList {
  readonly folders: UnfinishedFolder[] = [];
  readonly #most: number;
  readonly #limit = new UnfinishedLimit();

  constructor(most: number) {
    this.#most = most;
  }

  add(folders: readonly UnfinishedFolder[]): void {
    for (const folder of folders) {
      if (this.folders.length < this.#most && this.#limit.admits(folder)) this.folders.push(folder);
    }
  }

  addInAnyCase(folder: UnfinishedFolder): void {
    this.folders.push(folder);
  }
}

function levelsOf(path: string): number {
  let levels = 0;
  for (let index = 0; index < path.length; index += 1) {
    const character = path[index];
    if (character === '/' || character === '\\') levels += 1;
  }
  return levels;
}
