/** Joins the occurrences of one secret in one file: their number, the first of them, and the judgement of the worst. */
import type { Detection } from '../detect/candidate.ts';
import { type Location, confidences, severities } from '../model/finding.ts';

/** Maximum number of locations that are listed. */
const MAX_LOCATIONS = 10;

/** One that further occurrences may be added to. */
export type Growing = { -readonly [Key in keyof Detection]: Detection[Key] };

/** Adds later occurrences of the same secret. */
export function join(group: Growing, more: Detection): void {
  const room = MAX_LOCATIONS - (group.locations?.length ?? 1);
  const isWorse = compare(more, group) > 0;
  const locations = [...locationsOf(group), ...locationsOf(more).slice(0, room)];
  if (isWorse && !locations.some((place) => isSame(place, more))) locations.splice(-1, 1, locationOf(more));
  const isMarked = group.marker !== undefined && more.marker !== undefined;
  const count = group.count + more.count;
  if (isWorse) Object.assign(group, more);
  group.count = count;
  group.locations = locations;
  if (!isMarked) delete group.marker;
}

/** Adds one later occurrence. Cheap for one that changes nothing but the number. */
export function joinOne(group: Growing, detection: Detection): void {
  const isFull = group.locations?.length === MAX_LOCATIONS;
  const isMarked = group.marker !== undefined && detection.marker === undefined;
  if (isFull && !isMarked && compare(detection, group) <= 0) group.count += 1;
  else join(group, detection);
}

/** The same with positions that are mapped to others. */
export function relocated(
  group: Detection,
  move: (place: Location) => Pick<Location, 'line' | 'column' | 'endLine' | 'endColumn'>,
): Detection {
  const { locations } = group;
  const moved = locations?.map((place) => ({ ...place, ...move(place) }));
  return { ...group, ...move(group), ...(moved !== undefined && { locations: moved }) };
}

/** The listed locations, in the order of the file. */
export function locationsOf(group: Location & Pick<Detection, 'locations'>): readonly Location[] {
  return group.locations ?? [locationOf(group)];
}

function locationOf({ line, column, endLine, endColumn, bytes, marker }: Location): Location {
  return {
    line,
    column,
    endLine,
    endColumn,
    ...(bytes !== undefined && { bytes }),
    ...(marker !== undefined && { marker }),
  };
}

function isSame(a: Location, b: Location): boolean {
  return a.line === b.line && a.column === b.column;
}

/** Positive when the first should represent the group: it is more severe or certain, or not marked like all others. */
function compare(a: Detection, b: Detection): number {
  return (
    severities.indexOf(a.severity) - severities.indexOf(b.severity) ||
    confidences.indexOf(a.confidence) - confidences.indexOf(b.confidence) ||
    Number(b.marker !== undefined) - Number(a.marker !== undefined)
  );
}
