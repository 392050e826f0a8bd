/**
 * Extracts the strings in a binary that are stored as UTF-16, little-endian: programs, resources and registry hives
 * of Windows. Runs of ASCII characters are written one after another, one byte each, into a text that can be
 * searched; the origin of each is kept as long as it may be needed. A run may begin at any byte.
 */

/** Minimum length of a run, in characters. No secret is shorter, and shorter runs are mostly numbers. */
const MIN_RUN_CHARS = 8;
const MIN_RUN_BYTES = 2 * MIN_RUN_CHARS;

/** Separates two runs; no expression accepts it as part of a word. */
const SEPARATOR = 0;

/** Indexed by byte: 1 for the characters of an ASCII text. */
const isText = Uint8Array.from({ length: 256 }, (_, byte) =>
  (byte >= 0x20 && byte < 0x7f) || byte === 0x09 || byte === 0x0a || byte === 0x0d ? 1 : 0,
);

/** One run: where it begins in the extracted text, and in the file. */
interface WideRun {
  readonly at: number;
  readonly from: number;
}

export class WideStrings {
  /** Where the text is written to, from its beginning. */
  readonly #target: Uint8Array;
  /** Where the target begins in the whole extracted text. */
  #base = 0;
  #length = 0;
  #runs: WideRun[] = [];
  /** The last run continues where `take` continues. */
  #isOpen = false;

  constructor(target: Uint8Array) {
    this.#target = target;
  }

  /** Bytes of text in the target. */
  get length(): number {
    return this.#length;
  }

  /** True when some of it must be dropped before more can be taken. */
  get isFull(): boolean {
    return this.#length >= this.#target.length - 1;
  }

  /**
   * Extracts the UTF-16 strings in `bytes` from `start` to before `end`, until the target is full.
   * @param base where `bytes` begins in the file
   * @returns where to continue; at most `MIN_RUN_BYTES` before the end unless the target is full.
   */
  take(bytes: Uint8Array, start: number, end: number, base: number): number {
    let at = start;
    while (!this.isFull) {
      if (this.#isOpen) {
        at = this.#append(bytes, at, end);
        if (this.#isOpen) return at;
      }
      at = nextRun(bytes, at, end);
      if (at + MIN_RUN_BYTES > end) return at;
      this.#runs.push({ at: this.#base + this.#length, from: base + at });
      this.#isOpen = true;
    }
    return at;
  }

  /** Writes the characters of the open run. It stays open when it may continue. */
  #append(bytes: Uint8Array, start: number, end: number): number {
    let at = start;
    for (; at + 1 < end && !this.isFull; at += 2) {
      const byte = bytes[at] ?? 0;
      this.#isOpen = isText[byte] === 1 && bytes[at + 1] === 0;
      this.#target[this.#length] = this.#isOpen ? byte : SEPARATOR;
      this.#length += 1;
      if (!this.#isOpen) break;
    }
    return at;
  }

  /** Where the character at this offset of the whole text is in the file. */
  offsetOf(at: number): number {
    const run = this.#runs.findLast((one) => one.at <= at) ?? { at: 0, from: 0 };
    return run.from + 2 * (at - run.at);
  }

  /** Keeps only the last `length` bytes of the text, and forgets the origin of earlier ones. */
  keep(length: number): void {
    this.#target.copyWithin(0, this.#length - length, this.#length);
    this.#base += this.#length - length;
    this.#length = length;
    const first = this.#runs.findLastIndex(({ at }) => at <= this.#base);
    this.#runs.splice(0, first);
  }
}

/**
 * The next run in `bytes` from `start` that lies before `end`; if there is none, where the first may begin that
 * continues.
 */
function nextRun(bytes: Uint8Array, start: number, end: number): number {
  let from = start;
  while (from + MIN_RUN_BYTES <= end) {
    const last = from + MIN_RUN_BYTES - 2;
    // From its end: a byte there that is no character rules out every run that would contain it.
    let at = last;
    while (at >= from && isText[bytes[at] ?? 0] === 1 && bytes[at + 1] === 0) at -= 2;
    if (at < from) return from;
    if (at < last) from = at + 2;
    else from = bytes[at] === 0 && isText[bytes[at + 1] ?? 0] === 1 ? from + 1 : at + 1;
  }
  return from;
}
