/** A file that is compressed with gzip, of one or more members. */
import { gunzip } from '../decoders/gzip.ts';
import { compressedFile } from './compressed-file.ts';

export const gzip = compressedFile(gunzip);
