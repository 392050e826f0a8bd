/**
 * Finds text that is encoded in a name: `%67hp_...`, or base64. Independent of the rules, so that it works before
 * they are loaded.
 */

/** A part of a text, and its decoded form, one character per byte. */
export interface EncodedPart {
  /** Offsets in the text: from the first character to the one after the last. */
  readonly start: number;
  readonly end: number;
  readonly decoded: string;
}

/** A name, or a path segment, that contains something percent-encoded. */
const PERCENT = /[^\\/\s]*%[0-9A-Fa-f]{2}[^\\/\s]*/g;
/** Base64 in either alphabet, as names can contain it; shorter strings are too short for a secret. */
const BASE64 = /[A-Za-z0-9+]{20,}={0,2}|[A-Za-z0-9_-]{20,}={0,2}/g;
/** Other words decode to a text that contains this once in 10^6 times. */
const READABLE = /[\t\r\n\x20-\x7e]{15,}/g;
/** No file system allows longer names. */
const MAX_DECODED_CHARS = 4096;

/** The encoded parts of a text that decode to printable text. */
export function encodedParts(text: string): EncodedPart[] {
  const parts = text.includes('%')
    ? Array.from(text.matchAll(PERCENT), ({ 0: part, index }) => partOf(part, index, unescaped(part)))
    : [];
  if (text.length > MAX_DECODED_CHARS) return parts;
  for (const { 0: part, index } of text.matchAll(BASE64)) {
    // Other characters may be joined to it, so it may begin at any of the four characters that encode three
    // bytes.
    for (let skipped = 0; skipped < 4; skipped += 1) {
      const decoded = Buffer.from(part.slice(skipped), 'base64').toString('latin1');
      for (const [readable] of decoded.matchAll(READABLE)) parts.push(partOf(part, index, readable));
    }
  }
  return parts;
}

function partOf(part: string, start: number, decoded: string): EncodedPart {
  return { start, end: start + part.length, decoded };
}

function unescaped(part: string): string {
  return part.replaceAll(/%([0-9A-Fa-f]{2})/g, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
}
