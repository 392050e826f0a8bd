/** A text as the bytes of a file, in the encodings that editors and systems use. */
import type { Random } from '../shared/random.ts';

const utf16 = (text: string) => Buffer.from(text, 'utf16le');

const ENCODINGS: Readonly<Record<string, (text: string) => Buffer>> = {
  CRLF: (text) => Buffer.from(text.replaceAll('\n', '\r\n')),
  'UTF-8, marked': (text) => Buffer.from(`\ufeff${text}`),
  'UTF-16LE, marked': (text) => utf16(`\ufeff${text}`),
  'UTF-16BE, marked': (text) => utf16(`\ufeff${text}`).swap16(),
  'UTF-16LE': utf16,
  'UTF-16BE': (text) => utf16(text).swap16(),
};

/** One file in this many is not plain UTF-8. */
const UNUSUAL_IN = 6;

export function encoded(text: string, random: Random): { readonly encoding: string; readonly bytes: Buffer } {
  if (random.below(UNUSUAL_IN) !== 0) return { encoding: 'UTF-8', bytes: Buffer.from(text) };
  const [encoding, encode] = random.pick(Object.entries(ENCODINGS));
  return { encoding, bytes: encode(text) };
}
