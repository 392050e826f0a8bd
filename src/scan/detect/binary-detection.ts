/**
 * Scans one binary that comes in chunks: its bytes as they are, and its UTF-16 strings as a text of their own. Both
 * are scanned with the patterns' binary variants, and positions are byte offsets.
 */
import type { Detector } from './detector.ts';
import type { OnDetection } from './candidate.ts';
import { TextDetection } from './detection.ts';
import { type WorkBudget, drained } from '../engine/index.ts';
import { WideStrings } from './wide-strings.ts';

/** Bytes of memory that the detector of UTF-16 strings needs: several times what an engine keeps of a chunk. */
export const WIDE_MEMORY_BYTES = 256 * 1024;

export class BinaryDetection {
  readonly #chunk: Uint8Array;
  readonly #bytes: TextDetection;
  readonly #wide: TextDetection;
  readonly #strings: WideStrings;
  /** Where the chunk begins in the file, and up to where its UTF-16 strings have been extracted. */
  #base = 0;
  #taken = 0;

  /** @param wide scans the UTF-16 strings, in its own memory */
  constructor(detector: Detector, wide: Detector, path: string, budget?: WorkBudget) {
    this.#bytes = new TextDetection(detector, {
      path,
      budget,
      bytesOf: (start, end) => ({ offset: start, length: end - start }),
    });
    const strings = new WideStrings(wide.engine.memory);
    this.#strings = strings;
    this.#wide = new TextDetection(wide, {
      path,
      budget,
      bytesOf: (start, end) => {
        const offset = strings.offsetOf(start);
        return { offset, length: strings.offsetOf(end - 1) + 2 - offset };
      },
    });
    this.#chunk = detector.engine.memory;
  }

  /**
   * Scans the next chunk, as `TextDetection` does. Detections of both kinds are reported in the order of their
   * positions.
   * @returns how many bytes must come again at the beginning of the next chunk.
   */
  next(end: number, isLast: boolean, onDetection: OnDetection): number {
    return drained(this.steps(end, isLast, onDetection));
  }

  /** True when the budget was used up: the rest of the file will not be scanned. */
  get isStopped(): boolean {
    return this.#bytes.isStopped || this.#wide.isStopped;
  }

  /** Like `next`, in steps between which other work can be done. */
  *steps(end: number, isLast: boolean, onDetection: OnDetection): Generator<void, number, void> {
    const kept = yield* this.#bytes.steps(end, isLast, onDetection);
    const strings = this.#strings;
    for (;;) {
      const at = strings.take(this.#chunk, this.#taken - this.#base, end, this.#base);
      this.#taken = this.#base + at;
      if (!strings.isFull) break;
      strings.keep(yield* this.#wide.steps(strings.length, false, onDetection));
    }
    if (isLast) yield* this.#wide.steps(strings.length, true, onDetection);
    this.#base += end - kept;
    return kept;
  }
}
