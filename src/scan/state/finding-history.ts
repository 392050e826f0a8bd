/**
 * The life of findings from run to run: each is new once, persists without a record, moves with its file, and is resolved when
 * its place was examined and it was gone. A finding is marked as announced in the transaction that holds its record, so a
 * kill neither loses an alert nor repeats one. Limits decide when a finding is announced, not whether: what does not fit is
 * counted by owner, and announced by a later run.
 */
import type { Announce, Log } from '../../log/index.ts';
import type { Platform, Store } from '../../platform/index.ts';
import {
  type Finding,
  type FindingHistory as KnownSince,
  type Lifecycle,
  type Severity,
  severities,
} from '../../task.ts';
import type { CoverageRecorder } from '../coverage.ts';
import { scanEvents } from '../events.ts';
import type { FileFindings } from '../findings-by-file.ts';
import { type FindingLedger, type FindingSum, findingFields, foundEvent, sumOf } from '../findings.ts';
import { KeptFindings } from '../kept-findings.ts';
import type { Suppressor } from '../suppression.ts';
import { Announcer } from './announcer.ts';
import { DroppedFindings } from './dropped-findings.ts';
import { FindingQuota } from './finding-quota.ts';
import { type FindingRow, FindingStore, type KnownDetection } from './finding-store.ts';
import { PlaceFilter } from './place-filter.ts';
import { Places, type WatchedPlaces, pathOf, shownPath } from './places.ts';
import { hasFolderChanged, isVanished } from './vanished.ts';
import type { ReadAgain } from './walk-memory.ts';

const DAY = 24 * 60 * 60 * 1000;
/** How long runs that end early may find a finding gone until it is resolved: it may be met again elsewhere. */
const PATIENCE = 7 * DAY;

/** Records about the files of one owner in one run: of findings as they are found ... */
const AT_ONCE = { records: 10_000, bytes: 8 * 1024 * 1024 };
/** ... at the end, of the most severe that were not announced yet ... */
const AT_THE_END = { records: 5000, bytes: 4 * 1024 * 1024 };
/** ... and of those that are known already: moved, resolved, still there. */
const OF_KNOWN = { records: 10_000, bytes: 4 * 1024 * 1024 };

export interface FindingHistoryOptions {
  readonly store: Store;
  readonly platform: Platform;
  readonly log: Log;
  /** See `TaskContext`. */
  readonly announce?: Announce | undefined;
  readonly coverage: CoverageRecorder;
  readonly redact: (text: string) => string;
  /** Of the installation. */
  readonly key: Buffer;
  /** The run's start: milliseconds since 1970. */
  readonly now: number;
  /** After how many days a finding is logged again; undefined for never. */
  readonly remind: number | undefined;
  /** Says what is not to be announced; that is known all the same, and is announced once it is not suppressed any more. */
  readonly suppressor: Suppressor;
  /** Tells runs about other files apart. */
  readonly scope: string;
}

/** Where a finding is that its place did not have before. */
interface Arrival {
  readonly place: string;
  readonly file: FileFindings;
  /** The file is new, or was changed since an earlier run dropped findings in it. */
  readonly isNews: boolean;
}

/** A finding that is kept and not announced. */
interface Waiting {
  readonly number: number;
  readonly owner: string;
  readonly severity: Severity;
  readonly since: number;
}

export class FindingHistory implements FindingLedger {
  readonly #options: FindingHistoryOptions;
  readonly #findings: FindingStore;
  readonly #quota: FindingQuota;
  readonly #dropped: DroppedFindings;
  readonly #places: Places;
  readonly #atOnce: Announcer;
  readonly #atTheEnd: Announcer;
  readonly #ofKnown: Announcer;
  /** As of the start. */
  readonly watched: WatchedPlaces;
  readonly readAgain: ReadAgain;
  /** What an allowlist let pass. */
  #allowed = 0;
  /** Something was written since the last `sync`. */
  #isDirty = false;
  #counts = { new: 0, moved: 0, resolved: 0 };

  constructor(options: FindingHistoryOptions) {
    const { store, log, redact, key } = options;
    const announce: Announce =
      options.announce ??
      ((event, fields) => {
        log(event, fields);
        return true;
      });
    this.#options = options;
    this.#findings = new FindingStore(store);
    this.#quota = new FindingQuota(this.#findings);
    this.#dropped = new DroppedFindings(options);
    this.#places = new Places(redact, key);
    this.#atOnce = new Announcer(announce, AT_ONCE);
    this.#atTheEnd = new Announcer(announce, AT_THE_END);
    this.#ofKnown = new Announcer(announce, OF_KNOWN);
    this.readAgain = this.#dropped.readAgain();
    this.watched = this.#watched();
    this.#findings.age();
  }

  get total(): number {
    return this.#quota.total;
  }

  add(file: FileFindings): void {
    this.#allowed += file.allowed;
    const place = this.#places.placeOf(file.path);
    this.#isDirty = true;
    this.#options.store.transaction(() => {
      const fresh = this.#persist(place, file);
      this.#dropped.begin(place, file);
      if (fresh.length > 0) {
        const arrival = { place, file, isNews: this.#dropped.isNews };
        const origins = new Map<string, FindingRow[]>();
        for (const [nth, detection] of fresh) this.#begin(arrival, nth, detection, origins);
      }
      this.#dropped.end();
    });
  }

  /** What was added so far outlives a loss of power. */
  sync(): void {
    if (this.#isDirty) this.#options.store.sync();
    this.#isDirty = false;
  }

  finish({ inScope, isSettled, isComplete }: Parameters<FindingLedger['finish']>[0]): FindingSum {
    const { suppressor, store } = this.#options;
    const count: Record<Severity, number> = { low: 0, medium: 0, high: 0, critical: 0 };
    const kept = new KeptFindings();
    const suppressed: Record<string, number> = this.#allowed > 0 ? { allowlist: this.#allowed } : {};
    const waiting: Waiting[] = [];
    const gone: number[] = [];
    let current = 0;
    store.transaction(() => {
      for (const row of this.#findings.all()) {
        if (!inScope(shownPath(row.place))) continue;
        if (row.gone > 0 || this.#isGone(row, isComplete)) {
          if (this.#isLost(row, isSettled)) gone.push(row.number);
          continue;
        }
        const reason = suppressor(bareFinding(row.place, row.detection));
        if (reason !== undefined) {
          suppressed[reason] = (suppressed[reason] ?? 0) + 1;
          if (row.state !== 'suppressed') this.#findings.setState(row.number, 'suppressed');
          continue;
        }
        const state = this.#unsuppress(row);
        const { number, owner, since, detection } = row;
        if (row.told === null) waiting.push({ number, owner, severity: detection.severity, since });
        else this.#remindIfDue(row);
        current += 1;
        count[detection.severity] += 1;
        kept.add(findingOf(row, state), owner, since);
      }
      this.#announceWaiting(waiting);
      for (const number of gone) this.#resolve(number);
      for (const { owner, counts } of this.#dropped.finish({ inScope, isSettled, isComplete })) {
        for (const severity of severities) count[severity] += counts[severity];
        kept.count(owner, sumOf(counts));
      }
      for (const [reason, more] of this.#dropped.suppressed) {
        suppressed[reason] = (suppressed[reason] ?? 0) + more;
      }
      this.#dropped.logWithheld();
    });
    const lifecycle: Lifecycle = {
      ...this.#counts,
      persisting: Math.max(0, current - this.#counts.new - this.#counts.moved),
    };
    return { ...kept.finish(), count, suppressed, lifecycle };
  }

  /** What is stored, as it is; nothing is written. For a store that cannot be written any more. */
  current(inScope: (path: string) => boolean): FindingSum {
    const count: Record<Severity, number> = { low: 0, medium: 0, high: 0, critical: 0 };
    const kept = new KeptFindings();
    for (const row of this.#findings.all()) {
      const { place, state, detection, gone, owner, since } = row;
      if (gone > 0 || state === 'suppressed' || !inScope(shownPath(place))) continue;
      count[detection.severity] += 1;
      kept.add(findingOf(row, state), owner, since);
    }
    return { ...kept.finish(), count, suppressed: {} };
  }

  #watched(): WatchedPlaces {
    const filter = new PlaceFilter();
    let hasHidden = false;
    const add = (place: string) => {
      filter.add(place);
      hasHidden ||= pathOf(place) === undefined;
    };
    for (const place of this.#findings.places()) add(place);
    for (const place of this.#dropped.places()) add(place);
    return { places: filter.shared, hasHidden };
  }

  /** Notes which findings of a file are still there, and which are gone. @returns those that are not known here, numbered */
  #persist(place: string, { exposure, detections, more, file, owner }: FileFindings) {
    const { now } = this.#options;
    const known = new Map(this.#findings.at(place).map((row) => [identity(row.detection, row.nth), row]));
    const seen = new Map<string, number>();
    const fresh: [nth: number, detection: KnownDetection][] = [];
    for (const found of detections) {
      const detection = { ...found, exposure };
      const equal = identity(detection, 0);
      const nth = seen.get(equal) ?? 0;
      seen.set(equal, nth + 1);
      const key = identity(detection, nth);
      const row = known.get(key);
      known.delete(key);
      if (row === undefined) {
        fresh.push([nth, detection]);
        continue;
      }
      const { dev, ino } = file ?? row;
      this.#findings.update({ ...row, owner, detection, dev, ino, seen: now });
      this.#changeOwner(row.owner, owner);
    }
    // Beyond what is kept of a file nothing shows which ones are gone.
    if (file !== undefined && sumOf(more) === 0) {
      for (const { number } of known.values()) this.#findings.setGone(number, now);
    }
    return fresh;
  }

  /** A finding that its place did not have. */
  #begin(arrival: Arrival, nth: number, detection: KnownDetection, origins: Map<string, FindingRow[]>): void {
    const { now, suppressor } = this.#options;
    const { place } = arrival;
    const { owner, file } = arrival.file;
    const { dev, ino } = file ?? { dev: 0, ino: 0 };
    const reason = suppressor(bareFinding(place, detection));
    const key = identity(detection, 0);
    const alike = origins.get(key) ?? this.#findings.alike(detection, place);
    origins.set(key, alike);
    for (const origin of alike) {
      if (!this.#hasMoved(origin, arrival.file)) continue;
      alike.splice(alike.indexOf(origin), 1);
      const isKnown = origin.state !== 'suppressed' && reason === undefined;
      const state = isKnown ? 'moved' : 'suppressed';
      const moved = { ...origin, place, owner, nth, detection, dev, ino, seen: now, state } as const;
      if (this.#move(origin, moved)) return;
    }
    const isStored = reason === undefined ? this.#makeRoom(arrival, detection) : this.#quota.hasRoom(owner);
    if (!isStored) {
      this.#dropped.add(detection.severity, reason);
      return;
    }
    const since = alike[0]?.since ?? now;
    const isTold = reason === undefined && this.#tell(this.#atOnce, { place, owner, detection, since });
    const state = reason === undefined ? 'new' : 'suppressed';
    const told = isTold ? now : null;
    this.#findings.add({ place, owner, nth, detection, dev, ino, since, seen: now, told, state });
    this.#quota.add(owner, 1);
    if (reason === undefined) this.#counts.new += 1;
  }

  /** @returns false when the finding is not known any more */
  #move(origin: FindingRow, moved: FindingRow): boolean {
    const { place, detection, state, owner } = moved;
    if (state === 'suppressed') {
      if (!this.#findings.update(moved)) return false;
    } else {
      const fields = { ...findingFields(bareFinding(place, detection)), from: shownPath(origin.place) };
      if (!this.#findings.update(moved)) return false;
      // When that cannot be said now, its new place is announced as that of a finding later.
      const isSaid =
        origin.told !== null && this.#ofKnown.tell(owner, place, scanEvents.findingMoved, fields);
      if (!isSaid) this.#findings.setTold(moved.number, null);
      this.#counts.moved += 1;
    }
    this.#changeOwner(origin.owner, owner);
    return true;
  }

  /** @returns false when there is no room for a finding, and no other one has to make room for it */
  #makeRoom({ file: { owner }, isNews }: Arrival, { severity }: KnownDetection): boolean {
    if (this.#quota.hasRoom(owner)) return true;
    const least = this.#quota.leastOf(owner, severity, isNews, this.#options.now);
    if (least === undefined) return false;
    this.#findings.remove(least.number);
    this.#quota.add(least.owner, -1);
    if (least.gone === 0) this.#dropped.addRow(least);
    return true;
  }

  #changeOwner(from: string, to: string): void {
    if (from === to) return;
    this.#quota.add(from, -1);
    this.#quota.add(to, 1);
  }

  /** The secret left the other place for this file: it was deleted there, or the file itself was renamed. */
  #hasMoved(row: FindingRow, { file }: FileFindings): boolean {
    if (row.gone > 0) return true;
    const path = pathOf(row.place);
    if (path === undefined) return false;
    const { platform } = this.#options;
    if (isVanished(platform, path, row.dev)) return true;
    if (file === undefined || file.ino !== row.ino || file.dev !== row.dev) return false;
    try {
      return platform.fs.status(path).ino !== row.ino;
    } catch {
      return false;
    }
  }

  /** Its file is gone. One that was not read in this run for another reason is still there, as far as anybody knows. */
  #isGone(row: FindingRow, isComplete: boolean): boolean {
    if (row.seen === this.#options.now) return false;
    const path = pathOf(row.place);
    // A file whose name is not kept is read in every run.
    return path === undefined ? isComplete : isVanished(this.#options.platform, path, row.dev);
  }

  /**
   * Not at once if it may have moved to where this run did not come, or had been already: the run has ended early, or the
   * folder has changed meanwhile.
   */
  #isLost(row: FindingRow, isSettled: boolean): boolean {
    const { now, platform } = this.#options;
    const path = pathOf(row.place);
    const wasGone = row.gone > 0 && row.gone < now;
    const isCertain = wasGone || path === undefined || !hasFolderChanged(platform, path, now);
    if (isSettled ? isCertain : wasGone && row.gone < now - PATIENCE) return true;
    this.#findings.setGone(row.number, now);
    return false;
  }

  /** Says that a finding is gone, and forgets it; if there is no room for the record, a later run does. */
  #resolve(number: number): void {
    const row = this.#findings.get(number);
    if (row === undefined) return;
    const { place, owner, detection, since, state, told } = row;
    // One that was never announced needs no record.
    if (state !== 'suppressed' && told !== null) {
      const fields = {
        ...findingFields(bareFinding(place, detection)),
        since: new Date(since).toISOString(),
      };
      if (!this.#ofKnown.tell(owner, place, scanEvents.findingResolved, fields)) {
        this.#findings.setGone(number, this.#options.now);
        return;
      }
    }
    if (state !== 'suppressed') this.#counts.resolved += 1;
    this.#findings.remove(number);
    this.#quota.add(owner, -1);
  }

  /** @returns what a finding is to this run that is not suppressed, or not any more */
  #unsuppress({ number, state, told }: FindingRow): KnownSince['state'] {
    if (state !== 'suppressed') return state;
    const now = told === null ? 'new' : 'persisting';
    this.#findings.setState(number, now);
    if (now === 'new') this.#counts.new += 1;
    return now;
  }

  #remindIfDue({ number, place, owner, detection, since, told }: FindingRow): void {
    const { now, remind } = this.#options;
    if (remind === undefined || told === null || told > now - remind * DAY) return;
    const fields = { ...findingFields(bareFinding(place, detection)), since: new Date(since).toISOString() };
    if (this.#ofKnown.tell(owner, place, scanEvents.findingAgain, fields)) {
      this.#findings.setTold(number, now);
    }
  }

  /** Announces what no run has announced yet, the most severe and newest first. */
  #announceWaiting(waiting: Waiting[]): void {
    const bySeverity = (a: Waiting, b: Waiting) =>
      severities.indexOf(b.severity) - severities.indexOf(a.severity);
    waiting.sort((a, b) => bySeverity(a, b) || b.since - a.since || b.number - a.number);
    for (const { number, owner, severity } of waiting) {
      const row = this.#atTheEnd.hasRoom(owner) ? this.#findings.get(number) : undefined;
      if (row !== undefined && this.#tell(this.#atTheEnd, row)) {
        this.#findings.setTold(number, this.#options.now);
      } else this.#dropped.withhold(owner, severity);
    }
  }

  /** Logs a new finding. @returns false when there is no room for its record now */
  #tell(
    announcer: Announcer,
    { place, owner, detection, since }: Pick<FindingRow, 'place' | 'owner' | 'detection' | 'since'>,
  ): boolean {
    const fields = {
      ...findingFields(bareFinding(place, detection)),
      ...(since < this.#options.now && { since: new Date(since).toISOString() }),
    };
    return announcer.tell(owner, place, foundEvent(detection.severity), fields);
  }
}

function identity({ rule, fingerprint }: KnownDetection, nth: number): string {
  return `${rule} ${fingerprint} ${nth}`;
}

function findingOf({ place, detection, since }: FindingRow, state: KnownSince['state']): Finding {
  return { ...bareFinding(place, detection), history: { state, since: new Date(since).toISOString() } };
}

/** Without its history. */
function bareFinding(place: string, detection: KnownDetection): Finding {
  return { ...detection, path: shownPath(place) };
}
