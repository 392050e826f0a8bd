/** Bits, the highest of each byte first. Whoever takes them first fills the buffer with as many as a step may need. */
import type { ByteReader } from '../byte-reader.ts';

export class BitReader {
  readonly #reader: ByteReader;
  #bits = 0;
  #count = 0;

  constructor(reader: ByteReader) {
    this.#reader = reader;
  }

  /** Waits until this many bits can be taken, or all there are. */
  async fill(count: number): Promise<void> {
    await this.#reader.fill(Math.ceil(count / 8));
  }

  /** @param count at most 24. @throws ContainerError if there are fewer */
  take(count: number): number {
    while (this.#count < count) {
      const reader = this.#reader;
      if (reader.start >= reader.end) throw reader.cutOff();
      this.#bits = (this.#bits << 8) | (reader.buffer[reader.start] ?? 0);
      reader.start += 1;
      this.#count += 8;
    }
    this.#count -= count;
    return (this.#bits >>> this.#count) & ((1 << count) - 1);
  }

  /** The next bits, with zeros where there are none any more. @param count at most 24 */
  peek(count: number): number {
    const reader = this.#reader;
    while (this.#count < count && reader.start < reader.end) {
      this.#bits = (this.#bits << 8) | (reader.buffer[reader.start] ?? 0);
      reader.start += 1;
      this.#count += 8;
    }
    const shift = this.#count - count;
    return (shift < 0 ? this.#bits << -shift : this.#bits >>> shift) & ((1 << count) - 1);
  }

  /** Goes over the rest of a byte that was begun. */
  alignToByte(): void {
    this.#count -= this.#count % 8;
    // Whole bytes that were looked at belong to what follows.
    this.#reader.start -= this.#count / 8;
    this.#count = 0;
  }
}
