/**
 * Joins the results of files that were scanned in parts: parts arrive from any thread in any order; findings are
 * passed on in the order of the file, with the lines and columns of the whole.
 */
import type { CoverageRecorder, GapReason } from '../model/coverage.ts';
import { type FileContents, FileCollection, NARROW_FILE_LIMIT } from '../findings/file-collection.ts';
import { type Describe, type FileFindings, described } from '../findings/findings-by-file.ts';
import { relocated } from '../findings/equal-secrets.ts';
import type { StandingsIn } from '../findings/standing.ts';
import type { PartFindings } from './part-scanner.ts';
import { type Position, positionAfter } from '../detect/position.ts';
import type { Stamp } from '../model/file-stamp.ts';

/**
 * Maximum number of findings in parts that wait for an earlier part. Beyond it, a part keeps only its critical
 * ones and a few others.
 */
const MAX_WAITING_FINDINGS = 20_000;

/** The state of a file up to the first missing part. */
interface Known {
  readonly found: FileCollection;
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
  readonly standingsIn: StandingsIn;
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
    const { standingsIn } = this.#options;
    const known = this.#known.get(path) ?? begin(path, standingsIn);
    this.#known.set(path, known);
    const early = known.waiting < MAX_WAITING_FINDINGS ? part : withFew(part, standingsIn);
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
    if (!found.isEmpty || file !== undefined) {
      onFile(described(path, found.finish(), describe(path, stamp), file));
    }
    if (file !== undefined) onWhole(path, file);
    else if (gap !== undefined) onUnfinished(path);
  }
}

function begin(path: string, standingsIn: StandingsIn): Known {
  return {
    found: new FileCollection(path, standingsIn),
    early: new Map(),
    waiting: 0,
    next: 0,
    begin: { line: 1, column: 1 },
    gap: undefined,
  };
}

function withFew(part: PartFindings, standingsIn: StandingsIn): PartFindings {
  const few = new FileCollection(part.path, standingsIn);
  few.addPart(part);
  return { ...part, ...few.finish(NARROW_FILE_LIMIT) };
}

function append(known: Known, part: PartFindings): void {
  known.found.addPart(fromBeginning(part, known.begin));
  known.begin = positionAfter(known.begin, part.end);
  known.gap = part.gap;
}

/** The contents of a part that begins there, with the positions of the whole file. */
function fromBeginning(part: PartFindings, begin: Position): FileContents {
  const detections = part.detections.map((group) =>
    relocated(group, (place) => {
      const end = positionAfter(begin, { line: place.endLine, column: place.endColumn });
      return { ...positionAfter(begin, place), endLine: end.line, endColumn: end.column };
    }),
  );
  return { ...part, detections };
}
