/**
 * The life of findings from run to run: each is new once, persists without a word, moves with its file, and is resolved when
 * its place was examined and it was gone. What is logged of a finding is logged in the transaction that notes it, so that
 * a kill neither loses an alert nor repeats one.
 */
import type { Log } from '../../log/index.ts';
import type { Platform, Store } from '../../platform/index.ts';
import {
  type Finding,
  type FindingHistory as KnownSince,
  type Lifecycle,
  type Severity,
  severities,
} from '../../task.ts';
import { scanEvents } from '../events.ts';
import type { FileFindings, FileIdentity } from '../findings-by-file.ts';
import { type FindingLedger, type FindingSum, MAX_KEPT, findingFields } from '../findings.ts';
import type { Suppressor } from '../suppression.ts';
import { type FindingRow, FindingStore, type KnownDetection } from './finding-store.ts';
import { Places, type WatchedPlaces, pathOf, shownPath } from './places.ts';
import { hasFolderChanged, isVanished } from './vanished.ts';

/** Findings in the store; further ones are only counted. */
const MAX_STORED = 100_000;
const DAY = 24 * 60 * 60 * 1000;
/** How long runs that end early may find a finding gone until it is resolved: it may be met again elsewhere. */
const PATIENCE = 7 * DAY;

export interface FindingHistoryOptions {
  readonly store: Store;
  readonly platform: Platform;
  readonly log: Log;
  readonly redact: (text: string) => string;
  /** Of the installation. */
  readonly key: Buffer;
  /** The run's start: milliseconds since 1970. */
  readonly now: number;
  /** After how many days a finding is logged again; undefined for never. */
  readonly remind: number | undefined;
  /** Says what is not to be told of; that is known all the same, and is told of if it is not suppressed any more. */
  readonly suppressor: Suppressor;
}

export class FindingHistory implements FindingLedger {
  readonly #options: FindingHistoryOptions;
  readonly #findings: FindingStore;
  readonly #places: Places;
  /** As of the start. */
  readonly watched: WatchedPlaces;
  #stored: number;
  /** Something was written since the last `sync`. */
  /** What an allowlist let pass. */
  #allowed = 0;
  #isDirty = false;
  #told = 0;
  #counts = { new: 0, moved: 0, resolved: 0 };

  constructor(options: FindingHistoryOptions) {
    this.#options = options;
    this.#findings = new FindingStore(options.store);
    this.#places = new Places(options.redact, options.key);
    const places = this.#findings.places();
    this.watched = {
      places: new Set(places),
      hasHidden: places.some((place) => pathOf(place) === undefined),
    };
    this.#stored = this.#findings.count;
    this.#findings.age();
  }

  get total(): number {
    return this.#stored;
  }

  add({ path, exposure, detections, more, allowed, file }: FileFindings): void {
    this.#allowed += allowed;
    const place = this.#places.placeOf(path);
    this.#isDirty = true;
    this.#options.store.transaction(() => {
      const known = new Map(this.#findings.at(place).map((row) => [identity(row.detection, row.nth), row]));
      const seen = new Map<string, number>();
      const uncounted = { ...more };
      for (const found of detections) {
        const detection = { ...found, exposure };
        const equal = identity(detection, 0);
        const nth = seen.get(equal) ?? 0;
        seen.set(equal, nth + 1);
        const key = identity(detection, nth);
        const row = known.get(key);
        known.delete(key);
        if (row !== undefined) this.#persist(row, detection, file);
        else if (!this.#begin(place, nth, detection, file)) uncounted[detection.severity] += 1;
      }
      if (file === undefined) return;
      // Beyond what is kept of a file nobody knows which ones are gone.
      const isWhole = severities.every((severity) => more[severity] === 0);
      if (isWhole) for (const { number } of known.values()) this.#findings.setGone(number, this.#options.now);
      this.#findings.setUncounted(place, uncounted);
    });
  }

  /** What was added so far outlives a loss of power. */
  sync(): void {
    if (this.#isDirty) this.#options.store.sync();
    this.#isDirty = false;
  }

  finish({ inScope, isSettled, isComplete }: Parameters<FindingLedger['finish']>[0]): FindingSum {
    const count: Record<Severity, number> = { low: 0, medium: 0, high: 0, critical: 0 };
    const kept: Finding[] = [];
    const suppressed: Record<string, number> = this.#allowed > 0 ? { allowlist: this.#allowed } : {};
    let current = 0;
    this.#options.store.transaction(() => {
      for (const row of this.#findings.all()) {
        if (!inScope(shownPath(row.place))) continue;
        if (row.gone > 0 || this.#isGone(row, isComplete)) {
          this.#lose(row, isSettled);
          continue;
        }
        const reason = this.#options.suppressor(bareFinding(row.place, row.detection));
        if (reason !== undefined) {
          suppressed[reason] = (suppressed[reason] ?? 0) + 1;
          if (row.state !== 'suppressed') this.#findings.setState(row.number, 'suppressed');
          continue;
        }
        const state = this.#tellIfDue(row);
        current += 1;
        count[row.detection.severity] += 1;
        if (kept.length < MAX_KEPT) kept.push(findingOf(row, state));
      }
      for (const { place, counts } of this.#findings.uncounted()) {
        if (!inScope(shownPath(place))) continue;
        for (const severity of severities) count[severity] += counts[severity];
      }
    });
    const lifecycle: Lifecycle = {
      ...this.#counts,
      persisting: Math.max(0, current - this.#counts.new - this.#counts.moved),
    };
    return { kept, count, suppressed, lifecycle };
  }

  /** What is stored, as it is; nothing is written. For a store that cannot be written any more. */
  current(inScope: (path: string) => boolean): FindingSum {
    const count: Record<Severity, number> = { low: 0, medium: 0, high: 0, critical: 0 };
    const kept: Finding[] = [];
    for (const row of this.#findings.all()) {
      const { place, state, detection, gone } = row;
      if (gone > 0 || state === 'suppressed' || !inScope(shownPath(place))) continue;
      count[detection.severity] += 1;
      if (kept.length < MAX_KEPT) kept.push(findingOf(row, state));
    }
    return { kept, count, suppressed: {} };
  }

  #persist(row: FindingRow, detection: KnownDetection, file: FileIdentity | undefined): void {
    const { dev, ino } = file ?? row;
    this.#findings.update({ ...row, detection, dev, ino, seen: this.#options.now });
  }

  /** A finding that its place did not have. @returns false when there is no room for it. */
  #begin(place: string, nth: number, detection: KnownDetection, file: FileIdentity | undefined): boolean {
    const { now, log } = this.#options;
    const alike = this.#findings.alike(detection, place);
    const { dev, ino } = file ?? { dev: 0, ino: 0 };
    const origin = alike.find((row) => this.#hasMoved(row, file));
    const isSuppressed = this.#options.suppressor(bareFinding(place, detection)) !== undefined;
    if (origin !== undefined) {
      const isKnown = origin.state !== 'suppressed' && !isSuppressed;
      const state = isKnown ? 'moved' : 'suppressed';
      this.#findings.update({ ...origin, place, nth, detection, dev, ino, seen: now, state });
      if (!isKnown) return true;
      this.#counts.moved += 1;
      const from = shownPath(origin.place);
      log(scanEvents.findingMoved, { ...findingFields(bareFinding(place, detection)), from });
      return true;
    }
    if (this.#stored >= MAX_STORED) return false;
    const since = alike[0]?.since ?? now;
    const told = !isSuppressed && this.#tell(place, detection, since) ? now : null;
    const state = isSuppressed ? 'suppressed' : 'new';
    this.#findings.add({ place, nth, detection, dev, ino, since, seen: now, told, state });
    this.#stored += 1;
    if (!isSuppressed) this.#counts.new += 1;
    return true;
  }

  /** The secret left the other place for this file: it was deleted there, or the file itself was renamed. */
  #hasMoved(row: FindingRow, file: FileIdentity | undefined): boolean {
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
  #lose(row: FindingRow, isSettled: boolean): void {
    const { now, platform } = this.#options;
    const path = pathOf(row.place);
    const wasGone = row.gone > 0 && row.gone < now;
    const isCertain = wasGone || path === undefined || !hasFolderChanged(platform, path, now);
    if (isSettled ? isCertain : wasGone && row.gone < now - PATIENCE) this.#resolve(row);
    else this.#findings.setGone(row.number, now);
  }

  #resolve({ number, place, detection, since, state }: FindingRow): void {
    this.#findings.remove(number);
    this.#findings.setUncounted(place, { low: 0, medium: 0, high: 0, critical: 0 });
    // Nobody was told of it.
    if (state === 'suppressed') return;
    this.#counts.resolved += 1;
    this.#options.log(scanEvents.findingResolved, {
      ...findingFields(bareFinding(place, detection)),
      since: new Date(since).toISOString(),
    });
  }

  /**
   * Logs what was suppressed until now, what the bound kept earlier runs from logging, and what the operator wants to be
   * reminded of. @returns what the finding is to this run
   */
  #tellIfDue(row: FindingRow): KnownSince['state'] {
    const { number, place, detection, since, told } = row;
    const { now, remind, log } = this.#options;
    const before = row.state === 'suppressed' ? 'persisting' : row.state;
    const state = row.state === 'suppressed' && told === null ? 'new' : before;
    if (state !== row.state) {
      this.#findings.setState(number, state);
      if (state === 'new') this.#counts.new += 1;
    }
    if (told === null) {
      if (this.#tell(place, detection, since)) this.#findings.setTold(number, now);
    } else if (remind !== undefined && told <= now - remind * DAY && this.#told < MAX_KEPT) {
      this.#told += 1;
      this.#findings.setTold(number, now);
      const fields = findingFields(bareFinding(place, detection));
      log(scanEvents.findingAgain, { ...fields, since: new Date(since).toISOString() });
    }
    return state;
  }

  /** Logs a new finding. @returns false when this run has logged enough. */
  #tell(place: string, detection: KnownDetection, since: number): boolean {
    const { now, log } = this.#options;
    this.#told += 1;
    if (this.#told === MAX_KEPT + 1) log(scanEvents.findingLimit, { perRun: MAX_KEPT });
    if (this.#told > MAX_KEPT) return false;
    log(detection.severity === 'low' ? scanEvents.findingLow : scanEvents.finding, {
      ...findingFields(bareFinding(place, detection)),
      ...(since < now && { since: new Date(since).toISOString() }),
    });
    return true;
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
