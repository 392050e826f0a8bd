/**
 * A stream of bytes that is read like a file: pieces are awaited ahead of time, so that the synchronous reads after that find what they
 * need. Holds a bounded number of bytes, however small the pieces are.
 */

/** Maximum number of bytes that may be read between two calls of `prepare`. */
export const PORTION_BYTES = 256 * 1024;
/** What one portion may take: transcoding UTF-16 reads up to two bytes for each byte of text. */
const AHEAD_BYTES = 2 * PORTION_BYTES;
/** Least room: most files of a commit, and most entries of an archive, are small. */
const LEAST_ROOM_BYTES = 4 * 1024;

export class ByteStream {
  readonly #pieces: AsyncIterator<Uint8Array>;
  #buffer = Buffer.alloc(0);
  /** Where the bytes that have not been read are in the buffer. */
  #start = 0;
  #end = 0;
  /** What is left of the latest piece. */
  #rest: Uint8Array = new Uint8Array();
  #isAtEnd = false;

  constructor(pieces: AsyncIterable<Uint8Array>) {
    this.#pieces = pieces[Symbol.asyncIterator]();
  }

  /**
   * Waits until a portion can be read, or the stream has ended.
   * @param bytes how many bytes to wait for at least
   * @throws the stream's error
   */
  async prepare(bytes = AHEAD_BYTES): Promise<void> {
    this.#buffer.copyWithin(0, this.#start, this.#end);
    this.#end -= this.#start;
    this.#start = 0;
    while (this.#end < bytes) {
      if (this.#rest.length === 0 && !(await this.#next())) return;
      if (this.#end === this.#buffer.length) this.#grow();
      const part = this.#rest.subarray(0, this.#buffer.length - this.#end);
      this.#buffer.set(part, this.#end);
      this.#end += part.length;
      this.#rest = this.#rest.subarray(part.length);
    }
  }

  /** What can be read without waiting. Valid until the next call. */
  get ahead(): Buffer {
    return this.#buffer.subarray(this.#start, this.#end);
  }

  /** Everything that was not read yet, piece by piece. */
  async *rest(): AsyncGenerator<Uint8Array, void, undefined> {
    const ahead = Buffer.from(this.ahead);
    this.#start = this.#end;
    if (ahead.length > 0) yield ahead;
    while (this.#rest.length > 0 || (await this.#next())) {
      const piece = this.#rest;
      this.#rest = new Uint8Array();
      yield piece;
    }
  }

  /** Ends the stream early. */
  async close(): Promise<void> {
    await this.#pieces.return?.();
  }

  /** Like `FileSystem.read` of the next bytes, after `prepare`: fewer bytes than asked for mean the end. */
  read(_descriptor: number, target: Uint8Array, offset: number, length: number): number {
    const part = this.#buffer.subarray(this.#start, Math.min(this.#start + length, this.#end));
    target.set(part, offset);
    this.#start += part.length;
    return part.length;
  }

  /** @returns false at the end of the stream */
  async #next(): Promise<boolean> {
    while (!this.#isAtEnd && this.#rest.length === 0) {
      const { value, done } = await this.#pieces.next();
      if (done === true) this.#isAtEnd = true;
      else this.#rest = value;
    }
    return !this.#isAtEnd;
  }

  #grow(): void {
    const room = Math.max(
      LEAST_ROOM_BYTES,
      2 * this.#buffer.length,
      Math.min(this.#rest.length, AHEAD_BYTES),
    );
    const larger = Buffer.allocUnsafe(room);
    this.#buffer.copy(larger);
    this.#buffer = larger;
  }
}
