/**
 * What is known about a finding before it counts towards a limit: whether an earlier run has stored it, or the
 * administrator suppresses it. Every thread asks this, for files with more findings than it passes on.
 */
import { KeySet, keyOfText } from '../model/key-set.ts';
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
      return suppressor({ ...detection, path: safePath }) ?? 'new';
    };
  };
}

/** Identifies a finding in its file. */
export function identityOf({ rule, fingerprint }: Pick<Detection, 'rule' | 'fingerprint'>): string {
  return `${rule} ${fingerprint}`;
}

/** Identifies a finding on this machine. @param place see `Places` */
export function findingKey(place: string, detection: Pick<Detection, 'rule' | 'fingerprint'>): bigint {
  return keyOfText(`${identityOf(detection)} ${place}`);
}
