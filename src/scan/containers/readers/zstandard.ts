/** A file that is compressed with Zstandard, of one or more frames. */
import type { StreamReader } from '../container.ts';
import { unzstd } from '../decoders/node-zlib.ts';
import { compressedName } from './compressed-name.ts';

export const zstandard: StreamReader = {
  needs: 'stream',
  async *read(content, name, limits) {
    yield { name: compressedName(name), content: unzstd(content, limits) };
  },
};
