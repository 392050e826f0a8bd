/**
 * Findings for which there is no room in the store: counted by file and owner, recorded as a gap in the coverage,
 * and found again in the next run, since their files are read again. Owns what a run counts; `dropped-files.ts` has
 * the rows.
 */
import { crc32 } from 'node:zlib';
import type { Log } from '../../host/log/index.ts';
import type { Platform, Store } from '../../host/platform/index.ts';
import { type Severity, severities } from '../model/finding.ts';
import type { CoverageRecorder } from '../model/coverage.ts';
import { scanEvents } from '../model/events.ts';
import type { KnownSecret } from './file-collection.ts';
import type { FileFindings } from './findings-by-file.ts';
import type { FindingLedger, GoneSearch } from './finding-collector.ts';
import { type SeverityCounts, addSeverityCounts, noCounts, sumOf } from '../model/severity-counts.ts';
import { shortFingerprint } from '../model/short-fingerprint.ts';
import { type DroppedFile, DroppedFiles } from './dropped-files.ts';
import type { FindingRow } from './finding-store.ts';
import { PlaceFilter } from '../model/place-filter.ts';
import { pathOf, shownPath } from '../model/watched-places.ts';
import { isVanished } from './vanished-files.ts';
import type { ReadAgain } from '../walk/file-index/walk-memory.ts';

export interface DroppedFindingsOptions {
  readonly store: Store;
  readonly platform: Platform;
  readonly log: Log;
  readonly coverage: CoverageRecorder;
  /** The run's start: milliseconds since 1970. */
  readonly now: number;
  readonly scope: string;
}

/** The file whose findings are being added. */
interface CurrentFile {
  readonly place: string;
  readonly file: FileFindings;
  readonly before: DroppedFile | undefined;
  readonly counts: SeverityCounts;
  /**
   * Ids of findings that were announced and dropped by an earlier run, and those of them that still exist and were
   * dropped again.
   */
  readonly announced: Set<string>;
  readonly stillAnnounced: Set<string>;
  /** Whether only suppressed findings are dropped, or others too. */
  isDropped: boolean;
}

export class DroppedFindings {
  readonly #options: DroppedFindingsOptions;
  readonly #files: DroppedFiles;
  /** The start of the run before this one. */
  readonly #lastRun: number;
  #current: CurrentFile | undefined;
  /** Findings in files that are not recorded, by owner. */
  readonly #beyond = new Map<string, SeverityCounts>();
  /** Findings that this run does not announce individually, by owner, whether kept or dropped. */
  readonly #withheld = new Map<string, SeverityCounts>();
  /** Findings that are suppressed and not kept, by reason. */
  readonly suppressed = new Map<string, number>();

  constructor(options: DroppedFindingsOptions) {
    const { store, scope, now } = options;
    this.#options = options;
    this.#files = new DroppedFiles(store, scope);
    const last = store.prepare("SELECT value FROM notes WHERE name = 'last-run'").get()?.['value'];
    this.#lastRun = Number(last ?? 0);
    store.prepare("INSERT OR REPLACE INTO notes VALUES ('last-run', ?)").run(String(now));
    store.onRollback(() => this.#files.recount());
  }

  places(): Iterable<string> {
    return this.#files.places();
  }

  /** Files that this run must read. */
  readAgain(): ReadAgain {
    const filter = new PlaceFilter();
    for (const place of this.#files.places()) filter.add(place);
    return { places: filter.shared, owners: this.#files.owners };
  }

  /** Sets the file that the following calls are about. */
  begin(place: string, file: FileFindings): void {
    const counts = { ...file.more };
    for (const [reason, count] of Object.entries(file.suppressed)) this.#suppress(reason, count);
    const isDropped = sumOf(counts) > 0 || Object.keys(file.suppressed).length > 0;
    const before = this.#files.at(place);
    const announced = new Set(before?.announced);
    this.#current = { place, file, before, counts, announced, stillAnnounced: new Set(), isDropped };
  }

  /**
   * True when the file is new, or was changed since a run dropped findings in it. Only then may its findings
   * replace others; otherwise two unchanged files would replace each other's findings in every run.
   */
  get isNews(): boolean {
    if (this.#current === undefined) return false;
    const { before, file } = this.#current;
    const { owner, changedAt, file: identity } = file;
    if (before === undefined) return !this.#files.owners.has(owner) || changedAt >= this.#lastRun;
    const isOther = identity !== undefined && (identity.ino !== before.ino || identity.dev !== before.dev);
    return isOther || changedAt >= before.at;
  }

  /** Records that a kept finding may have been announced before it was dropped. @returns true if it was */
  wasAnnounced(detection: KnownSecret): boolean {
    return this.#current?.announced.delete(announcementId(detection)) === true;
  }

  /** Records that a finding of this file is dropped. @param suppression why it would not be announced anyway */
  add(detection: KnownSecret, suppression: string | undefined): void {
    if (this.#current === undefined) return;
    const { severity } = detection;
    const id = announcementId(detection);
    if (this.#current.announced.has(id)) this.#current.stillAnnounced.add(id);
    this.#current.isDropped = true;
    if (suppression === undefined) this.#current.counts[severity] += 1;
    else this.#suppress(suppression, 1);
  }

  #suppress(reason: string, count: number): void {
    this.suppressed.set(reason, (this.suppressed.get(reason) ?? 0) + count);
  }

  /** Records that a finding is replaced by another one. @param suppression why it would not be announced anyway */
  addRow(row: FindingRow, suppression: string | undefined): void {
    const { place, owner, seen, dev, ino, detection, alertedAt } = row;
    const isCounted = suppression === undefined;
    if (!isCounted) this.#suppress(suppression, 1);
    const announced = alertedAt === null ? [] : [announcementId(detection)];
    if (place === this.#current?.place) {
      this.#current.isDropped = true;
      for (const id of announced) this.#current.stillAnnounced.add(id);
      if (isCounted) this.#current.counts[detection.severity] += 1;
      return;
    }
    const before = this.#files.at(place);
    const counts = { ...(before?.counts ?? noCounts()) };
    if (isCounted) counts[detection.severity] += 1;
    const file = { at: seen, isWhole: true, dev, ino, owner, ...before, place, counts };
    this.#files.set(
      { ...file, announced: new Set([...(before?.announced ?? []), ...announced]) },
      before,
      true,
    );
  }

  /** Called when all findings of this file have been added. */
  end(): void {
    if (this.#current === undefined) return;
    const { place, file, before, counts, announced, stillAnnounced, isDropped } = this.#current;
    const { owner, file: identity } = file;
    const isWhole = identity !== undefined;
    this.#current = undefined;
    if (!isDropped) {
      if (before !== undefined && isWhole) this.#files.remove(before);
      return;
    }
    const { dev, ino } = identity ?? { dev: 0, ino: 0 };
    // If the file has more findings than are kept for a file, it is not known which ones still exist.
    const left = isWhole && sumOf(file.more) === 0 ? stillAnnounced : announced.union(stillAnnounced);
    const row = { place, owner, at: this.#options.now, isWhole, dev, ino, counts, announced: left };
    if (this.#files.set(row, before, left.size > 0)) return;
    if (sumOf(counts) > 0 && isWhole) this.#options.coverage.dropFindings(file.path, true, owner);
    addTo(this.#beyond, owner, counts);
  }

  /** Records that a finding is kept and not announced yet. */
  withhold(owner: string, severity: Severity): void {
    addTo(this.#withheld, owner, { ...noCounts(), [severity]: 1 });
  }

  /** Removes files that no longer exist, one at each step. Slow: see `GoneSearch`. */
  *looks(inScope: GoneSearch['inScope']): Generator<void, void, undefined> {
    const { now, platform } = this.#options;
    for (const file of this.#files.all()) {
      const { place, at, dev } = file;
      const path = pathOf(place);
      if (at === now || path === undefined || !inScope(shownPath(place))) continue;
      // Rows of an earlier version have no device: such a file counts as gone if it does not exist.
      if (isVanished(platform, path, at === 0 ? undefined : dev)) this.#files.remove(file);
      yield;
    }
  }

  /**
   * Counts the gaps, and removes files that no longer exist and whose names are not kept. @returns what is
   * dropped, by owner
   */
  finish({ inScope, isSettled, isComplete }: Parameters<FindingLedger['finish']>[0]) {
    const { now, coverage } = this.#options;
    const dropped = new Map(this.#beyond);
    for (const file of this.#files.all()) {
      const { place, owner, at, isWhole, counts } = file;
      if (!inScope(shownPath(place))) continue;
      // A file whose name is not kept is read in every run.
      if (at !== now && isComplete && pathOf(place) === undefined) {
        this.#files.remove(file);
        continue;
      }
      if (sumOf(counts) === 0) continue;
      // A file that was not read to its end is a gap already.
      if (isWhole || at !== now) coverage.dropFindings(shownPath(place), at === now, owner);
      addTo(dropped, owner, counts);
    }
    if (isSettled) this.#files.settle();
    for (const [owner, counts] of dropped) addTo(this.#withheld, owner, counts);
    return [...dropped].map(([owner, counts]) => ({ owner, counts }));
  }

  /** Logs one record for each owner with findings that were not announced individually. */
  logWithheld(): void {
    for (const [owner, tally] of this.#withheld) {
      const counts = Object.fromEntries(
        severities.flatMap((name) => (tally[name] > 0 ? [[name, tally[name]]] : [])),
      );
      this.#options.log(scanEvents.findingsWithheld, { owner, counts });
    }
  }
}

/** Identifies a finding within its file. */
function announcementId({ rule, fingerprint, inside }: KnownSecret): string {
  const rest = inside === undefined ? rule : `${rule} ${inside}`;
  return `${shortFingerprint(fingerprint)}${crc32(rest).toString(16)}`;
}

function addTo(tallies: Map<string, SeverityCounts>, owner: string, counts: Readonly<SeverityCounts>): void {
  const tally = { ...(tallies.get(owner) ?? noCounts()) };
  addSeverityCounts(tally, counts);
  tallies.set(owner, tally);
}
