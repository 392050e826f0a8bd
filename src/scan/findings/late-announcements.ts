/**
 * What a run announces at its end: first the findings that no run has announced yet, the most severe and newest
 * first, then the changes of known findings. What exceeds the limits is left to a later run.
 */
import { type Severity, severities } from '../model/finding.ts';
import type { DroppedFindings } from './dropped-findings.ts';
import type { FindingQuota } from './finding-quota.ts';
import type { FindingRecords } from './finding-records.ts';
import type { FindingRow, FindingStore } from './finding-store.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

export interface LateAnnouncementsOptions {
  readonly findings: FindingStore;
  readonly quota: FindingQuota;
  readonly records: FindingRecords;
  readonly dropped: DroppedFindings;
  /** The run's start: milliseconds since 1970. */
  readonly now: number;
  /** After how many days a finding is announced again; undefined for never. */
  readonly remind: number | undefined;
  /** Announce again what earlier runs have announced. */
  readonly retell: boolean;
}

/** A finding that is stored, and to be announced. */
interface Waiting {
  readonly number: number;
  readonly owner: string;
  readonly severity: Severity;
  readonly since: number;
  readonly isShipped: boolean;
}

export class LateAnnouncements {
  readonly #options: LateAnnouncementsOptions;
  readonly #waiting: Waiting[] = [];
  readonly #gone: number[] = [];
  readonly #due: number[] = [];

  constructor(options: LateAnnouncementsOptions) {
    this.#options = options;
  }

  /** A finding that still exists and is not suppressed. */
  add(row: FindingRow): void {
    const { number, owner, since, detection, alertedAt } = row;
    const { now, retell } = this.#options;
    // What this run has announced is not announced again.
    const isWaiting = alertedAt === null || (retell && alertedAt < now);
    const isShipped = detection.shippedBy !== undefined;
    if (isWaiting) this.#waiting.push({ number, owner, severity: detection.severity, since, isShipped });
    else if (!isShipped && this.#isReminderDue(alertedAt)) this.#due.push(number);
  }

  /** A finding that is permanently gone. */
  addGone(number: number): void {
    this.#gone.push(number);
  }

  /** Announces all of them within the limits, and removes those that are gone. @returns how many of these were resolved */
  announce(): number {
    this.#announceWaiting();
    const resolved = this.#gone.filter((number) => this.#resolve(number)).length;
    for (const number of this.#due) this.#remind(number);
    return resolved;
  }

  #announceWaiting(): void {
    const { findings, records, dropped, now, retell } = this.#options;
    const bySeverity = (a: Waiting, b: Waiting) =>
      severities.indexOf(b.severity) - severities.indexOf(a.severity);
    this.#waiting.sort((a, b) => bySeverity(a, b) || b.since - a.since || b.number - a.number);
    for (const { number, owner, severity, isShipped } of this.#waiting) {
      const row = records.hasRoomFor(owner) ? findings.get(number) : undefined;
      if (row !== undefined && records.foundBefore(row, () => findings.filesWith(row.detection))) {
        findings.setAlertedAt(number, now);
        continue;
      }
      if (retell) findings.setAlertedAt(number, null);
      if (!isShipped) dropped.withhold(owner, severity);
    }
  }

  /**
   * Announces that a finding is gone, and removes it; if there is no room for the record, a later run does both.
   * @returns whether it counts as resolved: not left to a later run, not suppressed, not in a file of a package
   */
  #resolve(number: number): boolean {
    const { findings, records, quota, now } = this.#options;
    const row = findings.get(number);
    if (row === undefined) return false;
    const isKnown = row.state !== 'suppressed';
    const isCounted = isKnown && row.detection.shippedBy === undefined;
    // One that was never announced needs no record.
    if (isKnown && row.alertedAt !== null && !records.resolved(row)) {
      findings.setGone(number, now);
      return false;
    }
    findings.remove(number);
    quota.add(row.owner, -1);
    return isCounted;
  }

  #isReminderDue(alertedAt: number): boolean {
    const { now, remind } = this.#options;
    return remind !== undefined && alertedAt <= now - remind * DAY_MS;
  }

  #remind(number: number): void {
    const { findings, records, now } = this.#options;
    const row = findings.get(number);
    if (row !== undefined && records.stillThere(row)) findings.setAlertedAt(number, now);
  }
}
