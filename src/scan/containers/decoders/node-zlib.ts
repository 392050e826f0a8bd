/**
 * The formats that Node.js decompresses: bounded by what one piece of output takes, whatever the input says. Of data that is damaged, and
 * not just cut off, the last piece before the damage is lost, because Node.js does not deliver it.
 */
import {
  constants,
  createBrotliDecompress,
  createInflateRaw,
  createZstdDecompress,
  inflateRawSync,
} from 'node:zlib';
import type { ByteReader } from '../byte-reader.ts';
import { type ByteSource, ContainerError, type ContainerGap, type ReaderLimits } from '../container.ts';
import { stopIfOver } from '../limits.ts';

const PIECE = 65_536;
/** What is decoded at once at most. */
const MAX_WHOLE = 2 ** 20;

type Engine = ReturnType<typeof createInflateRaw | typeof createZstdDecompress>;

/** A deflate stream without a header. Bytes after its end are left in the reader. */
export function inflateRaw(reader: ByteReader, limits: ReaderLimits): ByteSource {
  return decompress(createInflateRaw({ chunkSize: PIECE }), reader, limits);
}

/** All frames of a Zstandard file. A frame whose window is larger than the memory is refused. */
export async function* unzstd(reader: ByteReader, limits: ReaderLimits): ByteSource {
  const windowLog = Math.min(27, Math.max(10, Math.floor(Math.log2(limits.memoryBytes))));
  const params = { [constants.ZSTD_d_windowLogMax]: windowLog };
  yield* decompress(createZstdDecompress({ chunkSize: PIECE, params }), reader, limits);
  await expectEnd(reader);
}

/** A Brotli stream; its window is at most 16 MiB. */
export async function* unbrotli(reader: ByteReader, limits: ReaderLimits): ByteSource {
  yield* decompress(createBrotliDecompress({ chunkSize: PIECE }), reader, limits);
  await expectEnd(reader);
}

async function expectEnd(reader: ByteReader): Promise<void> {
  if (!(await reader.atEnd())) throw new ContainerError('damaged', 'bytes after the end');
}

/** A small deflate stream at once, in a fraction of the time. @returns undefined if it is damaged or not that small */
export function inflateSmall(bytes: Uint8Array): Buffer | undefined {
  try {
    return inflateRawSync(bytes, { maxOutputLength: PIECE });
  } catch {
    return undefined;
  }
}

/**
 * A deflate stream at once, and how many of the bytes it takes.
 * @returns undefined if it is damaged, or does not end in these bytes, or contains too much
 */
export function inflateWhole(bytes: Uint8Array): { pieces: Buffer[]; length: number } | undefined {
  try {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- The types do not know what `info` returns.
    const { buffer, engine } = inflateRawSync(bytes, {
      chunkSize: PIECE,
      maxOutputLength: MAX_WHOLE,
      info: true,
    }) as unknown as { buffer: Buffer; engine: { bytesWritten: number } };
    const pieces: Buffer[] = [];
    for (let at = 0; at < buffer.length; at += PIECE) pieces.push(buffer.subarray(at, at + PIECE));
    return { pieces, length: engine.bytesWritten };
  } catch {
    return undefined;
  }
}

/**
 * Passes what is in a reader through an engine. What was decoded before an error is delivered before it is thrown, which iterating over
 * the stream would not do.
 */
async function* decompress(engine: Engine, reader: ByteReader, limits: ReaderLimits): ByteSource {
  let failure: Error | undefined;
  let wake = () => {};
  engine.on('error', (error) => {
    failure ??= error;
  });
  for (const event of ['readable', 'end', 'close']) engine.on(event, () => wake());
  const feeding = feed(engine, reader);
  try {
    for (;;) {
      stopIfOver(limits);
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- A stream of bytes has no encoding.
      const piece = engine.read() as Buffer | null;
      if (piece !== null) {
        yield piece;
        continue;
      }
      if (engine.readableEnded || engine.destroyed) break;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  } finally {
    engine.destroy();
    // Whoever owns the reader may go on with it only when it is no longer read here.
    await feeding;
  }
  const error = await feeding;
  if (error !== undefined) throw error;
  if (failure !== undefined) throw new ContainerError(reasonFor(failure), failure.message);
}

/** Never rejects. @returns why the input ended early, if it did */
async function feed(engine: Engine, reader: ByteReader): Promise<unknown> {
  let written = 0;
  // A write that fails is not reported as done.
  let done = () => {};
  engine.on('close', () => done());
  try {
    while (!engine.destroyed && engine.bytesWritten === written && !(await reader.atEnd())) {
      const piece = reader.piece(PIECE);
      written += piece.length;
      await new Promise<void>((resolve) => {
        done = resolve;
        engine.write(piece, () => resolve());
        if (engine.destroyed) resolve();
      });
    }
    // What the engine did not need belongs to what follows.
    reader.start -= Math.min(reader.start, written - engine.bytesWritten);
    return undefined;
  } catch (error) {
    return error;
  } finally {
    engine.end();
  }
}

function reasonFor(error: Error & { code?: string }): ContainerGap {
  return error.code === 'ZSTD_error_frameParameter_windowTooLarge' ? 'container-limit' : 'damaged';
}
