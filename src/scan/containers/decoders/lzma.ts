/**
 * LZMA: a range coder, whose probabilities adapt, over matches in a sliding window. The decoder stops wherever input is missing or enough
 * output has been produced, always between two symbols, and goes on when it is called again.
 */
import { ContainerError } from '../container.ts';
import type { SlidingWindow } from './sliding-window.ts';

/** Maximum number of bytes of input that a symbol takes. */
export const MAX_SYMBOL_BYTES = 20;

export interface LzmaProperties {
  /** Literal context bits, literal position bits and position bits. */
  readonly lc: number;
  readonly lp: number;
  readonly pb: number;
}

/** @throws ContainerError if the byte is not valid */
export function lzmaProperties(byte: number): LzmaProperties {
  if (byte >= 9 * 5 * 5) throw new ContainerError('damaged', 'properties of LZMA');
  return { lc: byte % 9, lp: Math.floor(byte / 9) % 5, pb: Math.floor(byte / 45) };
}

/** Where the probabilities of each kind of decision are in their table. */
const IS_MATCH = 0;
const IS_REP = 192;
const IS_REP_G0 = 204;
const IS_REP_G1 = 216;
const IS_REP_G2 = 228;
const IS_REP0_LONG = 240;
const POSITION_SLOT = 432;
const POSITION_SPECIAL = 688;
const ALIGN = 816;
const MATCH_LENGTH = 832;
const REP_LENGTH = 1346;
const LITERAL = 1860;

/** Within the probabilities of a length. */
const CHOICE = 0;
const CHOICE_2 = 1;
const LOW = 2;
const MID = 130;
const HIGH = 258;

const TOP = 2 ** 24;
const END_MARKER = 0xff_ff_ff_ff;

export class LzmaDecoder {
  readonly #window: SlidingWindow;
  #properties: LzmaProperties = { lc: 0, lp: 0, pb: 0 };
  #probabilities = new Uint16Array(0);
  #input: Uint8Array = new Uint8Array(0);
  #at = 0;
  #range = 0;
  #code = 0;
  #state = 0;
  #rep0 = 0;
  #rep1 = 0;
  #rep2 = 0;
  #rep3 = 0;

  constructor(window: SlidingWindow) {
    this.#window = window;
  }

  /** The end marker was read: nothing follows. */
  isAtMarker = false;

  /** The range coder has used all of its input as far as can be told. */
  get isCodeZero(): boolean {
    return this.#code === 0;
  }

  resetProperties(properties: LzmaProperties): void {
    this.#properties = properties;
    const count = LITERAL + 0x300 * 2 ** (properties.lc + properties.lp);
    if (this.#probabilities.length !== count) this.#probabilities = new Uint16Array(count);
    this.resetState();
  }

  resetState(): void {
    this.#probabilities.fill(1024);
    this.#state = 0;
    this.#rep0 = this.#rep1 = this.#rep2 = this.#rep3 = 0;
  }

  /** Begins with the five bytes of a range coder. @throws ContainerError if they are not valid */
  startRange(bytes: Uint8Array): void {
    const [zero, a = 0, b = 0, c = 0, d = 0] = bytes;
    if (zero !== 0) throw new ContainerError('damaged', 'start of the range coder');
    this.#range = END_MARKER;
    this.#code = ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
    this.isAtMarker = false;
  }

  /**
   * Decodes symbols until there is enough output, or the end marker, or until the input is read as far as `last`. The array must have
   * `MAX_SYMBOL_BYTES` bytes from there, whatever they are.
   * @returns the place in the input after the last symbol: behind its end if the data is cut off
   */
  decode(input: Uint8Array, start: number, last: number): number {
    this.#input = input;
    this.#at = start;
    const window = this.#window;
    while (this.#at <= last && !window.isFull && !this.isAtMarker) this.#symbol();
    return this.#at;
  }

  #symbol(): void {
    const window = this.#window;
    const { lc, lp, pb } = this.#properties;
    const positionState = window.position & ((1 << pb) - 1);
    const state = this.#state;
    if (this.#bit(IS_MATCH + (state << 4) + positionState) === 0) {
      const before = window.byteAt(1);
      const context = ((window.position & ((1 << lp) - 1)) << lc) + (before >> (8 - lc));
      window.put(this.#literal(LITERAL + 0x300 * context));
      this.#state = state < 4 ? 0 : state < 10 ? state - 3 : state - 6;
      return;
    }
    if (this.#bit(IS_REP + state) === 0) {
      this.#rep3 = this.#rep2;
      this.#rep2 = this.#rep1;
      this.#rep1 = this.#rep0;
      const length = this.#length(MATCH_LENGTH, positionState);
      this.#rep0 = this.#distance(length);
      if (this.#rep0 === END_MARKER) {
        this.isAtMarker = true;
        return;
      }
      this.#state = state < 7 ? 7 : 10;
      window.copy(this.#rep0 + 1, length);
      return;
    }
    this.#repeat(state, positionState);
  }

  /** A match at one of the last four distances. */
  #repeat(state: number, positionState: number): void {
    const window = this.#window;
    if (this.#bit(IS_REP_G0 + state) === 0) {
      if (this.#bit(IS_REP0_LONG + (state << 4) + positionState) === 0) {
        this.#state = state < 7 ? 9 : 11;
        window.copy(this.#rep0 + 1, 1);
        return;
      }
    } else {
      let distance = this.#rep1;
      if (this.#bit(IS_REP_G1 + state) !== 0) {
        if (this.#bit(IS_REP_G2 + state) === 0) {
          distance = this.#rep2;
        } else {
          distance = this.#rep3;
          this.#rep3 = this.#rep2;
        }
        this.#rep2 = this.#rep1;
      }
      this.#rep1 = this.#rep0;
      this.#rep0 = distance;
    }
    this.#state = state < 7 ? 8 : 11;
    window.copy(this.#rep0 + 1, this.#length(REP_LENGTH, positionState));
  }

  #literal(base: number): number {
    if (this.#state < 7) return this.#tree(base, 8);
    // After a match, the byte that would continue it is the context, until a bit differs.
    let symbol = 1;
    for (let match = this.#window.byteAt(this.#rep0 + 1); symbol < 0x100; match <<= 1) {
      const matchBit = (match >> 7) & 1;
      const bit = this.#bit(base + ((1 + matchBit) << 8) + symbol);
      symbol = (symbol << 1) | bit;
      if (bit !== matchBit) break;
    }
    while (symbol < 0x100) symbol = (symbol << 1) | this.#bit(base + symbol);
    return symbol & 0xff;
  }

  #length(base: number, positionState: number): number {
    if (this.#bit(base + CHOICE) === 0) return 2 + this.#tree(base + LOW + (positionState << 3), 3);
    if (this.#bit(base + CHOICE_2) === 0) return 10 + this.#tree(base + MID + (positionState << 3), 3);
    return 18 + this.#tree(base + HIGH, 8);
  }

  #distance(length: number): number {
    const slot = this.#tree(POSITION_SLOT + (Math.min(length - 2, 3) << 6), 6);
    if (slot < 4) return slot;
    const bits = (slot >> 1) - 1;
    const distance = ((2 | (slot & 1)) << bits) >>> 0;
    if (slot < 14) return distance + this.#reverseTree(POSITION_SPECIAL + distance - slot, bits);
    const direct = this.#directBits(bits - 4);
    return distance + direct * 16 + this.#reverseTree(ALIGN, 4);
  }

  /** Bits of which each has a probability of its own for those before it. As `#bit`, in one loop: most of the time is spent here. */
  #tree(base: number, bits: number): number {
    const probabilities = this.#probabilities;
    const end = 1 << bits;
    let [range, code, symbol] = [this.#range, this.#code, 1];
    while (symbol < end) {
      const index = base + symbol;
      const probability = probabilities[index] ?? 0;
      const bound = (range >>> 11) * probability;
      if (code < bound) {
        range = bound;
        probabilities[index] = probability + ((2048 - probability) >> 5);
        symbol <<= 1;
      } else {
        range -= bound;
        code -= bound;
        probabilities[index] = probability - (probability >> 5);
        symbol = (symbol << 1) | 1;
      }
      if (range < TOP) {
        range = (range << 8) >>> 0;
        code = ((code << 8) | (this.#input[this.#at] ?? 0)) >>> 0;
        this.#at += 1;
      }
    }
    this.#range = range;
    this.#code = code;
    return symbol - end;
  }

  #reverseTree(base: number, bits: number): number {
    let symbol = 0;
    for (let n = 0, node = 1; n < bits; n += 1) {
      const bit = this.#bit(base + node);
      node = (node << 1) | bit;
      symbol |= bit << n;
    }
    return symbol;
  }

  /** Bits that are as often 0 as 1. */
  #directBits(count: number): number {
    // At most 26 of them: the result stays a small integer.
    let result = 0;
    for (let n = 0; n < count; n += 1) {
      const half = this.#range >>> 1;
      const bit = this.#code >= half ? 1 : 0;
      this.#range = half;
      if (bit === 1) this.#code -= half;
      result = (result << 1) | bit;
      if (half < TOP) this.#normalize();
    }
    return result;
  }

  #bit(index: number): number {
    const probability = this.#probabilities[index] ?? 0;
    const bound = (this.#range >>> 11) * probability;
    let bit = 0;
    if (this.#code < bound) {
      this.#range = bound;
      this.#probabilities[index] = probability + ((2048 - probability) >> 5);
    } else {
      this.#range -= bound;
      this.#code -= bound;
      this.#probabilities[index] = probability - (probability >> 5);
      bit = 1;
    }
    if (this.#range < TOP) this.#normalize();
    return bit;
  }

  #normalize(): void {
    this.#range = (this.#range << 8) >>> 0;
    this.#code = ((this.#code << 8) | (this.#input[this.#at] ?? 0)) >>> 0;
    this.#at += 1;
  }
}
