/** What was found, within bounds: every finding is counted, the first ones are kept and logged. */
import type { Log } from '../log/index.ts';
import { type Finding, type Severity, severities } from '../task.ts';
import { scanEvents } from './events.ts';
import type { FileFindings } from './findings-by-file.ts';
import type { Suppressor } from './suppression.ts';

const MAX_KEPT = 10_000;

export class FindingCollector {
  readonly kept: Finding[] = [];
  readonly count: Record<Severity, number> = { low: 0, medium: 0, high: 0, critical: 0 };
  readonly #log: Log;
  readonly #redact: (text: string) => string;
  readonly #suppressor: Suppressor;
  readonly suppressed: Record<string, number> = {};
  #isFull = false;

  constructor(log: Log, redact: (text: string) => string, suppressor: Suppressor) {
    this.#log = log;
    this.#redact = redact;
    this.#suppressor = suppressor;
  }

  get total(): number {
    return severities.reduce((sum, severity) => sum + this.count[severity], 0);
  }

  add({ path, exposure, detections, more }: FileFindings): void {
    const safePath = this.#redact(path);
    for (const detection of detections) {
      const finding = { ...detection, path: safePath, exposure };
      const reason = this.#suppressor(finding);
      if (reason !== undefined) {
        this.suppressed[reason] = (this.suppressed[reason] ?? 0) + 1;
        continue;
      }
      this.count[detection.severity] += 1;
      if (this.kept.length < MAX_KEPT) this.#keep(finding);
      else if (!this.#isFull) {
        this.#isFull = true;
        this.#log(scanEvents.findingLimit, { perRun: MAX_KEPT });
      }
    }
    for (const severity of severities) this.count[severity] += more[severity];
    if (!this.#isFull && severities.some((severity) => more[severity] > 0)) {
      this.#log(scanEvents.findingLimit, { path: safePath, perFile: detections.length });
    }
  }

  #keep(finding: Finding): void {
    this.kept.push(finding);
    const { rule, severity, confidence, path, line, column, bytes, fingerprint, evidence, exposure, marker } =
      finding;
    this.#log(severity === 'low' ? scanEvents.findingLow : scanEvents.finding, {
      rule,
      severity,
      confidence,
      path,
      ...(bytes === undefined ? { line, column } : { offset: bytes.offset }),
      fingerprint: fingerprint.slice(0, 16),
      evidence: evidence.join('; '),
      ...(exposure.length > 0 && { exposure: exposure.join('; ') }),
      ...(marker !== undefined && { marker }),
    });
  }
}
