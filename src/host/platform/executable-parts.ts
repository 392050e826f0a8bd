/**
 * The parts of the executable besides its first script, which are compiled on demand. In a single executable, they are Node's
 * assets; in a bundle that Node runs directly, they are files beside it.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { getRawAsset, isSea } from 'node:sea';

/**
 * The contents of a part, not copied in a single executable.
 * @throws Error when there is no such part
 */
export function executablePart(name: string): Buffer {
  return isSea() ? Buffer.from(getRawAsset(name)) : readFileSync(join(import.meta.dirname, name));
}

/** The same; undefined if there is no such part. */
export function optionalPart(name: string): Buffer | undefined {
  try {
    return executablePart(name);
  } catch {
    return undefined;
  }
}
