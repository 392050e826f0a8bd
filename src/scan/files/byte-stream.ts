/**
 * A stream of bytes that is read like a file: pieces are awaited ahead of time, so that the synchronous reads after that find what they
 * need. Holds a bounded number of bytes.
 */

/** Maximum number of bytes that may be read between two calls of `prepare`. */
export const PORTION_BYTES = 256 * 1024;
/** What one portion may take: transcoding UTF-16 reads up to two bytes for each byte of text. */
const AHEAD_BYTES = 2 * PORTION_BYTES;

export class ByteStream {
  readonly #pieces: AsyncIterator<Uint8Array>;
  readonly #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #isAtEnd = false;

  constructor(pieces: AsyncIterable<Uint8Array>) {
    this.#pieces = pieces[Symbol.asyncIterator]();
  }

  /** Waits until a portion can be read, or the stream has ended. @throws the stream's error */
  async prepare(): Promise<void> {
    while (!this.#isAtEnd && this.#waitingBytes < AHEAD_BYTES) {
      const next = await this.#pieces.next();
      if (next.done === true) this.#isAtEnd = true;
      else if (next.value.length > 0) {
        this.#waiting.push(next.value);
        this.#waitingBytes += next.value.length;
      }
    }
  }

  /** Like `FileSystem.read` of the next bytes, after `prepare`: fewer bytes than asked for mean the end. */
  read(_descriptor: number, target: Uint8Array, offset: number, length: number): number {
    let count = 0;
    while (count < length) {
      const [piece] = this.#waiting;
      if (piece === undefined) break;
      const part = piece.subarray(0, length - count);
      target.set(part, offset + count);
      count += part.length;
      if (part.length === piece.length) this.#waiting.shift();
      else this.#waiting[0] = piece.subarray(part.length);
    }
    this.#waitingBytes -= count;
    return count;
  }
}
