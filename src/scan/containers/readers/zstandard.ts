/** A file that is compressed with Zstandard, of one or more frames. */
import { unzstd } from '../decoders/node-zlib.ts';
import { compressedFile } from './compressed-file.ts';

export const zstandard = compressedFile(unzstd);
