/** Compressed files that our own decoders read: each contains one file. */
import type { ByteSource, ReaderLimits, StreamReader } from '../container.ts';
import { ByteReader } from '../byte-reader.ts';
import { compressedName } from './compressed-name.ts';

/** Decodes what a reader delivers. */
type Decoder = (reader: ByteReader, limits: ReaderLimits) => ByteSource;

export function compressedFile(decoder: Decoder): StreamReader {
  return {
    needs: 'stream',
    async *read(content, name, limits) {
      yield { name: compressedName(name), content: decoded(content, decoder, limits) };
    },
  };
}

/** The decoded bytes of a source. */
export async function* decoded(source: ByteSource, decoder: Decoder, limits: ReaderLimits): ByteSource {
  const reader = new ByteReader(source, limits);
  try {
    yield* decoder(reader, limits);
  } finally {
    await reader.close();
  }
}
