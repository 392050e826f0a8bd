/**
 * From texts to what is reported of them: matches are judged by their rule's validator, fingerprinted, given their place,
 * and reduced to the most specific one where several lie over each other. This is the only place that holds a secret, and
 * it does so for the length of one call.
 */
import { createHmac } from 'node:crypto';
import type { Finding, Severity } from '../task.ts';
import { type Engine, type Match, type TextPart, type TextScan, bytesOf } from './engine/index.ts';
import { type Position, PositionCounter } from './position.ts';
import type { Rule } from './rules/index.ts';

/** A finding that does not know its file yet. */
export type Detection = Omit<Finding, 'path'>;

export type OnDetection = (detection: Detection) => void;

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

/**
 * Examines whole texts that lie one behind the other in the engine's memory: text `i` ends before `ends[i]`. Detections
 * come text by text, in the order of their places. A text without a match costs nothing here.
 */
export function detectInTexts(
  detector: Detector,
  ends: readonly number[],
  onDetection: (detection: Detection, text: number) => void,
): void {
  let candidates: Candidate[] = [];
  let current = 0;
  const report = () => {
    if (candidates.length === 0) return;
    const bytes = detector.engine.memory.subarray(ends[current - 1] ?? 0, ends[current]);
    const text = new TextReport(detector.rules);
    text.add(candidates, bytes);
    text.finish((detection) => onDetection(detection, current));
    candidates = [];
  };
  detector.engine.scanTexts(ends, (match, text) => {
    const candidate = judge(detector, match);
    if (candidate === undefined) return;
    if (text !== current) report();
    current = text;
    candidates.push(candidate);
  });
  report();
}

/** Examines one text, or a part of one, that comes in chunks. Lines and columns count from the part's beginning. */
export class TextDetection {
  readonly #detector: Detector;
  readonly #scan: TextScan;
  readonly #report: TextReport;

  constructor(detector: Detector, part?: TextPart) {
    const { engine, rules } = detector;
    this.#detector = detector;
    this.#scan = engine.open(part);
    this.#report =
      part === undefined ? new TextReport(rules) : new TextReport(rules, part, bytesOf(part, engine).from);
  }

  /**
   * Examines the next chunk, as `TextScan.scan` does. Detections come in the order of their places.
   * @returns how many bytes must come again at the beginning of the next chunk.
   */
  next(end: number, isLast: boolean, onDetection: OnDetection): number {
    const candidates: Candidate[] = [];
    const kept = this.#scan.scan(end, isLast, (match) => {
      const candidate = judge(this.#detector, match);
      if (candidate !== undefined) candidates.push(candidate);
    });
    const { engine } = this.#detector;
    if (isLast) {
      this.#report.add(candidates, engine.memory);
      this.#report.finish(onDetection);
    } else {
      this.#report.add(candidates, engine.memory, end - kept);
      this.#report.leave(end - kept, engine, onDetection);
    }
    return kept;
  }

  /** The position of this offset of the text, which is in the last chunk. To be asked once, when there is no more. */
  positionOf(offset: number): Position {
    return this.#report.positionOf(offset, this.#detector.engine);
  }
}

function judge({ rules, key, now }: Detector, { pattern, start, end, secret }: Match): Candidate | undefined {
  const rule = rules[pattern];
  if (rule === undefined) return undefined;
  const { ok, severity = rule.severity, evidence } = rule.validate(secret, now);
  if (!ok) return undefined;
  const fingerprint = createHmac('sha256', key).update(secret, 'latin1').digest('hex');
  return { rule: pattern, start, end, severity, evidence, fingerprint };
}

/** What is reported of one text. */
class TextReport {
  readonly #rules: readonly Rule[];
  readonly #positions: PositionCounter;
  /** What the next chunk begins with. */
  #late: Candidate[] = [];
  /** By place: what is not reported yet, since a match that is still to come may lie over it. */
  #queue: Placed[] = [];
  /** Those that reach beyond the start of the latest one: at most one per rule. */
  #open: Placed[] = [];
  /** Where the chunk begins in the text. */
  #base: number;

  constructor(rules: readonly Rule[], { from } = { from: 0 }, base = 0) {
    this.#rules = rules;
    this.#positions = new PositionCounter(from);
    this.#base = base;
  }

  /**
   * Takes what was found in a chunk, whose first byte is the first of `bytes`. A later chunk may have something before a
   * secret that does not begin within the first `length` bytes: it waits for that.
   */
  add(candidates: readonly Candidate[], bytes: Uint8Array, length = Infinity): void {
    if (this.#base === 0 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) {
      this.#positions.skip(3);
    }
    const sorted = [...this.#late, ...candidates].sort((a, b) => a.start - b.start || a.rule - b.rule);
    const isLate = ({ start }: Candidate) => start >= this.#base + length;
    this.#late = sorted.filter(isLate);
    for (const candidate of sorted) {
      if (isLate(candidate)) break;
      this.#cover({ candidate, detection: this.#place(candidate, bytes), covered: false });
    }
  }

  /** Leaves the first `length` bytes of the chunk, in the engine's memory, behind: what is found later starts after them. */
  leave(length: number, engine: Engine, onDetection: OnDetection): void {
    const settled = this.#base + length;
    this.#release(settled, onDetection);
    this.positionOf(settled, engine);
    this.#base = settled;
  }

  /** Counts up to an offset of the chunk, in the engine's memory. */
  positionOf(offset: number, engine: Engine): Position {
    this.#positions.skipTo(offset, engine.memory, this.#base, (...of) => engine.count(...of));
    return this.#positions.moveTo(offset, engine.memory, this.#base);
  }

  /** Reports the rest. */
  finish(onDetection: OnDetection): void {
    this.#release(Infinity, onDetection);
  }

  #place({ rule, start, end, ...judged }: Candidate, bytes: Uint8Array): Detection {
    const { id = '', title = '' } = this.#rules[rule] ?? {};
    const { line, column } = this.#positions.moveTo(start, bytes, this.#base);
    const after = this.#positions.fork().moveTo(end, bytes, this.#base);
    return { rule: id, title, ...judged, line, column, endLine: after.line, endColumn: after.column };
  }

  /** Adds the next one by place. Of two that lie over each other, the one of the later rule is covered. */
  #cover(next: Placed): void {
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
  #release(settled: number, onDetection: OnDetection): void {
    let count = this.#queue.findIndex(({ candidate }) => candidate.end > settled);
    if (count < 0) count = this.#queue.length;
    for (const { detection, covered } of this.#queue.splice(0, count)) if (!covered) onDetection(detection);
  }
}
