/**
 * From chunks of a text to what is reported of it: matches are judged by their rule's validator, fingerprinted, given
 * their place, and reduced to the most specific one where several lie over each other. This is the only place that
 * holds a secret, and it does so for the length of one call.
 */
import { createHmac } from 'node:crypto';
import type { Finding, Severity } from '../task.ts';
import type { Engine, Match, TextScan } from './engine/index.ts';
import { PositionCounter } from './position.ts';
import type { Rule } from './rules/index.ts';

/** A finding that does not know its file yet. */
export type Detection = Omit<Finding, 'path'>;

/** What all texts of a run are examined with. */
export interface Detector {
  readonly engine: Engine;
  /** In the engine's order. */
  readonly rules: readonly Rule[];
  /** For fingerprints. */
  readonly key: Buffer;
  /** Wall clock, milliseconds since 1970. */
  readonly now: number;
}

interface Candidate {
  readonly rule: number;
  readonly start: number;
  readonly end: number;
  readonly severity: Severity;
  readonly evidence: readonly string[];
  readonly fingerprint: string;
}

interface Placed {
  readonly candidate: Candidate;
  readonly detection: Detection;
  /** A more specific rule has found something over it. */
  covered: boolean;
}

/** One text that comes in chunks. */
export class TextDetection {
  readonly #detector: Detector;
  readonly #scan: TextScan;
  readonly #positions = new PositionCounter();
  /** By place: what is not reported yet, since a match that is still to come may lie over it. */
  #queue: Placed[] = [];
  /** Those that reach beyond the start of the latest one: at most one per rule. */
  #open: Placed[] = [];
  #base = 0;

  constructor(detector: Detector) {
    this.#detector = detector;
    this.#scan = detector.engine.open();
  }

  /**
   * Examines the next chunk, as `TextScan.scan` does. Detections come in the order of their places.
   * @returns how many bytes must come again at the beginning of the next chunk.
   */
  next(bytes: Buffer, length: number, isLast: boolean, onDetection: (detection: Detection) => void): number {
    if (this.#base === 0 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) {
      this.#positions.skip(3);
    }
    const candidates: Candidate[] = [];
    const kept = this.#scan.scan(bytes, length, isLast, (match) => {
      const candidate = this.#judge(match);
      if (candidate !== undefined) candidates.push(candidate);
    });
    candidates.sort((a, b) => a.start - b.start || a.rule - b.rule);
    for (const candidate of candidates) {
      this.#add({ candidate, detection: this.#place(candidate, bytes), covered: false });
    }
    // Matches that are still to come start at this offset or later.
    const settled = isLast ? Infinity : this.#base + length - kept;
    this.#report(settled, onDetection);
    if (!isLast) {
      this.#positions.moveTo(settled, bytes, this.#base);
      this.#base = settled;
    }
    return kept;
  }

  #judge({ pattern, start, end, secret }: Match): Candidate | undefined {
    const { rules, key, now } = this.#detector;
    const rule = rules[pattern];
    if (rule === undefined) return undefined;
    const { ok, severity = rule.severity, evidence } = rule.validate(secret, now);
    if (!ok) return undefined;
    const fingerprint = createHmac('sha256', key).update(secret, 'latin1').digest('hex');
    return { rule: pattern, start, end, severity, evidence, fingerprint };
  }

  #place({ rule, start, end, ...judged }: Candidate, bytes: Buffer): Detection {
    const { id = '', title = '' } = this.#detector.rules[rule] ?? {};
    const { line, column } = this.#positions.moveTo(start, bytes, this.#base);
    const after = this.#positions.fork().moveTo(end, bytes, this.#base);
    return { rule: id, title, ...judged, line, column, endLine: after.line, endColumn: after.column };
  }

  /** Adds the next one by place. Of two that lie over each other, the one of the later rule is covered. */
  #add(next: Placed): void {
    const { start, rule } = next.candidate;
    this.#open = this.#open.filter(({ candidate }) => candidate.end > start);
    for (const other of this.#open) {
      if (other.candidate.rule < rule) next.covered = true;
      else other.covered = true;
    }
    this.#open.push(next);
    this.#queue.push(next);
  }

  /** Reports, in order, what no match that starts at `settled` or later can lie over. */
  #report(settled: number, onDetection: (detection: Detection) => void): void {
    let count = this.#queue.findIndex(({ candidate }) => candidate.end > settled);
    if (count < 0) count = this.#queue.length;
    for (const { detection, covered } of this.#queue.splice(0, count)) if (!covered) onDetection(detection);
  }
}
