/**
 * The life of findings from run to run: a finding is new once, persists without a record, moves with its file, is
 * new again with another owner, and is resolved when its place was scanned and it was gone. A finding is marked as
 * announced in the transaction that contains its record, so a kill neither loses an alert nor repeats one. Limits
 * decide when a finding is announced, not whether: findings beyond a limit are counted by owner, and announced by a
 * later run.
 */
import type { Announce, Log } from '../../host/log/index.ts';
import type { Platform, Store } from '../../host/platform/index.ts';
import type { Finding, FindingStatus, Lifecycle } from '../model/finding.ts';
import type { CoverageRecorder } from '../model/coverage.ts';
import type { KnownSecret } from './file-collection.ts';
import type { FileFindings } from './findings-by-file.ts';
import type { FindingLedger, FindingSum, GoneSearch } from './finding-collector.ts';
import { ListedFindings } from './listed-findings.ts';
import { addSeverityCounts, noCounts, sumOf } from '../model/severity-counts.ts';
import type { Suppressor } from './suppression.ts';
import { DroppedFindings } from './dropped-findings.ts';
import { FindingQuota } from './finding-quota.ts';
import { LateAnnouncements } from './late-announcements.ts';
import { FindingRecords, bareFinding } from './finding-records.ts';
import {
  type FindingRow,
  FindingStore,
  type KnownDetection,
  type KnownPlace,
  type Whereabout,
  rankOf,
} from './finding-store.ts';
import { secretNumber } from './secret-number.ts';
import { identityOf } from './standing.ts';
import { isInContainer } from '../model/location.ts';
import { type PlaceSource, rangeOf } from '../model/source-place.ts';
import { Places, type WatchedPlaces, shownPath, watchedPlaces } from '../model/watched-places.ts';
import type { ReadAgain } from '../walk/file-index/walk-memory.ts';
import { Origins, Whereabouts } from './moved-findings.ts';

export interface FindingHistoryOptions {
  readonly store: Store;
  readonly platform: Platform;
  readonly log: Log;
  /** See `TaskContext`. */
  readonly announce?: Announce | undefined;
  readonly coverage: CoverageRecorder;
  readonly redact: (text: string) => string;
  /** The installation's fingerprint key. */
  readonly key: Buffer;
  /** The run's start: milliseconds since 1970. */
  readonly now: number;
  /** After how many days a finding is logged again; undefined for never. */
  readonly remind: number | undefined;
  /** See `TaskContext`. */
  readonly retell?: boolean | undefined;
  /**
   * Decides which findings are not announced. They are stored anyway, and announced when they are no longer
   * suppressed.
   */
  readonly suppressor: Suppressor;
  /** True for the id of a rule that this run does not use: that its findings are not found again proves nothing. */
  readonly isDisabled: (rule: string) => boolean;
  /** Distinguishes runs that scan different files. */
  readonly scope: string;
}

/** The place of a finding that did not exist before. */
interface Arrival {
  readonly place: string;
  readonly file: FileFindings;
  /** The file is new, or was changed since an earlier run dropped findings in it. */
  readonly isNews: boolean;
}

export class FindingHistory implements FindingLedger {
  readonly #options: FindingHistoryOptions;
  readonly #findings: FindingStore;
  readonly #quota: FindingQuota;
  readonly #dropped: DroppedFindings;
  readonly #places: Places;
  readonly #records: FindingRecords;
  readonly #whereabouts: Whereabouts;
  /** As of the start. */
  readonly watched: WatchedPlaces;
  readonly readAgain: ReadAgain;
  /** Findings that an allowlist permits. */
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
    store.onRollback(() => this.#quota.recount());
    this.#dropped = new DroppedFindings(options);
    this.#places = new Places(redact, key);
    this.#records = new FindingRecords(announce, options.now);
    this.#whereabouts = new Whereabouts(options.platform, options.now);
    this.readAgain = this.#dropped.readAgain();
    this.watched = watchedPlaces([this.#findings.places(), this.#dropped.places()], this.#findings.keys());
    this.#findings.age();
  }

  /** The places of a source where something is known to be. */
  knownIn(source: PlaceSource): KnownPlace[] {
    return this.#findings.placesBetween(rangeOf(source));
  }

  get total(): number {
    return this.#quota.total;
  }

  /** @throws the store's error; then nothing of the file has been added */
  add(file: FileFindings): void {
    const counts = { ...this.#counts };
    this.#isDirty = true;
    try {
      this.#options.store.transaction(() => this.#add(file));
    } catch (error) {
      this.#counts = counts;
      throw error;
    }
    this.#allowed += file.allowed;
  }

  #add(file: FileFindings): void {
    const place = this.#places.placeOf(file.path);
    const { fresh, replaced } = this.#persist(place, file);
    this.#dropped.begin(place, file);
    for (const secret of replaced) this.#dropped.add(secret, undefined);
    if (fresh.length > 0) {
      const arrival = { place, file, isNews: this.#dropped.isNews };
      const origins = new Origins(this.#findings, this.#whereabouts, place, file);
      for (const detection of fresh) this.#begin(arrival, detection, origins);
    }
    this.#dropped.end();
  }

  /** What is known at a path. */
  knownAt(path: string): readonly KnownSecret[] {
    const rows = this.#findings.at(this.#places.placeOf(path)).filter(({ gone }) => gone === 0);
    return rows.map(({ detection: { rule, fingerprint, severity, inside } }) => ({
      rule,
      fingerprint,
      severity,
      inside,
    }));
  }

  /** Makes what was added so far survive a loss of power. */
  sync(): void {
    if (this.#isDirty) this.#options.store.sync();
    this.#isDirty = false;
  }

  /** In steps, each in its own transaction: signals and the deadline are noticed between them. */
  async lookForGone({ inScope, isYieldDue, yieldNow }: GoneSearch): Promise<void> {
    for (const looks of [this.#looks(inScope), this.#dropped.looks(inScope)]) {
      const step = () => {
        let isAtEnd: boolean;
        do isAtEnd = looks.next().done === true;
        while (!isAtEnd && !isYieldDue());
        return isAtEnd;
      };
      while (!this.#options.store.transaction(step)) if (!(await yieldNow())) return;
    }
  }

  *#looks(inScope: GoneSearch['inScope']): Generator<void, void, undefined> {
    for (const row of this.#findings.notSeen(this.#options.now)) {
      if (!inScope(shownPath(row.place))) continue;
      if (this.#whereabouts.look(row)) this.#findings.setGone(row.number, this.#options.now);
      yield;
    }
  }

  finish({ inScope, isSettled, isComplete }: Parameters<FindingLedger['finish']>[0]): FindingSum {
    const { suppressor, store } = this.#options;
    const count = noCounts();
    const listed = new ListedFindings();
    const suppressed: Record<string, number> = this.#allowed > 0 ? { allowlist: this.#allowed } : {};
    const late = this.#lateAnnouncements();
    let [current, shipped] = [0, 0];
    store.transaction(() => {
      for (const row of this.#findings.all()) {
        if (!inScope(shownPath(row.place))) continue;
        if (this.#whereabouts.isGone(row, isComplete)) {
          if (this.#whereabouts.isLost(row, isSettled)) late.addGone(row.number);
          else this.#findings.setGone(row.number, this.#options.now);
          continue;
        }
        const reason = suppressor(bareFinding(row.place, row.detection));
        if (reason !== undefined) {
          suppressed[reason] = (suppressed[reason] ?? 0) + 1;
          if (row.state !== 'suppressed') this.#findings.setState(row, 'suppressed');
          continue;
        }
        const state = this.#unsuppress(row);
        const { owner, since, detection } = row;
        late.add(row);
        listed.add(findingOf(row, state), owner, since);
        if (detection.shippedBy !== undefined) {
          shipped += 1;
          continue;
        }
        current += 1;
        count[detection.severity] += 1;
      }
      this.#counts.resolved += late.announce();
      for (const { owner, counts } of this.#dropped.finish({ inScope, isSettled, isComplete })) {
        addSeverityCounts(count, counts);
        listed.count(owner, sumOf(counts));
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
    return { ...this.#withFiles(listed), count, shipped, suppressed, lifecycle };
  }

  #lateAnnouncements(): LateAnnouncements {
    const { now, remind, retell = false } = this.#options;
    return new LateAnnouncements({
      findings: this.#findings,
      quota: this.#quota,
      records: this.#records,
      dropped: this.#dropped,
      now,
      remind,
      retell,
    });
  }

  /** The stored findings, unchanged. Writes nothing: for a store that can no longer be written. */
  current(inScope: (path: string) => boolean): FindingSum {
    const count = noCounts();
    const listed = new ListedFindings();
    let shipped = 0;
    for (const row of this.#findings.all()) {
      const { place, state, detection, gone, owner, since } = row;
      const isSuppressed = state === 'suppressed' || this.#options.isDisabled(detection.rule);
      if (gone > 0 || isSuppressed || !inScope(shownPath(place))) continue;
      if (detection.shippedBy === undefined) count[detection.severity] += 1;
      else shipped += 1;
      listed.add(findingOf(row, state), owner, since);
    }
    return { ...this.#withFiles(listed), count, shipped, suppressed: {} };
  }

  /** The listed findings, with the number of files that have their secrets. */
  #withFiles(all: ListedFindings) {
    const files = this.#findings.filesBySecret();
    return all.finish((finding) => files.get(secretNumber(finding)) ?? 1);
  }

  /**
   * Records which findings of a file still exist, and which are gone.
   * @returns the new ones, and known ones that are no longer stored
   */
  #persist(
    place: string,
    { exposure, detections, more, stillThere, allowedKnown, file, owner, unread = [] }: FileFindings,
  ) {
    const { now, isDisabled } = this.#options;
    const known = new Map(this.#findings.at(place).map((row) => [identityOf(row.detection), row]));
    const fresh: KnownDetection[] = [];
    const replaced: KnownSecret[] = [];
    for (const found of detections) {
      const detection = { ...found, exposure };
      const key = identityOf(detection);
      const row = known.get(key);
      known.delete(key);
      if (row === undefined) {
        fresh.push(detection);
        continue;
      }
      const { dev, ino } = file ?? row;
      const same = { ...row, owner, detection, dev, ino, seen: now };
      this.#findings.update(isNoLongerShipped(row, detection) ? this.#asNew(same) : same);
      this.#changeOwner(row.owner, owner);
    }
    for (const secret of stillThere) {
      const key = identityOf(secret);
      const row = known.get(key);
      known.delete(key);
      // Since the start of the run, another finding may have taken its room.
      if (row === undefined) replaced.push(secret);
      else this.#findings.see(row.number, now);
    }
    for (const secret of allowedKnown) {
      const key = identityOf(secret);
      const row = known.get(key);
      // It may stand at other places of the file, too, which are not permitted.
      if (row === undefined) continue;
      known.delete(key);
      const detection = { ...row.detection, isAllowed: true };
      this.#findings.update({ ...row, owner, detection, seen: now });
      this.#changeOwner(row.owner, owner);
    }
    if (file !== undefined) {
      // If new findings are not kept, they may include those that count as news once their file has been modified.
      const isCut = sumOf(more) > 0;
      for (const { number, detection } of known.values()) {
        const isUnread = unread.some((container) => isInContainer(detection.inside, container));
        if (isUnread || isDisabled(detection.rule)) this.#findings.see(number, now);
        else if (!isCut || detection.shippedBy === undefined) this.#findings.setGone(number, now);
      }
    }
    return { fresh, replaced };
  }

  /** A finding that is new at its place. */
  #begin(arrival: Arrival, detection: KnownDetection, origins: Origins): void {
    const { now, suppressor } = this.#options;
    const { place } = arrival;
    const { owner, file } = arrival.file;
    const { dev, ino } = file ?? { dev: 0, ino: 0 };
    const reason = suppressor(bareFinding(place, detection));
    for (let origin = origins.take(detection); origin !== undefined; origin = origins.take(detection)) {
      const isKnown = origin.state !== 'suppressed' && reason === undefined;
      const state = isKnown ? 'moved' : 'suppressed';
      // That it was announced elsewhere does not count once it is announced here after having been suppressed.
      const alertedAt = isKnown ? origin.alertedAt : null;
      const moved = {
        ...origin,
        place,
        owner,
        detection,
        dev,
        ino,
        seen: now,
        alertedAt,
        state,
      } as const;
      if (this.#move(origin, moved)) return;
    }
    const isStored = reason === undefined ? this.#makeRoom(arrival, detection) : this.#quota.hasRoom(owner);
    if (!isStored) {
      this.#dropped.add(detection, reason);
      return;
    }
    const since = origins.since(detection) ?? now;
    const isOld = this.#dropped.wasAnnounced(detection);
    const files = () => 1 + (origins.isKnown(detection) ? this.#findings.filesWith(detection) : 0);
    const isAlerted =
      isOld || (reason === undefined && this.#records.found({ place, owner, detection, since }, files));
    const state = reason !== undefined ? 'suppressed' : isOld ? 'persisting' : 'new';
    const alertedAt = isAlerted ? now : null;
    this.#findings.add({ place, owner, detection, dev, ino, since, seen: now, alertedAt, state });
    this.#quota.add(owner, 1);
    if (state === 'new' && detection.shippedBy === undefined) this.#counts.new += 1;
  }

  /** A finding whose file is no longer as its package brought it: it is announced, as any new one. */
  #asNew(row: FindingRow): FindingRow {
    if (row.state === 'suppressed') return { ...row, alertedAt: null };
    this.#counts.new += 1;
    return { ...row, alertedAt: null, state: 'new' };
  }

  /** @returns false when the finding is no longer in the store */
  #move(origin: Whereabout, moved: FindingRow): boolean {
    const before = this.#findings.get(moved.number);
    if (before === undefined) return false;
    if (isNoLongerShipped(before, moved.detection)) return this.#findings.update(this.#asNew(moved));
    this.#findings.update(moved);
    if (moved.state === 'suppressed') return true;
    if (moved.detection.shippedBy === undefined) this.#counts.moved += 1;
    // If there is no room for the record, the finding is announced later at its new place.
    const isSaid = origin.alertedAt !== null && this.#records.moved(moved, origin);
    if (!isSaid) this.#findings.setAlertedAt(moved.number, null);
    return true;
  }

  /** @returns false when there is no room for a finding, and none that it may replace */
  #makeRoom({ file: { owner }, isNews }: Arrival, detection: KnownDetection): boolean {
    if (this.#quota.hasRoom(owner)) return true;
    const least = this.#quota.leastOf(owner, rankOf(detection), isNews, this.#options.now);
    if (least === undefined) return false;
    this.#findings.remove(least.number);
    this.#quota.add(least.owner, -1);
    if (least.gone === 0) {
      const reason = this.#options.suppressor(bareFinding(least.place, least.detection));
      this.#dropped.addRow(least, reason);
    }
    return true;
  }

  #changeOwner(from: string, to: string): void {
    if (from === to) return;
    this.#quota.add(from, -1);
    this.#quota.add(to, 1);
  }

  /** @returns the state of a finding that is not, or no longer, suppressed */
  #unsuppress(row: FindingRow): FindingStatus['state'] {
    const { state, alertedAt, detection } = row;
    if (state !== 'suppressed') return state;
    const now = alertedAt === null ? 'new' : 'persisting';
    this.#findings.setState(row, now);
    if (now === 'new' && detection.shippedBy === undefined) this.#counts.new += 1;
    return now;
  }
}

function isNoLongerShipped(before: FindingRow, now: KnownDetection): boolean {
  return before.detection.shippedBy !== undefined && now.shippedBy === undefined;
}

function findingOf({ place, detection, since }: FindingRow, state: FindingStatus['state']): Finding {
  return { ...bareFinding(place, detection), history: { state, since: new Date(since).toISOString() } };
}
