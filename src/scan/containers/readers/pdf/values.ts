/** The values of PDF (ISO 32000-2, section 7.3). Strings are JavaScript strings with one character for each byte. */

export type PdfValue =
  | null
  | boolean
  | number
  | string
  | Name
  | Reference
  | Operator
  | PdfStream
  | readonly PdfValue[]
  | Dictionary;

export type Dictionary = ReadonlyMap<string, PdfValue>;

export class Name {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

export class Reference {
  readonly number: number;
  constructor(number: number) {
    this.number = number;
  }
}

/** A word that is not a value: an operator of a page's content, or a keyword such as `endobj`. */
export class Operator {
  readonly word: string;
  constructor(word: string) {
    this.word = word;
  }
}

/** A stream in the file: its bytes are read and decoded when they are needed. */
export class PdfStream {
  readonly dictionary: Dictionary;
  /** The place of its bytes in the file. */
  readonly from: number;
  readonly length: number;
  /** The object's number and generation, on which decryption depends. */
  readonly id: ObjectId;
  constructor(dictionary: Dictionary, from: number, length: number, id: ObjectId) {
    this.dictionary = dictionary;
    this.from = from;
    this.length = length;
    this.id = id;
  }
}

export interface ObjectId {
  readonly number: number;
  readonly generation: number;
}

export function isDictionary(value: PdfValue | undefined): value is Dictionary {
  return value instanceof Map;
}

export function isArray(value: PdfValue | undefined): value is readonly PdfValue[] {
  return Array.isArray(value);
}

/** The name that an entry has as its value, or an empty text. */
export function nameIn(dictionary: Dictionary, key: string): string {
  const value = dictionary.get(key);
  return value instanceof Name ? value.name : '';
}

export function numberIn(dictionary: Dictionary, key: string): number | undefined {
  const value = dictionary.get(key);
  return typeof value === 'number' ? value : undefined;
}

/** A text string (section 7.9.2.2): UTF-16 or UTF-8 with a mark, or an encoding like Latin-1. */
export function textOfString(value: string): string {
  if (value.startsWith('\xfe\xff'))
    return Buffer.from(value.slice(2, value.length & ~1), 'latin1')
      .swap16()
      .toString('utf16le');
  if (value.startsWith('\xff\xfe')) return Buffer.from(value.slice(2), 'latin1').toString('utf16le');
  return value.startsWith('\xef\xbb\xbf') ? Buffer.from(value.slice(3), 'latin1').toString() : value;
}
