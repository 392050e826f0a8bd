/** The texts and tags of an XML file that comes in pieces. Nothing is resolved but characters; no declaration is obeyed. */

/** Maximum length of a tag: what is longer counts as text. */
const MAX_TAG = 65_536;
/** Longer than any entity that is decoded. */
const MAX_ENTITY = 12;

export type XmlToken =
  | { readonly kind: 'text'; readonly text: string }
  /** `name` is without its prefix. */
  | { readonly kind: 'open'; readonly name: string; readonly tag: string }
  | { readonly kind: 'close'; readonly name: string };

export class XmlTokens {
  #rest = '';

  /** The tokens that are complete with the next piece of the file. */
  *push(piece: string): Generator<XmlToken> {
    yield* this.#read(this.#rest + piece, false);
  }

  /** What is left at the end. */
  *end(): Generator<XmlToken> {
    yield* this.#read(this.#rest, true);
  }

  *#read(text: string, isLast: boolean): Generator<XmlToken> {
    let at = 0;
    this.#rest = '';
    const ends = new TagEnds(text);
    while (at < text.length) {
      const tag = text.indexOf('<', at);
      const textEnd = tag < 0 ? text.length : tag;
      const until = tag < 0 && !isLast ? beforeEntity(text, at) : textEnd;
      if (until > at) yield { kind: 'text', text: decodeEntities(text.slice(at, until)) };
      if (tag < 0) {
        this.#rest = text.slice(until);
        return;
      }
      const end = ends.after(tag);
      if (end === undefined && !isLast && text.length - tag < MAX_TAG) {
        this.#rest = text.slice(tag);
        return;
      }
      if (end === undefined || end < 0) {
        yield { kind: 'text', text: '<' };
        at = tag + 1;
        continue;
      }
      yield* tokensOf(text.slice(tag, end));
      at = end;
    }
  }
}

/** Where the text ends before an entity that may be incomplete. */
function beforeEntity(text: string, start: number): number {
  const at = text.lastIndexOf('&');
  return at >= start && text.length - at < MAX_ENTITY && !text.includes(';', at) ? at : text.length;
}

/** Where tags end. */
class TagEnds {
  readonly #text: string;
  /** What closes comments and the like, and is not there any more. */
  readonly #missing = new Set<string>();

  constructor(text: string) {
    this.#text = text;
  }

  /** The place after a tag, a comment or a section of characters; undefined if its end is not there, and -1 if it is no tag. */
  after(start: number): number | undefined {
    for (const [opening, closing] of sections) {
      if (this.#text.startsWith(opening, start)) return this.#afterNext(closing, start + opening.length);
    }
    let quote = '';
    for (let at = start + 1; at < this.#text.length && at - start < MAX_TAG; at += 1) {
      const sign = this.#text.charAt(at);
      // Not allowed, not even in a value.
      if (sign === '<') return -1;
      if (quote !== '') {
        if (sign === quote) quote = '';
      } else if (sign === '"' || sign === "'") quote = sign;
      else if (sign === '>') return at + 1;
    }
    return undefined;
  }

  #afterNext(closing: string, start: number): number | undefined {
    const end = this.#missing.has(closing) ? -1 : this.#text.indexOf(closing, start);
    if (end >= 0) return end + closing.length;
    this.#missing.add(closing);
    return undefined;
  }
}

const sections = [
  ['<!--', '-->'],
  ['<![CDATA[', ']]>'],
  ['<?', '?>'],
] as const;

function* tokensOf(tag: string): Generator<XmlToken> {
  if (tag.startsWith('<![CDATA[')) {
    yield { kind: 'text', text: tag.slice(9, -3) };
    return;
  }
  const [, slash = '', name] = /^<(\/?)(?:[^\s/>:]+:)?([^\s/>:]+)/.exec(tag) ?? [];
  if (name === undefined || /^[!?]/.test(tag.slice(1))) return;
  if (slash === '') yield { kind: 'open', name, tag };
  if (slash !== '' || tag.endsWith('/>')) yield { kind: 'close', name };
}

/** The value of an attribute, whatever its prefix. */
export function attribute(tag: string, name: string): string | undefined {
  const [, one, other] = new RegExp(`[\\s:]${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(tag) ?? [];
  const value = one ?? other;
  return value === undefined ? undefined : decodeEntities(value);
}

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function decodeEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replaceAll(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|([a-z]{2,4}));/gi, (whole, hex, decimal, name) => {
    if (typeof name === 'string') return named[name] ?? whole;
    const code = typeof hex === 'string' ? Number.parseInt(hex, 16) : Number(decimal);
    return code <= 0x10_ff_ff ? String.fromCodePoint(code) : whole;
  });
}
