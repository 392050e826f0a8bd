/** From the codes of a font to text and widths (ISO 32000-2, sections 9.6 to 9.10). */
import type { PdfDocument } from './document.ts';
import { type Dictionary, Name, PdfStream, isArray, isDictionary, nameIn, numberIn } from './values.ts';

/** Codes for symbols in fonts that do not say which. */
// eslint-disable-next-line no-control-regex
const CONTROL = /[\0-\x1f]/g;
/** A word is searched for by its letters. */
const LIGATURES = /[\ufb00-\ufb06]/g;
/** Maximum number of codes that are mapped to text for a font. */
const MAX_MAPPED_CODES = 65_536;
/** The width of a character, in thousandths of the font's size, where none is given. */
const USUAL_WIDTH = 500;
const FULL_WIDTH = 1000;
/** The names of the characters of ASCII (Annex D.2), in their order, except those that are letters. */
const NAMES =
  `space exclam quotedbl numbersign dollar percent ampersand quotesingle parenleft parenright asterisk plus comma hyphen period
slash zero one two three four five six seven eight nine colon semicolon less equal greater question at`.split(
    /\s+/,
  );
const glyphs = new Map<string, string>([
  ...NAMES.map((name, index): [string, string] => [name, String.fromCharCode(0x20 + index)]),
  ...['bracketleft', 'backslash', 'bracketright', 'asciicircum', 'underscore', 'grave'].map(
    (name, index): [string, string] => [name, String.fromCharCode(0x5b + index)],
  ),
  ...['braceleft', 'bar', 'braceright', 'asciitilde'].map((name, index): [string, string] => [
    name,
    String.fromCharCode(0x7b + index),
  ]),
  ['quoteright', '’'],
  ['quoteleft', '‘'],
  ['minus', '-'],
  ['endash', '–'],
  ['emdash', '—'],
  ['fi', 'fi'],
  ['fl', 'fl'],
]);

export interface Glyph {
  readonly text: string;
  /** In units of the font's size. */
  readonly width: number;
  /** The code of a space: words are set apart there. */
  readonly isSpace: boolean;
  /** False if there is no telling which character it is. */
  readonly isKnown: boolean;
}

export class Font {
  /** Bytes of a code. */
  readonly #bytes: 1 | 2;
  readonly #texts: ReadonlyMap<number, string>;
  readonly #widths: ReadonlyMap<number, number>;
  readonly #usualWidth: number;
  readonly #decoder: TextDecoder | undefined;

  private constructor(parts: {
    readonly bytes: 1 | 2;
    readonly texts: ReadonlyMap<number, string>;
    readonly widths: ReadonlyMap<number, number>;
    readonly usualWidth: number;
    readonly decoder: TextDecoder | undefined;
  }) {
    this.#bytes = parts.bytes;
    this.#texts = parts.texts;
    this.#widths = parts.widths;
    this.#usualWidth = parts.usualWidth;
    this.#decoder = parts.decoder;
  }

  /** The font that a dictionary describes; with an empty one, a font with the encoding of Windows. */
  static async load(document: PdfDocument, font: Dictionary): Promise<Font> {
    const map = await document.resolve(font.get('ToUnicode'));
    const { texts, bytes } =
      map instanceof PdfStream
        ? parseMap((await document.bytes(map)).bytes.toString('latin1'))
        : { texts: new Map<number, string>(), bytes: undefined };
    if (nameIn(font, 'Subtype') === 'Type0') {
      const { widths, usualWidth } = await widthsOfParts(document, font);
      return new Font({ bytes: bytes ?? 2, texts, widths, usualWidth, decoder: undefined });
    }
    const encoding = await document.resolve(font.get('Encoding'));
    const base =
      encoding instanceof Name
        ? encoding.name
        : isDictionary(encoding)
          ? nameIn(encoding, 'BaseEncoding')
          : '';
    if (isDictionary(encoding)) {
      for (const [code, text] of await differences(document, encoding))
        if (!texts.has(code)) texts.set(code, text);
    }
    const decoder = new TextDecoder(base === 'MacRomanEncoding' ? 'macintosh' : 'windows-1252');
    const { widths, usualWidth } = await simpleWidths(document, font);
    return new Font({ bytes: 1, texts, widths, usualWidth, decoder });
  }

  /** The glyphs of a string. */
  *glyphs(string: string): Generator<Glyph> {
    for (let at = 0; at + this.#bytes <= string.length; at += this.#bytes) {
      const byte = string.charCodeAt(at);
      const code = this.#bytes === 1 ? byte : byte * 256 + string.charCodeAt(at + 1);
      const text = this.#texts.get(code) ?? this.#decoder?.decode(Uint8Array.of(code));
      yield {
        text:
          text?.replaceAll(CONTROL, ' ').replaceAll(LIGATURES, (letters) => letters.normalize('NFKC')) ??
          '\u{fffd}',
        width: (this.#widths.get(code) ?? this.#usualWidth) / 1000,
        isSpace: this.#bytes === 1 && code === 0x20,
        isKnown: text !== undefined,
      };
    }
  }
}

/** A map from codes to text: section 9.10.3. */
function parseMap(source: string): {
  readonly texts: Map<number, string>;
  readonly bytes: 1 | 2 | undefined;
} {
  const texts = new Map<number, string>();
  let bytes: 1 | 2 | undefined;
  for (const [, kind, body = ''] of source.matchAll(
    /begin(codespacerange|bfchar|bfrange)([^]*?)(?:end\1|$)/g,
  )) {
    if (kind === 'codespacerange') {
      const digits = /<\s*([\da-f]+)/i.exec(body)?.[1]?.length ?? 4;
      bytes = digits > 2 ? 2 : 1;
    } else if (kind === 'bfchar') {
      for (const [, code = '', text = ''] of body.matchAll(/<([\da-f\s]{1,10})>\s*<([\da-f\s]{0,600})>/gi)) {
        set(texts, Number.parseInt(code, 16), utf16(text));
      }
    } else {
      for (const [, from = '', to = '', first, list = ''] of body.matchAll(
        /<([\da-f\s]{1,10})>\s*<([\da-f\s]{1,10})>\s*(?:<([\da-f\s]{0,600})>|\[([^\]]*)\])/gi,
      )) {
        const start = Number.parseInt(from, 16);
        const targets =
          first === undefined
            ? Array.from(list.matchAll(/<([\da-f\s]{0,600})>/gi), ([, text = '']) => utf16(text))
            : [];
        const text = utf16(first ?? '');
        const last = Math.min(Number.parseInt(to, 16), 0xffff);
        for (let code = start; code <= last; code += 1) {
          set(
            texts,
            code,
            first === undefined ? (targets[code - start] ?? '') : advanced(text, code - start),
          );
        }
      }
    }
  }
  return { texts, bytes };
}

function set(texts: Map<number, string>, code: number, text: string): void {
  if (texts.size < MAX_MAPPED_CODES) texts.set(code, text);
}

function utf16(digits: string): string {
  const bytes = Buffer.from(digits.replaceAll(/\s/g, ''), 'hex');
  if (bytes.length === 1) return String.fromCharCode(bytes[0] ?? 0);
  return bytes
    .subarray(0, bytes.length & ~1)
    .swap16()
    .toString('utf16le');
}

/** A text whose last character is `count` further. */
function advanced(text: string, count: number): string {
  const last = text.codePointAt(text.length - (/[\udc00-\udfff]$/.test(text) ? 2 : 1)) ?? 0;
  const code = last + count;
  return (
    text.slice(0, text.length - (last > 0xffff ? 2 : 1)) +
    (code <= 0x10_ffff ? String.fromCodePoint(code) : '')
  );
}

/** The codes that an encoding maps to other characters: section 9.6.5.1. */
async function differences(document: PdfDocument, encoding: Dictionary): Promise<Map<number, string>> {
  const texts = new Map<number, string>();
  const list = await document.resolve(encoding.get('Differences'));
  let code = 0;
  for (const entry of isArray(list) ? list : []) {
    if (typeof entry === 'number') code = entry;
    if (!(entry instanceof Name)) continue;
    const text = characterOf(entry.name);
    if (text !== undefined) set(texts, code, text);
    code += 1;
  }
  return texts;
}

function characterOf(name: string): string | undefined {
  if (/^[A-Za-z]$/.test(name)) return name;
  const code = Number.parseInt(
    /^(?:uni([\dA-F]{4})|u([\dA-F]{4,6}))$/.exec(name)?.slice(1).find(Boolean) ?? '',
    16,
  );
  return code <= 0x10_ffff ? String.fromCodePoint(code) : glyphs.get(name);
}

interface Widths {
  readonly widths: ReadonlyMap<number, number>;
  readonly usualWidth: number;
}

async function simpleWidths(document: PdfDocument, font: Dictionary): Promise<Widths> {
  const list = await document.resolve(font.get('Widths'));
  const first = numberIn(font, 'FirstChar') ?? 0;
  const widths = new Map<number, number>();
  for (const [index, width] of (isArray(list) ? list.slice(0, 256) : []).entries()) {
    if (typeof width === 'number') widths.set(first + index, width);
  }
  const isFixed = nameIn(font, 'BaseFont').includes('Courier');
  return { widths, usualWidth: isFixed ? 600 : USUAL_WIDTH };
}

/** Of a font that consists of others: section 9.7.4.3. */
async function widthsOfParts(document: PdfDocument, font: Dictionary): Promise<Widths> {
  const parts = await document.resolve(font.get('DescendantFonts'));
  const part = await document.dictionary(isArray(parts) ? parts[0] : undefined);
  const list = await document.resolve(part.get('W'));
  const widths = new Map<number, number>();
  const values = isArray(list) ? list : [];
  for (let at = 0; at + 1 < values.length;) {
    const [first, second] = [values[at], await document.resolve(values[at + 1])];
    const width = values[at + 2];
    if (typeof first !== 'number') break;
    if (isArray(second)) {
      for (const [index, width] of second.entries())
        if (typeof width === 'number') setWidth(widths, first + index, width);
      at += 2;
    } else {
      if (typeof second !== 'number' || typeof width !== 'number') break;
      for (let code = first; code <= Math.min(second, 0xffff); code += 1) setWidth(widths, code, width);
      at += 3;
    }
  }
  return { widths, usualWidth: numberIn(part, 'DW') ?? FULL_WIDTH };
}

function setWidth(widths: Map<number, number>, code: number, width: number): void {
  if (widths.size < MAX_MAPPED_CODES) widths.set(code, width);
}
