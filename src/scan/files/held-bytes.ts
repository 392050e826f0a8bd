/** Bytes of a stream that are held in memory, so that they can be read anywhere, and more than once. */
import type { ByteSource, ContainerBytes } from '../containers/container.ts';

const BLOCK_BYTES = 64 * 1024;

/** Memory that is shared by what is held. */
export interface Memory {
  /** @returns false when there is not enough left */
  reserve(bytes: number): boolean;
  release(bytes: number): void;
}

/** So many bytes of memory. */
export function memoryOf(bytes: number): Memory {
  let left = bytes;
  return {
    reserve: (wanted) => {
      if (wanted > left) return false;
      left -= wanted;
      return true;
    },
    release: (freed) => void (left += freed),
  };
}

/** Reads a source into memory, to its end or until there is no memory left. @throws the source's error */
export async function hold(source: ByteSource, memory: Memory): Promise<HeldBytes> {
  const held = new HeldBytes(source[Symbol.asyncIterator](), memory);
  try {
    await held.fill();
  } catch (error) {
    held.release();
    throw error;
  }
  return held;
}

export class HeldBytes implements ContainerBytes {
  readonly #source: AsyncIterator<Uint8Array>;
  readonly #memory: Memory;
  #blocks: Buffer[] = [];
  /** What did not fit. */
  #rest: Uint8Array | undefined;
  size = 0;

  constructor(source: AsyncIterator<Uint8Array>, memory: Memory) {
    this.#source = source;
    this.#memory = memory;
  }

  /** True when all bytes of the source are held. */
  get isWhole(): boolean {
    return this.#rest === undefined;
  }

  async fill(): Promise<void> {
    for (let next = await this.#source.next(); next.done !== true; next = await this.#source.next()) {
      this.#rest = this.#add(next.value);
      if (this.#rest !== undefined) return;
    }
  }

  read(target: Uint8Array, offset: number, length: number, position: number): number {
    const count = Math.max(0, Math.min(length, this.size - position));
    for (let done = 0; done < count;) {
      const at = position + done;
      const block = this.#blocks[Math.floor(at / BLOCK_BYTES)] ?? Buffer.alloc(0);
      const from = at % BLOCK_BYTES;
      const part = block.subarray(from, Math.min(BLOCK_BYTES, from + count - done));
      target.set(part, offset + done);
      done += part.length;
    }
    return count;
  }

  /** All bytes of the source, also those that are not held. */
  async *pieces(): AsyncGenerator<Uint8Array, void, undefined> {
    yield* piecesOf(this);
    if (this.#rest === undefined) return;
    yield this.#rest;
    for (let next = await this.#source.next(); next.done !== true; next = await this.#source.next()) {
      yield next.value;
    }
  }

  /** Frees the memory. */
  release(): void {
    this.#memory.release(this.#blocks.length * BLOCK_BYTES);
    this.#blocks = [];
    this.size = 0;
  }

  /** @returns what does not fit, if anything */
  #add(piece: Uint8Array): Uint8Array | undefined {
    for (let done = 0; done < piece.length;) {
      const from = this.size % BLOCK_BYTES;
      if (from === 0) {
        if (!this.#memory.reserve(BLOCK_BYTES)) return piece.slice(done);
        this.#blocks.push(Buffer.allocUnsafeSlow(BLOCK_BYTES));
      }
      const part = piece.subarray(done, done + BLOCK_BYTES - from);
      this.#blocks.at(-1)?.set(part, from);
      this.size += part.length;
      done += part.length;
    }
    return undefined;
  }
}

/** Bytes that can be read anywhere, in order. */
export async function* piecesOf(bytes: ContainerBytes): AsyncGenerator<Uint8Array, void, undefined> {
  for (let position = 0; ;) {
    // A new piece each time: who receives it may keep it.
    const length = Math.min(BLOCK_BYTES, bytes.size - position);
    const piece = Buffer.allocUnsafe(length);
    const count = bytes.read(piece, 0, length, position);
    position += count;
    if (count > 0) yield piece.subarray(0, count);
    if (count < length || position >= bytes.size) return;
  }
}
