/** From bytes to the values of PDF (ISO 32000-2, sections 7.2 and 7.3). */
import { ContainerError } from '../../container.ts';
import { type Dictionary, Name, Operator, type PdfValue, Reference } from './values.ts';

/** Arrays and dictionaries may be nested this deep. */
const MAX_DEPTH = 60;

const SPACE = 1;
const DELIMITER = 2;
/** What kind of character a byte is; 0 is a regular one. */
const kinds = new Uint8Array(256);
for (const byte of [0, 9, 10, 12, 13, 32]) kinds[byte] = SPACE;
for (const character of '()<>[]{}/%') kinds[character.charCodeAt(0)] = DELIMITER;

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };

/** Thrown when the bytes end within a value: there may be more of them in the file. */
export class EndOfBytes extends Error {}

export class Lexer {
  readonly #bytes: Buffer;
  at: number;

  constructor(bytes: Buffer, at = 0) {
    this.#bytes = bytes;
    this.at = at;
  }

  /** The next value or operator; undefined at the end. */
  next(depth = 0): PdfValue | undefined {
    this.skipSpace();
    const byte = this.#bytes[this.at];
    if (byte === undefined) return undefined;
    switch (String.fromCharCode(byte)) {
      case '/':
        return this.#name();
      case '(':
        return this.#literal();
      case '[':
        return this.#array(depth);
      case '<':
        return this.#bytes[this.at + 1] === 0x3c ? this.#dictionary(depth) : this.#hex();
      case ')':
      case ']':
      case '{':
      case '}':
        this.at += 1;
        return new Operator(String.fromCharCode(byte));
      case '>':
        this.at += this.#bytes[this.at + 1] === 0x3e ? 2 : 1;
        return new Operator('>>');
      default:
        return this.#word();
    }
  }

  /** Like `next`, with references to other objects: `12 0 R`. */
  value(depth = 0): PdfValue | undefined {
    const value = this.next(depth);
    if (typeof value !== 'number' || !Number.isInteger(value) || value < 0) return value;
    const before = this.at;
    const generation = this.#bytes.toString('latin1', before, before + 24);
    const [match] = /^\s{1,8}\d{1,5}\s{1,8}R(?![\w])/.exec(generation) ?? [];
    if (match === undefined) return value;
    this.at += match.length;
    return new Reference(value);
  }

  skipSpace(): void {
    for (;;) {
      const byte = this.#bytes[this.at];
      if (byte === 0x25) {
        while (this.at < this.#bytes.length && !isLineEnd(this.#bytes[this.at])) this.at += 1;
      } else if (byte === undefined || kinds[byte] !== SPACE) return;
      else this.at += 1;
    }
  }

  /** Moves behind the data of an image within a content: it ends with `EI` between spaces. */
  skipImage(): void {
    for (let end = this.at; ;) {
      end = this.#bytes.indexOf('EI', end + 1, 'latin1');
      if (end < 0) {
        this.at = this.#bytes.length;
        return;
      }
      const after = this.#bytes[end + 2];
      const isEnd =
        kinds[this.#bytes[end - 1] ?? 0] === SPACE && (after === undefined || kinds[after] === SPACE);
      if (!isEnd) continue;
      this.at = end + 2;
      return;
    }
  }

  #word(): PdfValue {
    const start = this.at;
    while (this.at < this.#bytes.length && kinds[this.#bytes[this.at] ?? 0] === 0) this.at += 1;
    if (this.at - start > 256) return null;
    const word = this.#bytes.toString('latin1', start, this.at);
    if (/^[+-]{0,2}(?:\d+\.?\d*|\.\d+)/.test(word))
      return Number.parseFloat(word.replace(/^[+-]*(?=-)|^\+/, ''));
    if (word === 'true' || word === 'false') return word === 'true';
    return word === 'null' ? null : new Operator(word);
  }

  #name(): Name {
    const start = this.at + 1;
    this.at = start;
    while (this.at < this.#bytes.length && kinds[this.#bytes[this.at] ?? 0] === 0) this.at += 1;
    const name = this.#bytes.toString('latin1', start, Math.min(this.at, start + 256));
    if (!name.includes('#')) return new Name(name);
    return new Name(
      name.replaceAll(/#([\da-f]{2})/gi, (_, digits: string) =>
        String.fromCharCode(Number.parseInt(digits, 16)),
      ),
    );
  }

  #literal(): string {
    let text = '';
    let depth = 1;
    let from = this.at + 1;
    for (let at = from; at < this.#bytes.length; at += 1) {
      const byte = this.#bytes[at];
      if (byte === 0x28) depth += 1;
      else if (byte === 0x29) {
        depth -= 1;
        if (depth > 0) continue;
        this.at = at + 1;
        return text + this.#bytes.toString('latin1', from, at);
      } else if (byte === 0x5c) {
        text += this.#bytes.toString('latin1', from, at);
        const escaped = this.#bytes.toString('latin1', at + 1, at + 4);
        const [code] = /^[0-7]{1,3}/.exec(escaped) ?? [];
        const first = escaped.charAt(0);
        if (code !== undefined) text += String.fromCharCode(Number.parseInt(code, 8) & 0xff);
        else if (first !== '\n' && first !== '\r') text += ESCAPES[first] ?? first;
        at += code?.length ?? (escaped.startsWith('\r\n') ? 2 : 1);
        from = at + 1;
      }
    }
    this.at = this.#bytes.length;
    throw new EndOfBytes();
  }

  #hex(): string {
    const end = this.#bytes.indexOf(0x3e, this.at);
    if (end < 0) throw new EndOfBytes();
    const digits = this.#bytes.toString('latin1', this.at + 1, end).replaceAll(/[^\da-f]/gi, '');
    this.at = end + 1;
    return Buffer.from(digits.length % 2 === 0 ? digits : `${digits}0`, 'hex').toString('latin1');
  }

  #array(depth: number): PdfValue[] {
    const values: PdfValue[] = [];
    this.#enter(depth);
    this.at += 1;
    for (;;) {
      const value = this.value(depth + 1);
      if (value === undefined) throw new EndOfBytes();
      if (value instanceof Operator) {
        if (value.word === ']') return values;
        // Not closed.
        if (value.word === '>>' || value.word === 'endobj') return values;
      } else values.push(value);
    }
  }

  #dictionary(depth: number): Dictionary {
    const entries = new Map<string, PdfValue>();
    this.#enter(depth);
    this.at += 2;
    for (;;) {
      const key = this.next(depth + 1);
      if (key === undefined) throw new EndOfBytes();
      if (key instanceof Operator && (key.word === '>>' || key.word === 'endobj')) return entries;
      if (!(key instanceof Name)) continue;
      const value = this.value(depth + 1);
      if (value === undefined) throw new EndOfBytes();
      if (value instanceof Operator) {
        if (value.word === '>>') return entries;
      } else entries.set(key.name, value);
    }
  }

  #enter(depth: number): void {
    if (depth > MAX_DEPTH) throw new ContainerError('damaged', 'values are nested too deep');
  }
}

function isLineEnd(byte: number | undefined): boolean {
  return byte === 0x0a || byte === 0x0d;
}
