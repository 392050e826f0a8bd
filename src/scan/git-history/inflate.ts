/** Decompresses git's objects. Their sizes are known beforehand, so none can take more memory than it says. */
import { Readable } from 'node:stream';
import { createInflate, inflateSync } from 'node:zlib';

/** Bytes that are compressed or decompressed at a time in a stream. */
const PIECE_BYTES = 64 * 1024;

/** It is no compressed data, or has another size than it says. */
export class BadData extends Error {}

/** Where compressed data are read. */
export interface ByteWindow {
  /** Up to so many bytes from a position: fewer only at the end. Valid until the next call. */
  bytesAt(position: number, length: number): Buffer;
}

/** The most that data of this size take when they are compressed: stored, in small blocks. */
function longest(size: number): number {
  return size + Math.ceil(size / 512) + 64;
}

/**
 * Data of a known size, and the number of their compressed bytes.
 * @throws BadData
 */
export function inflate(
  window: ByteWindow,
  position: number,
  size: number,
): { readonly content: Buffer; readonly length: number } {
  const input = window.bytesAt(position, longest(size));
  let inflated: ReturnType<typeof withInfo>;
  try {
    inflated = withInfo(input, size);
  } catch (error) {
    throw new BadData('invalid compressed data', { cause: error });
  }
  if (inflated.buffer.length !== size) throw new BadData('another size than it says');
  return { content: inflated.buffer, length: inflated.engine.bytesWritten };
}

/** @types/node does not know that `info` changes the result. */
function withInfo(input: Buffer, size: number): { buffer: Buffer; engine: { bytesWritten: number } } {
  const options = { info: true, maxOutputLength: Math.max(1, size), chunkSize: Math.max(64, size) };
  const result: unknown = inflateSync(input, options);
  if (isWithInfo(result)) return result;
  throw new TypeError('inflateSync has returned no information');
}

function isWithInfo(result: unknown): result is ReturnType<typeof withInfo> {
  return typeof result === 'object' && result !== null && 'buffer' in result && 'engine' in result;
}

/**
 * Data of any size, piece by piece.
 * @param onEnd called with the number of compressed bytes
 * @throws BadData while it is iterated
 */
export async function* inflateInPieces(
  window: ByteWindow,
  position: number,
  onEnd: (length: number) => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  const stream = createInflate({ chunkSize: PIECE_BYTES });
  const input = Readable.from(piecesOf(window, position));
  // What follows the data is ignored.
  input.pipe(stream);
  try {
    for await (const piece of stream) if (piece instanceof Uint8Array) yield piece;
  } catch (error) {
    throw new BadData('invalid compressed data', { cause: error });
  } finally {
    input.destroy();
    stream.destroy();
  }
  onEnd(stream.bytesWritten);
}

function* piecesOf(window: ByteWindow, position: number): Generator<Buffer, void, undefined> {
  for (let at = position; ;) {
    const piece = Buffer.from(window.bytesAt(at, PIECE_BYTES));
    at += piece.length;
    if (piece.length > 0) yield piece;
    if (piece.length < PIECE_BYTES) return;
  }
}
