/**
 * Names of files as they may be stored. A path is its own name unless it contains a secret: then the name is the
 * redacted path and a hash under the installation's key, which distinguishes such paths.
 */
import { createHmac } from 'node:crypto';
import { KeySet } from './key-set.ts';
import { PlaceFilter } from './place-filter.ts';

/** Where findings are known, in a form for each thread. */
export interface WatchedPlaces {
  /** Of a `PlaceFilter`. */
  readonly places: SharedArrayBuffer;
  /** The findings themselves: a `KeySet`. */
  readonly findings: SharedArrayBuffer;
  /** Some of the places are stored under a hashed name. */
  readonly hasHidden: boolean;
}

/** For the places of all these lists, and the keys of the findings that are known. */
export function watchedPlaces(lists: Iterable<Iterable<string>>, findings: readonly bigint[]): WatchedPlaces {
  const filter = new PlaceFilter();
  let hasHidden = false;
  for (const list of lists) {
    for (const place of list) {
      filter.add(place);
      hasHidden ||= pathOf(place) === undefined;
    }
  }
  return { places: filter.shared, findings: KeySet.of(findings).shared, hasHidden };
}

/** Separates the redacted path and the hash; no path contains it. */
const SEPARATOR = '\0';

export class Places {
  readonly #redact: (text: string) => string;
  readonly #key: Buffer;

  constructor(redact: (text: string) => string, key: Buffer) {
    this.#redact = redact;
    this.#key = key;
  }

  placeOf(path: string): string {
    const clean = this.#redact(path);
    if (clean === path) return path;
    return clean + SEPARATOR + createHmac('sha256', this.#key).update(path).digest('hex');
  }
}

/** The path of a place; undefined when it is not stored. */
export function pathOf(place: string): string | undefined {
  return place.includes(SEPARATOR) ? undefined : place;
}

/** The path of a place as it may be displayed. */
export function shownPath(place: string): string {
  return place.split(SEPARATOR)[0] ?? '';
}

/** True when findings may be known at a path: the file there matters even when nothing is found in it. */
export function watcherOf(watched: WatchedPlaces | undefined, places: Places): (path: string) => boolean {
  if (watched === undefined) return () => false;
  const filter = new PlaceFilter(watched.places);
  return (path) => filter.has(path) || (watched.hasHidden && filter.has(places.placeOf(path)));
}
