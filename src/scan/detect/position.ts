/**
 * Lines and columns, counted only as far as needed. Lines end with LF; columns count UTF-16 code units, as editors
 * and SARIF do. Bytes that are not valid UTF-8 count one each, except those that look like the middle of a
 * character.
 */
import type { Countable } from '../engine/index.ts';

export interface Position {
  /** 1-based. */
  readonly line: number;
  readonly column: number;
}

/** The position of `position` from the text's beginning, when `position` was counted from `start`. */
export function positionAfter(start: Position, { line, column }: Position): Position {
  return line === 1
    ? { line: start.line, column: start.column + column - 1 }
    : { line: start.line + line - 1, column };
}

/** Moves forward over the bytes of one text, from its beginning or from an offset that is treated as one. */
export class PositionCounter {
  #line = 1;
  #column = 1;
  /** Offset in the text of the byte that the position belongs to. */
  #offset: number;

  constructor(offset = 0) {
    this.#offset = offset;
  }

  /** The current offset in the text. */
  get offset(): number {
    return this.#offset;
  }

  /** Skips bytes that no editor counts (a byte order mark). */
  skip(bytes: number): void {
    this.#offset += bytes;
  }

  /**
   * Moves to `offset`. The bytes from the current offset up to it must be in `bytes`, whose first byte is at `base`.
   * For an offset that it has already passed, it stays where it is.
   */
  moveTo(offset: number, bytes: Uint8Array, base: number): Position {
    const end = offset - base;
    for (let index = this.#offset - base; index < end; index += 1) {
      const byte = bytes[index] ?? 0;
      if (byte === 0x0a) {
        this.#line += 1;
        this.#column = 1;
      } else if (byte >= 0xf0) {
        // Four bytes of UTF-8 are two code units of UTF-16.
        this.#column += 2;
      } else if ((byte & 0xc0) !== 0x80) {
        this.#column += 1;
      }
    }
    this.#offset = Math.max(this.#offset, offset);
    return { line: this.#line, column: this.#column };
  }

  /**
   * Like `moveTo`, for many bytes.
   * @param count counts the bytes of a kind in `bytes` from one index to before another
   */
  skipTo(
    offset: number,
    bytes: Buffer,
    base: number,
    count: (what: Countable, start: number, end: number) => number,
  ): void {
    let start = this.#offset - base;
    const end = offset - base;
    if (end <= start) return;
    const lines = count('lineEnds', start, end);
    if (lines > 0) {
      this.#line += lines;
      this.#column = 1;
      start = bytes.lastIndexOf(0x0a, end - 1) + 1;
    }
    this.#column += end - start - count('inner', start, end) + count('beginsFour', start, end);
    this.#offset = offset;
  }

  /** Another counter at the same position. */
  fork(): PositionCounter {
    const counter = new PositionCounter();
    counter.#line = this.#line;
    counter.#column = this.#column;
    counter.#offset = this.#offset;
    return counter;
  }
}
