/** A file that is compressed with LZ4. */
import { unlz4 } from '../decoders/lz4.ts';
import { compressedFile } from './compressed-file.ts';

export const lz4 = compressedFile(unlz4);
