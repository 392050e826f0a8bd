/**
 * Decides which findings of earlier runs are gone from a source that is not a file. A finding is gone when the thing that it was in was read
 * without it, or when nothing of this kind has been there for a week: a job that runs for a minute each hour, or a service that is being
 * restarted, does not resolve it.
 */
import { noCounts } from '../../model/severity-counts.ts';
import { UNKNOWN_OWNER } from '../../model/file-owner.ts';
import { type PlaceSource, sourcePlace, thingOf } from '../../model/source-place.ts';
import type { SourceContext } from './source.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const PATIENCE_MS = 7 * DAY_MS;

/** What a run knows about a thing: it was read to its end, does not exist at the moment, or is not known well enough. */
export type ThingState = 'read' | 'absent' | 'unknown';

/**
 * Reports the known places where nothing was found.
 * @param found the places with findings
 * @param stateOf the state of a thing of this owner
 */
export function reportGone(
  source: PlaceSource,
  { known, now, isExcluded, onFound }: Pick<SourceContext, 'known' | 'now' | 'isExcluded' | 'onFound'>,
  found: ReadonlySet<string>,
  stateOf: (thing: string, owner: string) => ThingState,
): void {
  for (const { place, owners, seen } of known) {
    const thing = thingOf(source, place);
    if (thing === undefined || found.has(place) || isExcluded(sourcePlace(source, thing))) continue;
    const states = new Set(owners.map((owner) => stateOf(thing, owner)));
    if (states.has('unknown') || (states.has('absent') && now - seen < PATIENCE_MS)) continue;
    onFound({ ...NOTHING, path: place });
  }
}

/** A place that was read, and has nothing. */
const NOTHING = {
  detections: [],
  more: noCounts(),
  suppressed: {},
  stillThere: [],
  allowedKnown: [],
  allowed: 0,
  exposure: [],
  owner: UNKNOWN_OWNER,
  modifiedAt: Infinity,
  changedAt: Infinity,
  file: { dev: 0, ino: 0 },
};
