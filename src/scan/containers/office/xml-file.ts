/** Reads the tokens of an XML file in UTF-8 or, with a byte-order mark, in UTF-16. */
import type { ByteSource } from '../container.ts';
import { type XmlToken, XmlTokens } from './xml-tokens.ts';

/** The tokens of each piece of the file, and an empty list when its end is reached. */
export async function* tokensIn(content: ByteSource): AsyncIterable<Iterable<XmlToken>> {
  let decoder: TextDecoder | undefined;
  const tokens = new XmlTokens();
  for await (const piece of content) {
    decoder ??= new TextDecoder(encodingOf(piece));
    yield tokens.push(decoder.decode(piece, { stream: true }));
  }
  yield tokens.push(decoder?.decode() ?? '');
  yield tokens.end();
}

function encodingOf(start: Uint8Array): string {
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le';
  return start[0] === 0xfe && start[1] === 0xff ? 'utf-16be' : 'utf-8';
}
