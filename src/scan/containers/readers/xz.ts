/** A file that is compressed with xz. */
import { unxz } from '../decoders/xz.ts';
import { compressedFile } from './compressed-file.ts';

export const xz = compressedFile(unxz);
