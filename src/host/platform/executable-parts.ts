/**
 * What the executable carries beside its first script: texts that are compiled on demand. Node keeps them as assets of a single
 * executable; a bundle that Node runs by itself has them in files beside it.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { getRawAsset, isSea } from 'node:sea';

/**
 * Not copied where the executable has it.
 * @throws Error when there is no such part
 */
export function executablePart(name: string): Buffer {
  return isSea() ? Buffer.from(getRawAsset(name)) : readFileSync(join(import.meta.dirname, name));
}

/** The same; undefined where there is no such part. */
export function optionalPart(name: string): Buffer | undefined {
  try {
    return executablePart(name);
  } catch {
    return undefined;
  }
}
