/** Numbers, bits and properties in the header of a 7z archive. */
import { ContainerError } from '../container.ts';

export class HeaderReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** The size of the whole header. */
  get size(): number {
    return this.#bytes.length;
  }

  bytes(count: number): Buffer {
    if (count > this.#bytes.length - this.#at) throw new ContainerError('damaged', 'the header');
    this.#at += count;
    return this.#bytes.subarray(this.#at - count, this.#at);
  }

  byte(): number {
    return this.bytes(1).readUInt8();
  }

  /** A number whose first byte says, by its highest bits, how many follow. */
  number(): number {
    const first = this.byte();
    let value = 0;
    for (let index = 0, bit = 0x80; index < 8; index += 1, bit >>= 1) {
      if ((first & bit) === 0) return value + (first & (bit - 1)) * 2 ** (8 * index);
      value += this.byte() * 2 ** (8 * index);
    }
    return value;
  }

  /** A number of things of which each has something in the header: there cannot be more than it has bytes. */
  count(): number {
    const value = this.number();
    if (value > this.size) throw new ContainerError('damaged', 'the header');
    return value;
  }

  /** @param isOptional a byte before the bits may say that all are set */
  bits(count: number, isOptional: boolean): boolean[] {
    if (isOptional && this.byte() !== 0) return Array.from({ length: count }, () => true);
    const bytes = this.bytes(Math.ceil(count / 8));
    return Array.from({ length: count }, (_, n) => ((bytes[n >> 3] ?? 0) & (0x80 >> (n & 7))) !== 0);
  }

  /** Reads over checksums. */
  skipDigests(count: number): void {
    this.bytes(4 * this.bits(count, true).filter(Boolean).length);
  }

  expect(property: number): void {
    if (this.byte() !== property) throw new ContainerError('damaged', 'the header');
  }
}
