/** Checks the bytes after a keyword directly in the memory, before anything is copied or an expression runs. */
import { type Extent, extentOf } from './byte-set.ts';
import type { ByteRun, Expression, Phrase, PreparedWord, TextTable, Value } from './expression.ts';

export class ByteChecks {
  readonly #memory: Buffer;
  /** The number of the piece: measurements of an earlier piece are invalid. */
  #piece = 0;

  constructor(memory: Buffer) {
    this.#memory = memory;
  }

  /** Call it for each piece. */
  begin(): void {
    this.#piece += 1;
  }

  /** @param from where the keyword ends @param end where the piece ends in the memory */
  follow({ next, value, plainWord }: Expression, from: number, end: number): boolean {
    let at = from;
    let begin = from;
    let signs = from;
    const memory = this.#memory;
    for (const run of next) {
      const { isOf, least, most, isHeld, limit: longest } = run;
      signs = begin;
      begin = at;
      const limit = Math.min(end, begin + most);
      while (at < limit && isOf[memory[at] ?? 0] === 1) at += 1;
      if (at - begin < least) return this.#isOther(run, begin, end);
      if (isHeld !== undefined && !this.#holds(isHeld, begin, at)) return false;
      if (at === limit && longest < Infinity && this.#isLonger(isOf, begin, longest, end)) return false;
    }
    if (value !== undefined && this.#isTooLong(value, begin, end)) return false;
    const isPossible =
      plainWord === undefined
        ? value === undefined || this.#isWorth(value, begin, end)
        : !this.#isPlain(plainWord, signs, begin, end);
    const last = next.at(-1);
    return isPossible || (last !== undefined && this.#isOther(last, begin, end));
  }

  #holds(isHeld: Uint8Array, begin: number, end: number): boolean {
    for (let at = begin; at < end; at += 1) if (isHeld[this.#memory[at] ?? 0] === 1) return true;
    return false;
  }

  /** Instead of the run, one of its texts or phrases is here. */
  #isOther({ or, phrases }: ByteRun, at: number, end: number): boolean {
    if (or !== undefined && this.#lengthAt(or, at, end) > 0) return true;
    for (const phrase of phrases) if (this.#isPhrase(phrase, at, end)) return true;
    return false;
  }

  #isPhrase({ words, ends, most, isNever }: Phrase, begin: number, end: number): boolean {
    const first = this.#lengthAt(words, begin, end);
    if (first === 0) return false;
    const limit = Math.min(end, begin + first + most);
    for (let at = begin + first; at < limit; at += 1) {
      if (this.#lengthAt(ends, at, end) > 0) return true;
      if (isNever[this.#memory[at] ?? 0] === 1) return false;
    }
    return false;
  }

  /**
   * True when the run of these bytes that begins or continues here has more than `most`. Each run is measured once,
   * however many keywords it contains.
   */
  #isLonger(isOf: Uint8Array, begin: number, most: number, end: number): boolean {
    return this.#endOfRun(isOf, begin, end) - begin > most;
  }

  /** Where the run of these bytes that begins or continues here ends. */
  #endOfRun(isOf: Uint8Array, begin: number, end: number): number {
    const known: Extent = extentOf(isOf);
    if (known.owner !== this || known.piece !== this.#piece || begin < known.from || begin >= known.to) {
      let to = begin;
      while (to < end && isOf[this.#memory[to] ?? 0] === 1) to += 1;
      known.owner = this;
      known.piece = this.#piece;
      known.from = begin;
      known.to = to;
    }
    return known.to;
  }

  /** An unquoted value ends where its bytes do: with more bytes than the maximum, it is not a value. */
  #isTooLong({ isOf, most }: Value, begin: number, end: number): boolean {
    return (
      isOf[this.#memory[begin] ?? 0] === 1 &&
      !this.#isQuotedAt(begin) &&
      this.#isLonger(isOf, begin, most, end)
    );
  }

  #isQuotedAt(begin: number): boolean {
    let before = begin - 1;
    while (before >= begin - MAX_SIGN_BYTES && isSign(this.#memory[before] ?? 0)) before -= 1;
    return isQuote(this.#memory[before] ?? 0);
  }

  /** A plain word begins here, after signs. */
  #isPlain(
    { isOf, least, most, isUnless }: PreparedWord,
    signs: number,
    begin: number,
    end: number,
  ): boolean {
    const memory = this.#memory;
    const limit = Math.min(end - 1, begin + most);
    let letters = 0;
    let at = begin;
    for (; at < limit && isOf[memory[at] ?? 0] === 1; at += 1) if (isLetter(memory[at] ?? 0)) letters += 1;
    if (at === limit || !isBlank(memory[at] ?? 0)) return false;
    if (letters === at - begin && letters >= least) return false;
    const after = isBlank(memory[at + 1] ?? 0) ? at + 2 : at + 1;
    if (after >= end || isUnless[memory[after] ?? 0] === 1) return false;
    let count = 0;
    for (let sign = signs; sign < begin; sign += 1) {
      if (isUnless[memory[sign] ?? 0] === 1) return false;
      if (!isBlank(memory[sign] ?? 0)) count += 1;
    }
    // Of several signs, the last ones may belong to the value.
    return count <= 1 || isBlank(memory[begin - 1] ?? 0);
  }

  /** The value that begins here is long, or contains a required byte. */
  #isWorth({ isOf, isHeld, long }: Value, begin: number, end: number): boolean {
    const memory = this.#memory;
    // Signs at the beginning may have been counted as part of what precedes it.
    let before = begin - 1;
    while (before >= begin - MAX_SIGN_BYTES && isSign(memory[before] ?? 0)) before -= 1;
    const quote = memory[before] ?? 0;
    const isQuoted = isQuote(quote);
    if (!isQuoted && this.#isCallWithName(isOf, begin, end)) return false;
    // An escaped quote ends with another one.
    const isEscaped = memory[before - 1] === BACKSLASH;
    const limit = Math.min(end, begin + long - MAX_SIGN_BYTES);
    let at = begin;
    for (; at < limit; at += 1) {
      const byte = memory[at] ?? 0;
      if (isHeld[byte] === 1) return true;
      if (isQuoted ? (byte === quote && !isEscaped) || !isPrintable(byte) : isOf[byte] === 0) break;
    }
    // The value continues past the end of the text.
    if (at === limit) return true;
    if (isQuoted) return false;
    // Its quotes or brackets follow prefix letters (f"...", q(...)), or are those of a call.
    const byte = memory[at] ?? 0;
    return (
      (at - begin <= MAX_SIGN_BYTES && (isQuote(byte) || isBracket(byte))) ||
      (byte === PARENTHESIS && this.#opensLiteral(at + 1))
    );
  }

  /** What begins here, without quotes, is the name of a function whose first argument is another name: no value. */
  #isCallWithName(isOf: Uint8Array, begin: number, end: number): boolean {
    const memory = this.#memory;
    const to = this.#endOfRun(isOf, begin, end);
    if (memory[to] !== PARENTHESIS || to - begin <= MAX_OPENING_BYTES) return false;
    // A list of a shell.
    let before = begin - 1;
    while (isBlank(memory[before] ?? 0)) before -= 1;
    if (memory[before] === PARENTHESIS && memory[before - 1] === EQUALS_SIGN) return false;
    const limit = to + 1 + MAX_OPENING_BYTES;
    if (limit >= end) return false;
    let at = to + 1;
    while (at < limit && isOfName(memory[at] ?? 0)) at += 1;
    const byte = memory[at] ?? 0;
    return at === limit || (at > to + 1 && (byte === CLOSING_PARENTHESIS || byte === COMMA));
  }

  /** A literal begins here, or a line, or a call without arguments ends. */
  #opensLiteral(at: number): boolean {
    const byte = this.#memory[at] ?? 0;
    if (isQuote(byte) || byte === BACKSLASH || byte === 0x0d || byte === 0x0a || byte === 0x29) return true;
    for (let next = at + 1; next <= at + MAX_SIGN_BYTES; next += 1)
      if (isQuote(this.#memory[next] ?? 0) || this.#memory[next] === NUMBER_SIGN) return true;
    return byte === NUMBER_SIGN;
  }

  /** Length of the text of this table that is here; 0 if none is. */
  #lengthAt(texts: TextTable, at: number, end: number): number {
    const alike = texts[this.#memory[at] ?? 0];
    if (alike === undefined || alike.length === 0) return 0;
    for (const text of alike) if (this.#stands(text, at, end)) return text.length;
    return 0;
  }

  #stands(text: Uint8Array, at: number, end: number): boolean {
    if (at + text.length > end) return false;
    for (let index = 0; index < text.length; index += 1) {
      if (this.#memory[at + index] !== text[index]) return false;
    }
    return true;
  }
}

/** Signs that a value may begin with, and letters before a quote. */
const MAX_SIGN_BYTES = 2;
/** Of a literal, with its first quote or bracket: `u8R"`, `br#"`. */
const MAX_OPENING_BYTES = 4;

const BACKSLASH = 0x5c;
const PARENTHESIS = 0x28;
const CLOSING_PARENTHESIS = 0x29;
const COMMA = 0x2c;
const EQUALS_SIGN = 0x3d;
const NUMBER_SIGN = 0x23;

/** `"`, `'` and the backtick. */
function isQuote(byte: number): boolean {
  return byte === 0x22 || byte === 0x27 || byte === 0x60;
}

/** What Ruby and Perl quote with after a letter. */
function isBracket(byte: number): boolean {
  return byte === 0x28 || byte === 0x5b || byte === 0x7b || byte === 0x3c || byte === 0x7c || byte === 0x21;
}

/** `+`, `-` and the full stop. */
function isSign(byte: number): boolean {
  return byte === 0x2b || byte === 0x2d || byte === 0x2e;
}

function isLetter(byte: number): boolean {
  return (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a;
}

function isOfName(byte: number): boolean {
  return isLetter(byte) || (byte >= 0x30 && byte <= 0x39) || byte === 0x5f;
}

function isBlank(byte: number): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d;
}

function isPrintable(byte: number): boolean {
  return byte > 0x20 && byte !== 0x7f;
}
