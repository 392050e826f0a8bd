/** Parts of bytes that can be read anywhere. */
import { type ByteSource, type ContainerBytes, ContainerError, type ReaderLimits } from './container.ts';
import { stopIfOver } from './limits.ts';

const PIECE = 65_536;

/** A part as a source. What is missing at its end is an error after what is there. */
export async function* slice(
  content: ContainerBytes,
  start: number,
  length: number,
  limits: ReaderLimits,
): ByteSource {
  const memory = Buffer.allocUnsafe(Math.min(PIECE, Math.max(0, Math.min(length, content.size - start))));
  for (let at = 0; at < length;) {
    stopIfOver(limits);
    const count =
      memory.length === 0 ? 0 : content.read(memory, 0, Math.min(memory.length, length - at), start + at);
    if (count === 0) throw new ContainerError('damaged', 'cut off');
    yield memory.subarray(0, count);
    at += count;
  }
}

/** Small parts, read through a window that moves along with them. */
export class SliceReader {
  readonly #content: ContainerBytes;
  readonly #window = Buffer.allocUnsafe(PIECE);
  #start = 0;
  #length = 0;

  constructor(content: ContainerBytes) {
    this.#content = content;
  }

  get size(): number {
    return this.#content.size;
  }

  /** The bytes of a part, valid until the next call; fewer at the end. @param length at most 64 KiB */
  at(start: number, length: number): Buffer {
    if (start < 0 || start >= this.size) return this.#window.subarray(0, 0);
    const end = start + length;
    if (start < this.#start || end > this.#start + this.#length) {
      this.#start = start;
      this.#length = this.#content.read(this.#window, 0, Math.min(PIECE, this.size - start), start);
    }
    const from = start - this.#start;
    return this.#window.subarray(from, Math.min(from + length, this.#length));
  }

  /** The first place, from `start` on, of one of these numbers of four bytes, which begin with `PK`. */
  find(signatures: readonly number[], start: number, limits: ReaderLimits): number | undefined {
    for (let at = start; at < this.size; at += PIECE - 3) {
      stopIfOver(limits);
      const part = this.at(at, PIECE);
      for (let found = part.indexOf('PK'); found >= 0; found = part.indexOf('PK', found + 1)) {
        if (found + 4 <= part.length && signatures.includes(part.readUInt32LE(found))) return at + found;
      }
    }
    return undefined;
  }
}
