/** A file that is compressed with Brotli, which has no signature: only a name that ends in `.br` tells it. */
import type { StreamReader } from '../container.ts';
import { unbrotli } from '../decoders/node-zlib.ts';
import { compressedName } from './compressed-name.ts';

export const brotli: StreamReader = {
  needs: 'stream',
  async *read(content, name, limits) {
    yield { name: compressedName(name), content: unbrotli(content, limits) };
  },
};
