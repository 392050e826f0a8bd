/** A file that is compressed with gzip, of one or more members. */
import type { StreamReader } from '../container.ts';
import { gunzip } from '../decoders/node-zlib.ts';
import { compressedName } from './compressed-name.ts';

export const gzip: StreamReader = {
  needs: 'stream',
  async *read(content, name, limits) {
    yield { name: compressedName(name), content: gunzip(content, limits) };
  },
};
