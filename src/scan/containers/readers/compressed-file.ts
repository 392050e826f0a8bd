/** Compressed files that our own decoders read: each contains one file. */
import type { ByteSource, ReaderLimits, StreamReader } from '../container.ts';
import { type ByteReader, readFrom } from '../byte-reader.ts';
import { compressedName } from './compressed-name.ts';

/** Decodes what a reader delivers. */
type Decoder = (reader: ByteReader, limits: ReaderLimits) => ByteSource;

export function compressedFile(decoder: Decoder): StreamReader {
  return {
    needs: 'stream',
    async *read(content, name, limits) {
      yield { name: compressedName(name), content: readFrom(content, decoder, limits) };
    },
  };
}
