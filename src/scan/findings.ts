/** What was found, within bounds: every finding is counted, the first ones are kept and logged. */
import type { Fields, Log } from '../log/index.ts';
import { type Finding, type Lifecycle, type Severity, severities } from '../task.ts';
import { scanEvents } from './events.ts';
import type { FileFindings } from './findings-by-file.ts';
import type { Suppressor } from './suppression.ts';

/** Findings of a run that are kept for the report, and those that are logged. */
export const MAX_KEPT = 10_000;

/** What all findings of a run came to. */
export interface FindingSum {
  readonly kept: readonly Finding[];
  readonly count: Readonly<Record<Severity, number>>;
  /** What is passed over, by reason. */
  readonly suppressed: Readonly<Record<string, number>>;
  readonly lifecycle?: Lifecycle;
}

/** Where findings go. `state/finding-history.ts` is one that knows earlier runs. */
export interface FindingLedger {
  /** How many there are so far. */
  readonly total: number;
  add(file: FileFindings): void;
  finish(how: {
    /** True for a path that this run is about. */
    readonly inScope: (path: string) => boolean;
    /** Every place had its turn: what was not met again anywhere is gone. */
    readonly isSettled: boolean;
    /** ... and nothing was left out. */
    readonly isComplete: boolean;
  }): FindingSum;
}

export class FindingCollector implements FindingLedger {
  readonly #kept: Finding[] = [];
  readonly #count: Record<Severity, number> = { low: 0, medium: 0, high: 0, critical: 0 };
  readonly #log: Log;
  readonly #redact: (text: string) => string;
  readonly #suppressor: Suppressor;
  readonly #suppressed: Record<string, number> = {};
  #isFull = false;

  constructor(log: Log, redact: (text: string) => string, suppressor: Suppressor) {
    this.#log = log;
    this.#redact = redact;
    this.#suppressor = suppressor;
  }

  get total(): number {
    return severities.reduce((sum, severity) => sum + this.#count[severity], 0);
  }

  add({ path, exposure, detections, more, allowed }: FileFindings): void {
    const safePath = this.#redact(path);
    if (allowed > 0) this.#suppressed['allowlist'] = (this.#suppressed['allowlist'] ?? 0) + allowed;
    for (const detection of detections) {
      const finding = { ...detection, path: safePath, exposure };
      const reason = this.#suppressor(finding);
      if (reason !== undefined) {
        this.#suppressed[reason] = (this.#suppressed[reason] ?? 0) + 1;
        continue;
      }
      this.#count[detection.severity] += 1;
      if (this.#kept.length < MAX_KEPT) this.#keep(finding);
      else if (!this.#isFull) {
        this.#isFull = true;
        this.#log(scanEvents.findingLimit, { perRun: MAX_KEPT });
      }
    }
    for (const severity of severities) this.#count[severity] += more[severity];
    if (!this.#isFull && severities.some((severity) => more[severity] > 0)) {
      this.#log(scanEvents.findingLimit, { path: safePath, perFile: detections.length });
    }
  }

  finish(): FindingSum {
    return { kept: this.#kept, count: this.#count, suppressed: this.#suppressed };
  }

  #keep(finding: Finding): void {
    this.#kept.push(finding);
    this.#log(
      finding.severity === 'low' ? scanEvents.findingLow : scanEvents.finding,
      findingFields(finding),
    );
  }
}

/** What a record says of a finding. */
export function findingFields(finding: Finding): Fields {
  const { rule, severity, confidence, path, line, column, bytes, fingerprint, evidence, exposure, marker } =
    finding;
  return {
    rule,
    severity,
    confidence,
    path,
    ...(bytes === undefined ? { line, column } : { offset: bytes.offset }),
    fingerprint: fingerprint.slice(0, 16),
    evidence: evidence.join('; '),
    ...(exposure.length > 0 && { exposure: exposure.join('; ') }),
    ...(marker !== undefined && { marker }),
  };
}
