/** A file that is compressed with bzip2. */
import { unbzip2 } from '../decoders/bzip2.ts';
import { compressedFile } from './compressed-file.ts';

export const bzip2 = compressedFile(unbzip2);
