/** The entries of a thing, such as the variables of a program, as one text, and which entry each of its lines belongs to. */
import type { Detection } from '../../detect/candidate.ts';
import { locationsOf } from '../../findings/equal-secrets.ts';
import type { Location } from '../../model/finding.ts';

/** A part of a thing: one variable, one command line, one value. */
export interface SourceEntry {
  /** One character for each byte. May have several lines. */
  readonly text: string;
  /** Where findings in it are. */
  readonly place: string;
  /** How many times it is there, for example in how many processes. */
  readonly count: number;
}

/** What was found at one place. */
export interface FoundAt<Entry> {
  readonly place: string;
  readonly detections: Detection[];
  /** One with a finding. */
  readonly entry: Entry;
}

export class SourceText<Entry extends SourceEntry> {
  readonly bytes: Buffer;
  readonly #entries: readonly Entry[];
  /** The first line of each entry, counted from 1. */
  readonly #lines: number[] = [];

  constructor(entries: readonly Entry[]) {
    this.#entries = entries;
    // After an empty line: no entry stands where the beginning of a file tells its encoding.
    let line = 2;
    for (const { text } of entries) {
      this.#lines.push(line);
      line += text.split('\n').length;
    }
    this.bytes = Buffer.from(`\n${entries.map(({ text }) => `${text}\n`).join('')}`, 'latin1');
  }

  /** Assigns what was found in the text to its entries. Positions then count from the beginning of the entry. */
  assign(detections: readonly Detection[]): FoundAt<Entry>[] {
    const found = new Map<string, FoundAt<Entry>>();
    for (const detection of detections) {
      for (const [place, { entry, detection: own }] of this.#byPlace(detection)) {
        const known = found.get(place) ?? { place, detections: [], entry };
        found.set(place, known);
        known.detections.push(own);
      }
    }
    return [...found.values()];
  }

  /** One secret at each of its places: a program may have it in several variables. */
  #byPlace(detection: Detection) {
    const places = new Map<string, { entry: Entry; count: number; locations: Location[] }>();
    for (const location of locationsOf(detection)) {
      const { entry, line } = this.#entryAt(location.line);
      const known = places.get(entry.place) ?? { entry, count: 0, locations: [] };
      places.set(entry.place, known);
      known.count += entry.count;
      const move = line - 1;
      known.locations.push({ ...location, line: location.line - move, endLine: location.endLine - move });
    }
    const { locations: _, marker: __, ...rest } = detection;
    return Array.from(places, ([place, { entry, count, locations }]) => {
      const several = locations.length > 1 && { locations };
      // A finding has a marker only if all its locations have one; the first one's is shown.
      const { marker, ...first } = locations[0] ?? detection;
      const isMarked = locations.every((location) => location.marker !== undefined);
      const marked = isMarked && marker !== undefined && { marker };
      return [place, { entry, detection: { ...rest, ...first, ...marked, count, ...several } }] as const;
    });
  }

  #entryAt(line: number): { readonly entry: Entry; readonly line: number } {
    const after = this.#lines.findIndex((first) => first > line);
    const index = (after < 0 ? this.#lines.length : after) - 1;
    const entry = this.#entries[index];
    if (entry === undefined) throw new RangeError(`the text has no line ${line}`);
    return { entry, line: this.#lines[index] ?? 1 };
  }
}
