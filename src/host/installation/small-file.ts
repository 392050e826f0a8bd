/** Reads small files of the system and of the agent, which nobody has named: a file that is not as expected is no error. */
import { closeSync, fstatSync, openSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { READ_AT_ONCE, openFolder, readRange, withoutLinks } from '../platform/index.ts';

/**
 * The text of a regular file. Undefined if there is none, if it cannot be read or is larger, or if its path contains a link of a user
 * other than root and this one.
 * @param path absolute
 */
export function smallFile(path: string, maxBytes: number): string | undefined {
  try {
    const place = withoutLinks(path);
    const folder = openFolder(dirname(place));
    try {
      return readRegular(folder.pathOf(basename(place)), maxBytes);
    } finally {
      folder.close();
    }
  } catch {
    return undefined;
  }
}

function readRegular(path: string, maxBytes: number): string | undefined {
  const descriptor = openSync(path, READ_AT_ONCE);
  try {
    if (!fstatSync(descriptor).isFile()) return undefined;
    const bytes = readRange(descriptor, maxBytes + 1);
    return bytes.length > maxBytes ? undefined : bytes.toString('utf8');
  } finally {
    closeSync(descriptor);
  }
}
