/** What was found, within bounds: every finding is counted, the first ones are kept and logged. */
import type { Log } from '../log/index.ts';
import type { Finding, Severity } from '../task.ts';
import type { Detection } from './detection.ts';
import { scanEvents } from './events.ts';

const MAX_KEPT = 10_000;
const MAX_KEPT_PER_FILE = 100;

export class FindingCollector {
  readonly kept: Finding[] = [];
  readonly count: Record<Severity, number> = { low: 0, medium: 0, high: 0, critical: 0 };
  readonly #log: Log;
  readonly #redact: (text: string) => string;
  #total = 0;
  #path = '';
  #safePath: string | undefined;
  #inFile = 0;
  #isFull = false;

  constructor(log: Log, redact: (text: string) => string) {
    this.#log = log;
    this.#redact = redact;
  }

  get total(): number {
    return this.#total;
  }

  /** Adds the next one of a file. Those of one file come one after the other. */
  add(path: string, detection: Detection): void {
    if (path !== this.#path) {
      this.#path = path;
      this.#safePath = undefined;
      this.#inFile = 0;
    }
    this.#total += 1;
    this.#inFile += 1;
    this.count[detection.severity] += 1;
    if (this.#isFull || this.#inFile > MAX_KEPT_PER_FILE + 1) return;
    this.#safePath ??= this.#redact(path);
    const safePath = this.#safePath;
    if (this.#inFile > MAX_KEPT_PER_FILE) {
      this.#log(scanEvents.findingLimit, { path: safePath, perFile: MAX_KEPT_PER_FILE });
    } else if (this.kept.length === MAX_KEPT) {
      this.#isFull = true;
      this.#log(scanEvents.findingLimit, { perRun: MAX_KEPT });
    } else {
      this.#keep({ ...detection, path: safePath });
    }
  }

  #keep(finding: Finding): void {
    this.kept.push(finding);
    const { rule, severity, path, line, column, fingerprint, evidence } = finding;
    this.#log(severity === 'low' ? scanEvents.findingLow : scanEvents.finding, {
      rule,
      severity,
      path,
      line,
      column,
      fingerprint: fingerprint.slice(0, 16),
      evidence: evidence.join('; '),
    });
  }
}
