/**
 * The findings of a run, in bounded memory: every finding is counted and logged, and the most severe ones are
 * kept for the report.
 */
import type { Fields, Log } from '../../host/log/index.ts';
import type { Finding, Lifecycle, Severity } from '../model/finding.ts';
import type { CoverageRecorder } from '../model/coverage.ts';
import { scanEvents } from '../model/events.ts';
import type { FileFindings } from './findings-by-file.ts';
import { FileCounter } from './file-counter.ts';
import { locationsOf } from './equal-secrets.ts';
import { inFile } from './standing.ts';
import { secretNumber } from './secret-number.ts';
import { ListedFindings } from './listed-findings.ts';
import { addSeverityCounts, noCounts, sumOf } from '../model/severity-counts.ts';
import { shortFingerprint } from '../model/short-fingerprint.ts';
import type { Suppressor } from './suppression.ts';

/** The totals of all findings of a run. */
export interface FindingSum {
  /** Limited to the number that a report lists. */
  readonly listed: readonly Finding[];
  /** How many more there are, by owner. */
  readonly omitted: Readonly<Record<string, number>>;
  readonly count: Readonly<Record<Severity, number>>;
  /** The number of findings in unmodified files of packages, which `count` does not contain. */
  readonly shipped: number;
  /** The number of suppressed findings, by reason. */
  readonly suppressed: Readonly<Record<string, number>>;
  readonly lifecycle?: Lifecycle;
}

/**
 * How long to look for files that no longer exist. Each look-up may take a millisecond, and there may be a
 * hundred thousand.
 */
export interface GoneSearch {
  /** True for a path that is in the scope of this run. */
  readonly inScope: (path: string) => boolean;
  /** True when it is time to await `yieldNow`. */
  readonly isYieldDue: () => boolean;
  /** @returns false when the search must end */
  readonly yieldNow: () => Promise<boolean>;
}

/** Receives findings. `finding-history.ts` is an implementation that knows earlier runs. */
export interface FindingLedger {
  /** The number of findings so far. */
  readonly total: number;
  add(file: FileFindings): void;
  /**
   * Call it before `finish`: checks which files with findings no longer exist. A finding that was not checked
   * counts as existing.
   */
  lookForGone?(how: GoneSearch): Promise<void>;
  finish(how: {
    /** True for a path that is in the scope of this run. */
    readonly inScope: (path: string) => boolean;
    /** Every place was visited: what was not found again anywhere is gone. */
    readonly isSettled: boolean;
    /** ... and nothing was skipped. */
    readonly isComplete: boolean;
  }): FindingSum;
}

export interface FindingCollectorOptions {
  readonly log: Log;
  readonly redact: (text: string) => string;
  readonly suppressor: Suppressor;
  readonly coverage: CoverageRecorder;
  /** Called with each finding that is not suppressed. */
  readonly onFinding?: ((finding: Finding) => void) | undefined;
}

/** Findings of a run that knows no earlier ones. */
export class FindingCollector implements FindingLedger {
  readonly #options: FindingCollectorOptions;
  readonly #listed = new ListedFindings();
  readonly #count = noCounts();
  #shipped = 0;
  readonly #suppressed: Record<string, number> = {};
  readonly #files = new FileCounter();

  constructor(options: FindingCollectorOptions) {
    this.#options = options;
  }

  get total(): number {
    return sumOf(this.#count) + this.#shipped;
  }

  add({
    path,
    exposure,
    detections,
    more,
    suppressed,
    allowed,
    allowedKnown,
    file,
    owner,
    modifiedAt,
  }: FileFindings): void {
    const { redact, suppressor, coverage, log, onFinding } = this.#options;
    const safePath = redact(path);
    const permitted = allowed + allowedKnown.length;
    if (permitted > 0) this.#suppress('allowlist', permitted);
    for (const [reason, count] of Object.entries(suppressed)) this.#suppress(reason, count);
    const counted = new Set<number>();
    for (const detection of detections) {
      const finding = { ...inFile(safePath, detection), exposure };
      const reason = suppressor(finding);
      if (reason !== undefined) {
        this.#suppress(reason, 1);
        continue;
      }
      if (detection.shippedBy === undefined) this.#count[detection.severity] += 1;
      else this.#shipped += 1;
      this.#listed.add(finding, owner, modifiedAt);
      const secret = secretNumber(finding);
      if (!counted.has(secret)) this.#files.add(finding);
      // In a container, several entries may have the same secret.
      if (finding.inside !== undefined) counted.add(secret);
      log(foundEvent(finding.severity), findingFields(finding));
      onFinding?.({ ...finding, owner });
    }
    addSeverityCounts(this.#count, more);
    this.#listed.count(owner, sumOf(more));
    if (file !== undefined && sumOf(more) > 0) coverage.dropFindings(path, true, owner);
  }

  finish(): FindingSum {
    const listed = this.#listed.finish((finding) => this.#files.of(finding));
    return { ...listed, count: this.#count, shipped: this.#shipped, suppressed: this.#suppressed };
  }

  #suppress(reason: string, count: number): void {
    this.#suppressed[reason] = (this.#suppressed[reason] ?? 0) + count;
  }
}

/** The event of a finding that is announced for the first time. */
export function foundEvent(severity: Severity) {
  return severity === 'low' ? scanEvents.findingLow : scanEvents.finding;
}

/** The fields of a finding's record. */
export function findingFields(finding: Finding): Fields {
  const { rule, severity, confidence, path, line, column, bytes, fingerprint, evidence, exposure, marker } =
    finding;
  const { count, files = 1 } = finding;
  return {
    rule,
    severity,
    confidence,
    // Before the path: a record that is too long is truncated at its end.
    fingerprint: shortFingerprint(fingerprint),
    path,
    ...(bytes === undefined ? { line, column } : { offset: bytes.offset }),
    ...(count > 1 && { count, ...positionsIn(finding) }),
    ...(files > 1 && { files }),
    evidence: evidence.join('; '),
    ...(exposure.length > 0 && { exposure: exposure.join('; ') }),
    ...(marker !== undefined && { marker }),
  };
}

/** The lines of the listed locations; in a binary, their offsets. */
function positionsIn(finding: Finding): Fields {
  const locations = locationsOf(finding);
  const offsets = locations.flatMap(({ bytes }) => (bytes === undefined ? [] : [bytes.offset]));
  if (offsets.length > 0) return { offsets: offsets.join(', ') };
  return { lines: [...new Set(locations.map(({ line }) => line))].join(', ') };
}

/** A finding whose secret is in so many files. */
export function inFiles(finding: Finding, files: number): Finding {
  return files > 1 ? { ...finding, files } : finding;
}
