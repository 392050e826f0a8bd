/** Reads a part of an open file. */
import { readSync } from 'node:fs';

/**
 * Reads bytes, fewer only where the file ends. Blocks.
 * @param length bytes
 * @param from the offset of the first byte; by default, the descriptor's own position
 * @throws the system's error
 */
export function readRange(descriptor: number, length: number, from?: number): Buffer {
  const bytes = Buffer.alloc(length);
  let filled = 0;
  for (let count = -1; count !== 0 && filled < length; filled += count) {
    count = readSync(descriptor, bytes, filled, length - filled, from === undefined ? null : from + filled);
  }
  return bytes.subarray(0, filled);
}
