/**
 * Joins the results of files that were scanned in parts: parts arrive from any thread in any order; findings are
 * passed on in the order of the file, with the lines and columns of the whole.
 */
import type { CoverageRecorder, GapReason } from '../model/coverage.ts';
import {
  type Describe,
  type FileFindings,
  type Growing,
  MAX_FINDINGS_PER_FILE,
  described,
  keep,
  keepMostSevere,
  noFindings,
} from '../findings/findings-by-file.ts';
import type { PartFindings } from './part-scanner.ts';
import { type Position, positionAfter } from '../detect/position.ts';
import { addSeverityCounts } from '../model/severity-counts.ts';
import type { Stamp } from '../model/file-stamp.ts';

/**
 * Maximum number of findings in parts that wait for an earlier part. Beyond it, a part keeps only its most
 * severe ones.
 */
const MAX_WAITING_FINDINGS = 4 * MAX_FINDINGS_PER_FILE;
const MAX_FINDINGS_PER_LATE_PART = 100;

/** The state of a file up to the first missing part. */
interface Known {
  readonly found: Growing;
  /** Parts that arrived before earlier ones. */
  readonly early: Map<number, PartFindings>;
  /** Number of findings in them. */
  waiting: number;
  next: number;
  /** Where the next part begins. */
  begin: Position;
  gap: GapReason | undefined;
}

export interface SplitFilesOptions {
  readonly coverage: CoverageRecorder;
  readonly describe: Describe;
  /** Called once for each file in which something was found, or whose stamp was taken. */
  readonly onFile: (file: FileFindings) => void;
  /** Called after that, for each file that was scanned completely and whose stamp was taken. */
  readonly onWhole: (path: string, stamp: Stamp) => void;
  /** Called for every other file whose stamp was taken. */
  readonly onUnfinished: (path: string) => void;
}

export class SplitFiles {
  readonly #options: SplitFilesOptions;
  readonly #known = new Map<string, Known>();

  constructor(options: SplitFilesOptions) {
    this.#options = options;
  }

  add(part: PartFindings): void {
    const { path } = part;
    const known = this.#known.get(path) ?? begin(path);
    this.#known.set(path, known);
    const early = known.waiting < MAX_WAITING_FINDINGS ? part : withFew(part);
    known.early.set(part.index, early);
    known.waiting += early.detections.length;
    for (let next = known.early.get(known.next); next !== undefined; next = known.early.get(known.next)) {
      known.early.delete(known.next);
      known.waiting -= next.detections.length;
      known.next += 1;
      // After a gap the line numbers are unknown; a scan in one piece would not have got there either.
      if (known.gap === undefined) append(known, next);
      if (next.isLast) this.#finish(known, next.stamp);
    }
  }

  #finish({ found, gap }: Known, stamp: Stamp | undefined): void {
    const { coverage, describe, onFile, onWhole, onUnfinished } = this.#options;
    const { path } = found;
    this.#known.delete(path);
    if (gap === undefined) coverage.files += 1;
    else coverage.gap(path, gap);
    const file = gap === undefined ? stamp : undefined;
    if (found.detections.length > 0 || file !== undefined) {
      keepMostSevere(found);
      onFile({ ...described(found, describe(path, stamp)), file: file && { dev: file.dev, ino: file.ino } });
    }
    if (file !== undefined) onWhole(path, file);
    else if (gap !== undefined) onUnfinished(path);
  }
}

function begin(path: string): Known {
  return {
    found: noFindings(path),
    early: new Map(),
    waiting: 0,
    next: 0,
    begin: { line: 1, column: 1 },
    gap: undefined,
  };
}

function withFew(part: PartFindings): PartFindings {
  const few = { ...part, detections: [...part.detections], more: { ...part.more } };
  keepMostSevere(few, MAX_FINDINGS_PER_LATE_PART);
  return few;
}

function append(known: Known, { detections, more, end, gap }: PartFindings): void {
  for (const detection of detections) {
    const start = positionAfter(known.begin, detection);
    const after = positionAfter(known.begin, { line: detection.endLine, column: detection.endColumn });
    keep(known.found, { ...detection, ...start, endLine: after.line, endColumn: after.column });
  }
  addSeverityCounts(known.found.more, more);
  known.begin = positionAfter(known.begin, end);
  known.gap = gap;
}
