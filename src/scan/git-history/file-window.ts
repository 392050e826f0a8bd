/** Reads an open file in large pieces, wherever a reader wants to. */
import type { FileSystem } from '../../host/platform/index.ts';
import type { ByteWindow } from './inflate.ts';

export class FileWindow implements ByteWindow {
  readonly size: number;
  readonly #fs: Pick<FileSystem, 'read'>;
  readonly #descriptor: number;
  readonly #windowBytes: number;
  #memory = Buffer.alloc(0);
  #buffer = this.#memory;
  #start = 0;

  /** @param windowBytes how many bytes are read at a time */
  constructor(fs: Pick<FileSystem, 'read'>, descriptor: number, size: number, windowBytes: number) {
    this.#fs = fs;
    this.#descriptor = descriptor;
    this.size = size;
    this.#windowBytes = windowBytes;
  }

  bytesAt(position: number, length: number): Buffer {
    const wanted = Math.max(0, Math.min(length, this.size - position));
    const isInside = position >= this.#start && position + wanted <= this.#start + this.#buffer.length;
    if (!isInside) this.#read(position, wanted);
    const from = position - this.#start;
    return this.#buffer.subarray(from, from + wanted);
  }

  #read(position: number, wanted: number): void {
    const length = Math.max(0, Math.min(Math.max(wanted, this.#windowBytes), this.size - position));
    if (length > this.#memory.length) this.#memory = Buffer.allocUnsafe(length);
    let end = 0;
    while (end < length) {
      const count = this.#fs.read(this.#descriptor, this.#memory, end, length - end, position + end);
      if (count === 0) break;
      end += count;
    }
    this.#buffer = this.#memory.subarray(0, end);
    this.#start = position;
  }
}
