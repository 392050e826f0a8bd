/**
 * What is known about a finding before it counts towards a limit: whether an earlier run has stored it, or the
 * administrator suppresses it. Every thread asks this, for files with more findings than it passes on.
 */
import { KeySet, keyOfText } from '../model/key-set.ts';
import { joinInner } from '../model/location.ts';
import { type Places, type WatchedPlaces, shownPath } from '../model/watched-places.ts';
import type { Detection } from '../detect/candidate.ts';
import { type Suppression, type SuppressionTable, suppressesNothing, suppressorOf } from './suppression.ts';

export type Standing = 'new' | 'known' | Suppression;

/** The standing of one file's findings. */
export type StandingsIn = (path: string) => (detection: Detection) => Standing;

export interface StandingOptions {
  readonly suppressions: SuppressionTable;
  /** Undefined where no state is kept. */
  readonly watched: WatchedPlaces | undefined;
  readonly places: Places;
}

/** For any thread. Cheap where nothing is stored or suppressed. */
export function standingsOf({ suppressions, watched, places }: StandingOptions): StandingsIn {
  const known = new KeySet(watched?.findings ?? new SharedArrayBuffer(0));
  if (known.size === 0 && suppressesNothing(suppressions)) return () => () => 'new';
  const suppressor = suppressorOf(suppressions);
  return (path) => {
    const place = places.placeOf(path);
    const safePath = shownPath(place);
    return (detection) => {
      if (known.size > 0 && known.has(findingKey(place, detection))) return 'known';
      return suppressor(inFile(safePath, detection)) ?? 'new';
    };
  };
}

/** What identifies a finding in its file. */
export type FileIdentifiers = Pick<Detection, 'rule' | 'fingerprint' | 'inside'>;

/** Identifies a finding in its file. */
export function identityOf({ rule, fingerprint, inside }: FileIdentifiers): string {
  return inside === undefined ? `${rule} ${fingerprint}` : `${rule} ${fingerprint} ${inside}`;
}

/** A detection with the path that is displayed. @param file the path of its file as it is displayed */
export function inFile<Found extends { readonly inside?: string | undefined }>(
  file: string,
  detection: Found,
): Found & { readonly path: string } {
  if (detection.inside === undefined) return { ...detection, path: file };
  const inside = shownPath(detection.inside);
  return { ...detection, inside, path: joinInner(file, inside) };
}

/** Identifies a finding on this machine. @param place see `Places` */
export function findingKey(place: string, detection: FileIdentifiers): bigint {
  return keyOfText(`${identityOf(detection)} ${place}`);
}
