/**
 * Scans large files in parts, so that several threads can scan one file. A thread that takes the rest of a file
 * determines where its next part may end, offers what follows to the other threads, and scans the part. Cuts are
 * only made where no match can be open (`Engine.cut`), so the parts give the same matches as the whole; where there
 * is no such place, the part is longer.
 */
import type { FileStatus } from '../../host/platform/index.ts';
import { PartSource, type EarlyEnd, examineInChunks } from './chunks.ts';
import { type CoverageRecorder, type GapReason, reasonOf } from '../model/coverage.ts';
import type { Detector } from '../detect/detector.ts';
import type { OnDetection } from '../detect/candidate.ts';
import { TextDetection } from '../detect/detection.ts';
import { bytesOf } from '../engine/index.ts';
import { FileCollection, type FileContents } from '../findings/file-collection.ts';
import type { StandingsIn } from '../findings/standing.ts';
import { type FileOpenerOptions, type OpenedFile, identityOf, openFile } from './open-file.ts';
import type { Scheduler } from './scheduler.ts';
import type { Position } from '../detect/position.ts';
import { type Stamp, stampOf } from '../model/file-stamp.ts';
import type { FilePlace, RestOfFile } from '../walk/index.ts';
import type { TextBudget } from './work-budget.ts';

/** Size of a part in bytes, and the minimum number of parts of a file that is split. */
const PART_BYTES = 4 * 1024 * 1024;
const MIN_PARTS = 2;
/**
 * Distance around the desired place in which a cut is searched for: in units of `reach`, one of them before it
 * and one after.
 */
const CUT_SEARCH_REACHES = 4;

const BEGINNING: Position = { line: 1, column: 1 };

/** What was found in a part of a file. Positions count from the part's beginning. */
export interface PartFindings extends FileContents {
  readonly path: string;
  /** How many parts are before it. */
  readonly index: number;
  readonly isLast: boolean;
  /** Where the part ends. */
  readonly end: Position;
  /** Why it was not scanned to its end. */
  readonly gap: GapReason | undefined;
  /** The file's stamp when it was first opened. */
  readonly stamp: Stamp | undefined;
}

export interface SplitOptions {
  /** Puts back the rest of a file, for this thread or another one. */
  readonly offer: (rest: RestOfFile) => void;
  readonly onPart: (part: PartFindings) => void;
  /** Size of a part in bytes; default 4 MiB. */
  readonly partSize?: number;
}

export interface PartScannerOptions extends SplitOptions, FileOpenerOptions {
  readonly detector: Detector;
  /** Counts only bytes: files and gaps are counted when the parts are joined. */
  readonly coverage: CoverageRecorder;
  readonly budget: TextBudget;
  readonly scheduler: Scheduler;
  readonly standingsIn: StandingsIn;
}

export class PartScanner {
  readonly #options: PartScannerOptions;

  constructor(options: PartScannerOptions) {
    this.#options = options;
  }

  /**
   * Offers a whole file.
   * @param isStamped whether the parts carry the file's stamp
   * @returns false when the file is too small to be split
   */
  offer({ path, name, parent }: FilePlace, status: FileStatus, isStamped: boolean): boolean {
    const { offer, partSize = PART_BYTES } = this.#options;
    const { size } = status;
    if (size < MIN_PARTS * partSize) return false;
    const stamp = isStamped ? stampOf(status) : undefined;
    offer({
      kind: 'rest',
      path,
      name,
      parent,
      identity: identityOf(status),
      size,
      begin: 0,
      index: 0,
      stamp,
    });
    return true;
  }

  /** Scans the next part, in the engine's memory. */
  async scan(rest: RestOfFile): Promise<void> {
    const { fs, scheduler, offer, onPart, standingsIn } = this.#options;
    const { path, size, index } = rest;
    const found = new FileCollection(path, standingsIn);
    let to = size;
    let end = BEGINNING;
    let gap: GapReason | undefined = 'stopped-early';
    let descriptor: number | undefined;
    try {
      if (!scheduler.isCancelled) {
        descriptor = this.#open(rest).descriptor;
        to = this.#cut(descriptor, rest);
        if (to < size) offer({ ...rest, begin: to, index: index + 1 });
        ({ end, gap } = await this.#examine(descriptor, rest, to, found));
      }
    } catch (error) {
      gap = reasonOf(error, path);
    } finally {
      if (descriptor !== undefined) fs.close(descriptor);
    }
    onPart({ path, ...found.finish(), index, isLast: to === size, end, gap, stamp: rest.stamp });
  }

  #open(rest: RestOfFile): OpenedFile {
    const opened = openFile(this.#options, { ...rest, kind: 'file', folder: undefined });
    if (opened.kind === 'skipped') throw new Error(`the file is skipped now: ${opened.reason}`);
    if (identityOf(opened.status) === rest.identity) return opened;
    this.#options.fs.close(opened.descriptor);
    throw new Error('another file has this name now');
  }

  /** Where the next part ends. */
  #cut(descriptor: number, { begin, size }: RestOfFile): number {
    const { fs, detector, partSize = PART_BYTES } = this.#options;
    const { memory, reach } = detector.engine;
    for (let place = begin + partSize; place + partSize / 2 < size; place += partSize) {
      const from = Math.max(0, place - reach);
      const length = fs.read(descriptor, memory, 0, Math.min(CUT_SEARCH_REACHES * reach, size - from), from);
      const cut = detector.engine.cut(place - from, length);
      if (cut !== undefined) return from + cut;
    }
    return size;
  }

  /** @returns where the part ends, counted from its beginning; meaningless when it stopped before, for the reason `gap` */
  async #examine(
    descriptor: number,
    { path, begin, size }: RestOfFile,
    to: number,
    found: FileCollection,
  ): Promise<{ readonly end: Position; readonly gap: EarlyEnd | undefined }> {
    const { fs, detector, coverage, scheduler, budget } = this.#options;
    budget.begin();
    const part = { from: begin, to };
    const bytes = bytesOf(part, detector.engine);
    const range = { from: bytes.from, to: Math.min(bytes.to, size) };
    const source = new PartSource(fs, descriptor, range, scheduler.portion);
    const text = new TextDetection(detector, { path, part, budget });
    const onDetection: OnDetection = (detection) => found.add(detection);
    try {
      const gap = await examineInChunks({ detector, source, text, scheduler, budget, onDetection }, 0);
      return { end: gap === undefined ? text.positionOf(to) : BEGINNING, gap };
    } finally {
      coverage.bytes += Math.max(0, Math.min(to, source.position) - begin);
    }
  }
}
