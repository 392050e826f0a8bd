/** What readers of documents and databases yield: text, as pieces of UTF-8. */
import type { ByteSource } from '../container.ts';
import { problemOf } from './problems.ts';

/** A piece is passed on when it has this many characters. */
const PIECE_CHARS = 32 * 1024;

/** Lines of text, each ended with a line feed, in pieces of some 32 KiB. If the lines end with an error, those before it are passed on first. */
export async function* textPieces(lines: Iterable<string> | AsyncIterable<string>): ByteSource {
  let text = '';
  try {
    for await (const line of lines) {
      text += line;
      text += '\n';
      if (text.length < PIECE_CHARS) continue;
      yield* pieces(text);
      text = '';
    }
  } catch (error) {
    yield* pieces(text);
    throw problemOf(error);
  }
  yield* pieces(text);
}

function* pieces(text: string): Generator<Buffer> {
  for (let at = 0; at < text.length;) {
    const end = endOfPiece(text, at);
    yield Buffer.from(text.slice(at, end));
    at = end;
  }
}

/** A pair of surrogates is not cut in two. */
function endOfPiece(text: string, at: number): number {
  const end = at + PIECE_CHARS;
  const isPair = end < text.length && (text.charCodeAt(end - 1) & 0xfc00) === 0xd800;
  return isPair ? end - 1 : end;
}
