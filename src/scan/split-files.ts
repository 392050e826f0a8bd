/**
 * Files that were scanned in parts, put together again: parts come from any thread in any order, their findings leave in
 * the order of the file with the lines and columns of the whole.
 */
import type { CoverageRecorder, GapReason } from './coverage.ts';
import { type FileFindings, type Growing, keep, noFindings } from './findings-by-file.ts';
import type { PartFindings } from './part-scanner.ts';
import { type Position, positionAfter } from './position.ts';
import type { Stamp } from './stamp.ts';
import { severities } from '../task.ts';

/** What is known of a file up to the first part that is not there yet. */
interface Known {
  readonly found: Growing;
  /** Parts that came before those in front of them. */
  readonly early: Map<number, PartFindings>;
  next: number;
  /** Where the next part begins. */
  begin: Position;
  gap: GapReason | undefined;
}

export class SplitFiles {
  readonly #coverage: CoverageRecorder;
  readonly #onFile: (file: FileFindings) => void;
  readonly #onEnd: (path: string, stamp: Stamp | undefined) => void;
  readonly #known = new Map<string, Known>();

  /**
   * @param onFile is called once for each file in which something was found, or of which a stamp was taken
   * @param onEnd is called after that, for each file: with its stamp if it was examined whole
   */
  constructor(
    coverage: CoverageRecorder,
    onFile: (file: FileFindings) => void,
    onEnd: (path: string, stamp: Stamp | undefined) => void,
  ) {
    this.#coverage = coverage;
    this.#onFile = onFile;
    this.#onEnd = onEnd;
  }

  add(part: PartFindings): void {
    const { path } = part;
    const known = this.#known.get(path) ?? begin(path);
    this.#known.set(path, known);
    known.early.set(part.index, part);
    for (let next = known.early.get(known.next); next !== undefined; next = known.early.get(known.next)) {
      known.early.delete(known.next);
      known.next += 1;
      // Behind a gap nobody knows the lines; a scan in one piece would not have come there either.
      if (known.gap === undefined) append(known, next);
      if (next.isLast) this.#finish(known, next.stamp);
    }
  }

  #finish({ found, gap }: Known, stamp: Stamp | undefined): void {
    const { path } = found;
    this.#known.delete(path);
    if (gap === undefined) {
      this.#coverage.files += 1;
      if (stamp !== undefined) found.file = stamp;
    } else this.#coverage.gap(path, gap);
    // What is only counted comes after what is kept.
    if (found.detections.length > 0 || found.file !== undefined) this.#onFile(found);
    this.#onEnd(path, gap === undefined ? stamp : undefined);
  }
}

function begin(path: string): Known {
  return {
    found: noFindings(path),
    early: new Map(),
    next: 0,
    begin: { line: 1, column: 1 },
    gap: undefined,
  };
}

function append(known: Known, { detections, more, end, gap }: PartFindings): void {
  for (const detection of detections) {
    const start = positionAfter(known.begin, detection);
    const after = positionAfter(known.begin, { line: detection.endLine, column: detection.endColumn });
    keep(known.found, { ...detection, ...start, endLine: after.line, endColumn: after.column });
  }
  for (const severity of severities) known.found.more[severity] += more[severity];
  known.begin = positionAfter(known.begin, end);
  known.gap = gap;
}
