/** Canonical Huffman codes of up to 20 bits: short ones are looked up in a table, longer ones by their length. */
import { ContainerError } from '../container.ts';
import type { BitReader } from './bit-reader.ts';

const MAX_LENGTH = 20;
const TABLE_BITS = 10;

export class HuffmanCode {
  /** For each beginning of a code: the symbol and the length of its code, or 0 if the code is longer. */
  readonly #table = new Uint16Array(1 << TABLE_BITS);
  /** For each length: the first code that is too large for it, and what to subtract from a code to get the place of its symbol. */
  readonly #ends = new Int32Array(MAX_LENGTH + 1);
  readonly #offsets = new Int32Array(MAX_LENGTH + 1);
  readonly #symbols: Uint16Array;

  /** @param lengths of the codes of all symbols, between 1 and 20 */
  constructor(lengths: Uint8Array) {
    this.#symbols = new Uint16Array(lengths.length);
    let [code, place] = [0, 0];
    for (let length = 1; length <= MAX_LENGTH; length += 1) {
      this.#offsets[length] = code - place;
      for (let symbol = 0; symbol < lengths.length; symbol += 1) {
        if (lengths[symbol] !== length) continue;
        this.#symbols[place] = symbol;
        if (length <= TABLE_BITS) {
          const spare = TABLE_BITS - length;
          this.#table.fill((symbol << 5) | length, code << spare, (code + 1) << spare);
        }
        code += 1;
        place += 1;
      }
      this.#ends[length] = code;
      code *= 2;
    }
  }

  /** Takes the next symbol. @throws ContainerError if there is no such code, or it is cut off */
  next(bits: BitReader): number {
    const entry = this.#table[bits.peek(TABLE_BITS)] ?? 0;
    if (entry !== 0) {
      bits.take(entry & 31);
      return entry >> 5;
    }
    const long = bits.peek(MAX_LENGTH);
    for (let length = TABLE_BITS + 1; length <= MAX_LENGTH; length += 1) {
      const code = long >> (MAX_LENGTH - length);
      if (code < (this.#ends[length] ?? 0)) {
        bits.take(length);
        const symbol = this.#symbols[code - (this.#offsets[length] ?? 0)];
        if (symbol !== undefined) return symbol;
        break;
      }
    }
    throw new ContainerError('damaged', 'a code of a block');
  }
}
