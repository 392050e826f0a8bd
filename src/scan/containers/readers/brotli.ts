/** A file that is compressed with Brotli, which has no signature. */
import { unbrotli } from '../decoders/node-zlib.ts';
import { compressedFile } from './compressed-file.ts';

export const brotli = compressedFile(unbrotli);
