/**
 * Places that are not files: `process:/usr/sbin/nginx!/environment/DB_PASSWORD`, `registry:HKEY_USERS\S-1-5-21-1\Environment!/TOKEN`. They begin with the kind of thing, which no absolute path
 * does, and name it as it is called in every run.
 */

/** What may contain secrets besides files, and the words that begin their places. */
const prefixes = { processes: 'process:', registry: 'registry:' } as const;
export type PlaceSource = keyof typeof prefixes;

/** Separates the thing from what is in it. */
const INSIDE = '!/';

/** @param inner of the thing: for example `environment/DB_PASSWORD`; without it, the place of the thing itself */
export function sourcePlace(source: PlaceSource, thing: string, inner?: string): string {
  return prefixes[source] + thing + (inner === undefined ? '' : INSIDE + inner);
}

/** The source of a place; undefined for a file. */
export function sourceOfPlace(place: string): PlaceSource | undefined {
  if (place.startsWith(prefixes.processes)) return 'processes';
  return place.startsWith(prefixes.registry) ? 'registry' : undefined;
}

/** The thing that a place of this source is in; undefined for another place. */
export function thingOf(source: PlaceSource, place: string): string | undefined {
  if (sourceOfPlace(place) !== source) return undefined;
  const end = place.lastIndexOf(INSIDE);
  return place.slice(prefixes[source].length, end < 0 ? undefined : end);
}

/** The range of strings that the places of a source are in: from the first to before the second. */
export function rangeOf(source: PlaceSource): readonly [from: string, to: string] {
  const prefix = prefixes[source];
  return [prefix, `${prefix.slice(0, -1)};`];
}
