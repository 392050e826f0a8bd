/**
 * The records of findings that a run with state logs: which event, which fields, within which limits. Each method
 * returns whether the record was logged; if not, a later run must log it. Limits apply to the files of one owner in
 * one run.
 */
import type { Announce } from '../../host/log/index.ts';
import type { Finding } from '../model/finding.ts';
import { scanEvents } from '../model/events.ts';
import { findingFields, foundEvent, inFiles } from './finding-collector.ts';
import { Announcer } from './announcer.ts';
import type { FindingRow, KnownDetection, Whereabout } from './finding-store.ts';
import { inFile } from './standing.ts';
import { shownPath } from '../model/watched-places.ts';

/** Findings as they are found: critical ones, and others, which leave room for these in the queue ... */
const CRITICAL_AT_ONCE = { records: 10_000, bytes: 8 * 1024 * 1024 };
const AT_ONCE = { records: 7500, bytes: 4 * 1024 * 1024 };
/** ... at the end, the most severe that were not announced yet ... */
const AT_THE_END = { records: 7500, bytes: 4 * 1024 * 1024 };
/** ... and those that are already known: moved, resolved, persisting. */
const OF_KNOWN = { records: 10_000, bytes: 4 * 1024 * 1024 };

/** The subject of a record. */
export type Subject = Pick<FindingRow, 'place' | 'owner' | 'detection' | 'since'>;

export class FindingRecords {
  readonly #criticalAtOnce: Announcer;
  readonly #atOnce: Announcer;
  readonly #atTheEnd: Announcer;
  readonly #ofKnown: Announcer;
  readonly #now: number;

  /** @param now the run's start: milliseconds since 1970 */
  constructor(announce: Announce, now: number) {
    this.#criticalAtOnce = new Announcer(announce, CRITICAL_AT_ONCE);
    this.#atOnce = new Announcer(announce, AT_ONCE);
    this.#atTheEnd = new Announcer(announce, AT_THE_END);
    this.#ofKnown = new Announcer(announce, OF_KNOWN);
    this.#now = now;
  }

  /** A finding that has just been found. @param files determines in how many files its secret is known */
  found(subject: Subject, files: () => number): boolean {
    const isCritical = subject.detection.severity === 'critical';
    return this.#found(isCritical ? this.#criticalAtOnce : this.#atOnce, subject, files);
  }

  /** A finding that no run has announced yet. It has a separate limit, which new findings cannot use up. */
  foundBefore(subject: Subject, files: () => number): boolean {
    return this.#found(this.#atTheEnd, subject, files);
  }

  /** False when `foundBefore` will not log anything more about this owner. */
  hasRoomFor(owner: string): boolean {
    return this.#atTheEnd.hasRoom(owner);
  }

  moved(subject: Subject, from: Pick<Whereabout, 'place' | 'inside'>): boolean {
    const { owner, place, detection } = subject;
    const before = inFile(shownPath(from.place), { inside: from.inside }).path;
    const fields = { ...findingFields(bareFinding(place, detection)), from: before };
    return this.#ofKnown.announce(owner, place, scanEvents.findingMoved, fields);
  }

  resolved(subject: Subject): boolean {
    return this.#ofKnown.announce(
      subject.owner,
      subject.place,
      scanEvents.findingResolved,
      withSince(subject),
    );
  }

  stillThere(subject: Subject): boolean {
    return this.#ofKnown.announce(subject.owner, subject.place, scanEvents.findingAgain, withSince(subject));
  }

  #found(announcer: Announcer, subject: Subject, files: () => number): boolean {
    const { place, owner, detection, since } = subject;
    if (!announcer.hasRoom(owner)) return false;
    const fields = since < this.#now ? withSince(subject, files()) : fieldsOf(subject, files());
    return announcer.announce(owner, place, foundEvent(detection.severity), fields);
  }
}

function withSince(subject: Subject, files?: number) {
  return { ...fieldsOf(subject, files), since: new Date(subject.since).toISOString() };
}

/** @param files the number of files with this secret, if it was determined */
function fieldsOf({ place, detection }: Subject, files = 1) {
  return findingFields(inFiles(bareFinding(place, detection), files));
}

/** The finding without its history, and whether an allowlist permits it. */
export function bareFinding(
  place: string,
  detection: KnownDetection,
): Finding & Pick<KnownDetection, 'isAllowed'> {
  return inFile(shownPath(place), detection);
}
