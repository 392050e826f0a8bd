/**
 * The output of a decoder whose matches repeat earlier bytes: a ring of memory, from which finished pieces are taken. It grows with what is
 * decoded, so that a declared size costs nothing.
 */
import { ContainerError } from '../container.ts';

/** Number of bytes from which on the decoder pauses so that they are taken. */
const PIECE = 65_536;
/** More than the longest match of any format that decodes into a window. */
const ROOM = 66_560;
const FIRST_SIZE = 8192;

export class SlidingWindow {
  /** Number of bytes that were decoded so far. */
  total = 0;

  #memory: Uint8Array;
  /** How far it may grow; only then it is a ring. */
  readonly #maxSize: number;
  readonly #isCapped: boolean;
  #at = 0;
  /** Number of bytes that were not taken yet. */
  #pending = 0;
  /** The decoder may produce no more than this. */
  #limit = Infinity;
  /** A match may not reach before this. */
  #origin = 0;

  /** @param size what the format declares; @param memoryBytes what may be used: a match that reaches further back is refused */
  constructor(size: number, memoryBytes: number) {
    const most = Math.max(memoryBytes - PIECE - ROOM, PIECE);
    this.#isCapped = size > most;
    this.#maxSize = Math.min(size, most) + PIECE + ROOM;
    this.#memory = new Uint8Array(Math.min(FIRST_SIZE, this.#maxSize));
  }

  /** Number of bytes that matches may refer to, if the dictionary is large enough. */
  get position(): number {
    return this.total - this.#origin;
  }

  /** There is a piece to take, or no more may follow. */
  get isFull(): boolean {
    return this.#pending >= PIECE || this.total >= this.#limit;
  }

  /** There is no more to come within the limit. */
  get isAtLimit(): boolean {
    return this.total >= this.#limit;
  }

  /** From here on, the decoder may produce this many bytes. */
  limitTo(count: number): void {
    this.#limit = this.total + count;
  }

  /** Matches may no longer refer to what is before. */
  forget(): void {
    this.#origin = this.total;
  }

  put(byte: number): void {
    if (this.#at === this.#memory.length) this.#grow(1);
    this.#memory[this.#at] = byte;
    this.#at += 1;
    this.total += 1;
    this.#pending += 1;
  }

  /** The byte at this distance; 0 before the start. */
  byteAt(distance: number): number {
    if (distance > this.position) return 0;
    const at = this.#at - distance;
    return this.#memory[at < 0 ? at + this.#memory.length : at] ?? 0;
  }

  /** Repeats bytes. @throws ContainerError if there is nothing, or no longer anything, at this distance, or the limit is passed */
  copy(distance: number, length: number): void {
    if (distance > this.position) throw new ContainerError('damaged', 'a match before the start');
    if (this.total + length > this.#limit) throw new ContainerError('damaged', 'more output than declared');
    if (distance > this.#maxSize - PIECE - ROOM) {
      throw this.#isCapped
        ? new ContainerError('container-limit', 'the dictionary does not fit in memory')
        : new ContainerError('damaged', 'a match before the dictionary');
    }
    if (this.#at + length >= this.#memory.length) this.#grow(length);
    const memory = this.#memory;
    const size = memory.length;
    let to = this.#at;
    let from = to - distance;
    if (from < 0) from += size;
    for (let left = length; left > 0; left -= 1) {
      memory[to] = memory[from] ?? 0;
      to = to + 1 === size ? 0 : to + 1;
      from = from + 1 === size ? 0 : from + 1;
    }
    this.#at = to;
    this.total += length;
    this.#pending += length;
  }

  /**
   * Adds bytes as they are. @returns the number of bytes that were added: as many as fit until the next piece is taken
   * @throws ContainerError if the limit is passed
   */
  append(bytes: Uint8Array): number {
    if (this.total + bytes.length > this.#limit)
      throw new ContainerError('damaged', 'more output than declared');
    const count = Math.min(bytes.length, PIECE + ROOM - this.#pending);
    if (this.#at + count >= this.#memory.length) this.#grow(count);
    const size = this.#memory.length;
    const first = Math.min(count, size - this.#at);
    this.#memory.set(bytes.subarray(0, first), this.#at);
    this.#memory.set(bytes.subarray(first, count), 0);
    this.#at = (this.#at + count) % size;
    this.total += count;
    this.#pending += count;
    return count;
  }

  /** What was decoded since the last time, in order; valid until decoding goes on. */
  *takePieces(): Generator<Uint8Array> {
    while (this.#pending > 0) {
      const size = this.#memory.length;
      const start = (this.#at - this.#pending + size) % size;
      const length = Math.min(this.#pending, size - start, PIECE);
      this.#pending -= length;
      yield this.#memory.subarray(start, start + length);
    }
  }

  /** Makes room for more bytes than these, or begins again at the start of the memory when it is as large as it may be. */
  #grow(count: number): void {
    if (this.#memory.length < this.#maxSize) {
      const before = this.#memory;
      this.#memory = new Uint8Array(
        Math.min(this.#maxSize, Math.max(2 * before.length, this.#at + count + 1)),
      );
      this.#memory.set(before);
    }
    if (this.#at === this.#memory.length) this.#at = 0;
  }
}
