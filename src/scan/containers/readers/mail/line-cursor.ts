/** The lines of a stream, with one line that can be put back. */
import { type ByteSource, ContainerError, type ReaderLimits } from '../../container.ts';

/** A longer line is passed on in parts. */
const MAX_LINE_BYTES = 64 * 1024;

export class LineCursor {
  readonly #pieces: AsyncIterator<Uint8Array>;
  readonly #limits: ReaderLimits;
  /** What has arrived, from `#at` on, one character for each byte. */
  #text = '';
  #at = 0;
  #isAtEnd = false;
  #putBack: string | undefined;
  /** The line before the current one was empty, or there was none. */
  isAfterEmpty = true;
  #last = '';

  constructor(content: ByteSource, limits: ReaderLimits) {
    this.#pieces = content[Symbol.asyncIterator]();
    this.#limits = limits;
  }

  /** The next line without its end, one character for each byte; undefined at the end. @throws ContainerError when the reader must stop */
  async next(): Promise<string | undefined> {
    const line = this.#putBack ?? (await this.#read());
    if (this.#putBack === undefined) {
      this.isAfterEmpty = this.#last === '';
      this.#last = line ?? '';
    }
    this.#putBack = undefined;
    return line;
  }

  /** Puts the line back that was read last. */
  back(line: string): void {
    this.#putBack = line;
  }

  /** Ends the stream. */
  async close(): Promise<void> {
    await this.#pieces.return?.();
  }

  async #read(): Promise<string | undefined> {
    for (;;) {
      const end = this.#text.indexOf('\n', this.#at);
      if (end >= 0 && end - this.#at <= MAX_LINE_BYTES) return this.#take(end, 1);
      if (this.#text.length - this.#at > MAX_LINE_BYTES) return this.#take(this.#at + MAX_LINE_BYTES, 0);
      if (this.#isAtEnd) {
        return this.#at < this.#text.length ? this.#take(this.#text.length, 0) : undefined;
      }
      if (this.#limits.isOver()) throw new ContainerError('container-limit', 'out of time');
      const { value, done } = await this.#pieces.next();
      if (done === true) this.#isAtEnd = true;
      else {
        const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
        this.#text = this.#text.slice(this.#at) + bytes.toString('latin1');
        this.#at = 0;
      }
    }
  }

  #take(end: number, ends: number): string {
    const line = this.#text.slice(this.#at, end);
    this.#at = end + ends;
    return line.endsWith('\r') ? line.slice(0, -1) : line;
  }
}
