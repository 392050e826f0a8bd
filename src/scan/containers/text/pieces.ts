/** Pieces of bytes that are at hand without waiting, as the content of an entry. */
import type { ByteSource } from '../container.ts';
import { problemOf } from './problems.ts';

/** @param make called when the content is read; its errors about the data end the content */
// eslint-disable-next-line require-await
export async function* piecesOf(make: () => Iterable<Uint8Array>): ByteSource {
  try {
    yield* make();
  } catch (error) {
    throw problemOf(error);
  }
}
