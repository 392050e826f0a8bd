/** Gives candidates their position in the file: line and column in a text, bytes in a binary. Moves forward only. */
import type { ByteRange } from '../model/finding.ts';
import type { Candidate, Detection } from './candidate.ts';
import type { Detector } from './detector.ts';
import { inlineMarker } from './inline-marker.ts';
import { type Position, PositionCounter } from './position.ts';

/** For a binary: maps offsets in the text to bytes of the file. */
export type BytesOf = (start: number, end: number) => ByteRange;

export interface LocatorOptions {
  readonly bytesOf?: BytesOf | undefined;
  /** Where positions start counting. */
  readonly from?: number;
  /** Where the first chunk begins in the text. */
  readonly base?: number;
}

/** Distance to a position, in bytes, above which the counter that processes sixteen bytes at a time is faster. */
const MIN_SKIPPED_BYTES = 256;

/** Locates the candidates of one text, in the order of their positions. */
export class Locator {
  readonly #detector: Detector;
  readonly #bytesOf: BytesOf | undefined;
  readonly #positions: PositionCounter;
  #base: number;

  constructor(detector: Detector, { bytesOf, from = 0, base = 0 }: LocatorOptions = {}) {
    this.#detector = detector;
    this.#bytesOf = bytesOf;
    this.#positions = new PositionCounter(from);
    this.#base = base;
  }

  /** Where the chunk begins in the text. */
  get base(): number {
    return this.#base;
  }

  /** Starts a chunk, whose first byte is the first of `bytes`. */
  begin(bytes: Buffer): void {
    if (this.#base === 0 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) {
      this.#positions.skip(3);
    }
  }

  /** The detection of a candidate that begins in the chunk. @param bytes a part of the engine's memory: the chunk */
  locate(candidate: Candidate, bytes: Buffer): Detection {
    const { rule, start, end, severity, confidence, evidence, fingerprint, isAllowed } = candidate;
    const { id = '', title = '' } = this.#detector.descriptions[rule] ?? {};
    const judged = { rule: id, title, severity, confidence, evidence, fingerprint, count: 1 };
    const allowed = isAllowed === true ? { isAllowed } : undefined;
    const range = this.#bytesOf?.(start, end);
    if (range !== undefined) {
      const column = range.offset + 1;
      const place = { line: 1, column, endLine: 1, endColumn: column + range.length, bytes: range };
      return { ...judged, ...place, ...allowed };
    }
    const { line, column } = this.#moveTo(start, bytes);
    const after = this.#positions.fork().moveTo(end, bytes, this.#base);
    const place = { line, column, endLine: after.line, endColumn: after.column };
    const marker = inlineMarker(bytes, start - this.#base, end - this.#base);
    return { ...judged, ...place, ...(marker !== undefined && { marker }), ...allowed };
  }

  /** Moves past the first `length` bytes of the chunk; the chunk is in the engine's memory. */
  leave(length: number): void {
    const settled = this.#base + length;
    if (this.#bytesOf === undefined) this.positionOf(settled);
    this.#base = settled;
  }

  /** Counts up to an offset of the text that is in the chunk, in the engine's memory. */
  positionOf(offset: number): Position {
    return this.#moveTo(offset, this.#detector.engine.memory);
  }

  #moveTo(offset: number, bytes: Buffer): Position {
    const { engine } = this.#detector;
    const origin = bytes.byteOffset - engine.memory.byteOffset;
    if (offset - this.#positions.offset >= MIN_SKIPPED_BYTES) {
      this.#positions.skipTo(offset, bytes, this.#base, (what, start, end) =>
        engine.count(what, origin + start, origin + end),
      );
    }
    return this.#positions.moveTo(offset, bytes, this.#base);
  }
}
