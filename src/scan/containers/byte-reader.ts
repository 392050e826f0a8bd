/**
 * Reads numbers, names and sections from bytes that come in pieces, and holds no more of them than is asked for at once. If they end
 * early, the error is the reason for which they did.
 */
import { type ByteSource, ContainerError, type ReaderLimits } from './container.ts';
import { stopIfOver } from './limits.ts';

const EMPTY = new Uint8Array(0);

/** What a function reads from a source, which is closed afterwards, however that ends. */
export async function* readFrom<Item>(
  source: ByteSource,
  read: (reader: ByteReader, limits: ReaderLimits) => AsyncIterable<Item>,
  limits: ReaderLimits,
): AsyncGenerator<Item, void, undefined> {
  const reader = new ByteReader(source, limits);
  try {
    yield* read(reader, limits);
  } finally {
    await reader.close();
  }
}

export class ByteReader {
  /** What has arrived and was not read: from `start` to `end` in `buffer`. Decoders read it in place and move `start`. */
  buffer: Uint8Array = EMPTY;
  start = 0;
  end = 0;
  /** All pieces have arrived. */
  ended = false;

  readonly #pieces: AsyncIterator<Uint8Array>;
  readonly #limits: ReaderLimits;
  #failure: Error | undefined;
  /** Number of bytes before `buffer`. */
  #before = 0;
  #own = EMPTY;

  constructor(source: ByteSource, limits: ReaderLimits) {
    this.#pieces = source[Symbol.asyncIterator]();
    this.#limits = limits;
  }

  /** Number of bytes that were read so far. */
  get position(): number {
    return this.#before + this.start;
  }

  /** Waits until this many bytes are in the buffer. @returns false if fewer are left */
  async fill(count: number): Promise<boolean> {
    while (this.end - this.start < count && !this.ended) {
      stopIfOver(this.#limits);
      await this.#append();
    }
    return this.end - this.start >= count;
  }

  /** The next bytes, valid until the next call. @throws ContainerError if there are fewer */
  async take(count: number): Promise<Buffer> {
    if (this.end - this.start < count && !(await this.fill(count))) throw this.cutOff();
    const { buffer, start } = this;
    this.start += count;
    return Buffer.from(buffer.buffer, buffer.byteOffset + start, count);
  }

  /** The same bytes as `take` returns, without reading them; fewer at the end. */
  async peek(count: number): Promise<Buffer> {
    await this.fill(count);
    const { buffer, start, end } = this;
    return Buffer.from(buffer.buffer, buffer.byteOffset + start, Math.min(count, end - start));
  }

  /** True at the end of all bytes. @throws what ended them early */
  async atEnd(): Promise<boolean> {
    if (this.end > this.start || (await this.fill(1))) return false;
    if (this.#failure !== undefined) throw this.#failure;
    return true;
  }

  async skip(count: number): Promise<void> {
    for (let left = count; left > 0;) {
      if (this.start === this.end && !(await this.fill(1))) throw this.cutOff();
      const length = Math.min(left, this.end - this.start);
      this.start += length;
      left -= length;
    }
  }

  /** Reads over padding. @returns true at the end of all bytes */
  async skipZeros(): Promise<boolean> {
    while (!(await this.atEnd())) {
      const at = this.buffer.subarray(this.start, this.end).findIndex((byte) => byte !== 0);
      this.start = at < 0 ? this.end : this.start + at;
      if (at >= 0) return false;
    }
    return true;
  }

  /** The next bytes as a source of their own, for an entry: whatever is left of it is skipped with `Section.skip`. */
  section(length: number): Section {
    return new Section(this, length);
  }

  /** All that is left. */
  async *rest(): ByteSource {
    while (!(await this.atEnd())) yield this.piece(Infinity);
  }

  /** Reads what is in the buffer, at most `most` bytes of it. */
  piece(most: number): Uint8Array {
    const piece = this.buffer.subarray(this.start, Math.min(this.end, this.start + most));
    this.start += piece.length;
    return piece;
  }

  /** Why bytes that should be there are not. */
  cutOff(): Error {
    return this.#failure ?? new ContainerError('damaged', 'cut off');
  }

  /** Must be called by the one who made the reader, so that what produces the bytes is released. */
  async close(): Promise<void> {
    this.ended = true;
    await this.#pieces.return?.();
  }

  async #append(): Promise<void> {
    const left = this.end - this.start;
    // What is left moves to memory of our own, because the producer may use its memory again for the next piece.
    if (left > 0) this.#reserve(left);
    let next: IteratorResult<Uint8Array>;
    try {
      next = await this.#pieces.next();
    } catch (error) {
      this.#failure = Error.isError(error) ? error : new Error(String(error));
      this.ended = true;
      return;
    }
    if (next.done === true) {
      this.ended = true;
    } else if (left > 0) {
      this.#reserve(left + next.value.length);
      this.#own.set(next.value, left);
      this.end += next.value.length;
    } else {
      this.#before += this.start;
      this.buffer = next.value;
      this.start = 0;
      this.end = next.value.length;
    }
  }

  /** Moves what is left to the start of our own memory, which has room for this many bytes. */
  #reserve(size: number): void {
    const isThere = this.buffer === this.#own && this.start === 0;
    if (isThere && this.#own.length >= size) return;
    const rest = this.buffer.subarray(this.start, this.end);
    if (this.#own.length < size) this.#own = new Uint8Array(Math.max(256, 2 ** Math.ceil(Math.log2(size))));
    this.#own.set(rest);
    this.#before += this.start;
    this.buffer = this.#own;
    this.start = 0;
    this.end = rest.length;
  }
}

/** Some bytes of a reader as a source of their own. */
export class Section implements AsyncIterable<Uint8Array> {
  readonly #reader: ByteReader;
  #left: number;

  constructor(reader: ByteReader, length: number) {
    this.#reader = reader;
    this.#left = length;
  }

  async *[Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    const reader = this.#reader;
    while (this.#left > 0) {
      if (reader.start === reader.end && !(await reader.fill(1))) throw reader.cutOff();
      const piece = reader.piece(this.#left);
      this.#left -= piece.length;
      yield piece;
    }
  }

  /** Reads over what is left. */
  async skip(): Promise<void> {
    const left = this.#left;
    this.#left = 0;
    await this.#reader.skip(left);
  }
}
