/** The formats that Node.js decompresses: bounded by what one piece of output takes, whatever the input says. */
import {
  constants,
  createBrotliDecompress,
  createGunzip,
  createInflateRaw,
  createZstdDecompress,
} from 'node:zlib';
import { type ByteSource, ContainerError, type ContainerGap, type ReaderLimits } from '../container.ts';
import { stopIfOver } from '../limits.ts';

const PIECE = 65_536;

type Engine = ReturnType<typeof createGunzip | typeof createZstdDecompress>;

/** All members of a gzip file; zeros after its end are padding, and anything else there is damage. */
export function gunzip(source: ByteSource, limits: ReaderLimits): ByteSource {
  return decompress(() => createGunzip({ chunkSize: PIECE }), source, limits, { isRestPadding: true });
}

/** A deflate stream without a header; bytes after its end are ignored. */
export function inflateRaw(source: ByteSource, limits: ReaderLimits): ByteSource {
  return decompress(() => createInflateRaw({ chunkSize: PIECE }), source, limits, { isRestPadding: true });
}

/** All frames of a Zstandard file. A frame whose window is larger than the memory is refused. */
export function unzstd(source: ByteSource, limits: ReaderLimits): ByteSource {
  const windowLog = Math.min(27, Math.max(10, Math.floor(Math.log2(limits.memoryBytes))));
  const params = { [constants.ZSTD_d_windowLogMax]: windowLog };
  return decompress(() => createZstdDecompress({ chunkSize: PIECE, params }), source, limits);
}

/** A Brotli stream; its window is at most 16 MiB. */
export function unbrotli(source: ByteSource, limits: ReaderLimits): ByteSource {
  return decompress(() => createBrotliDecompress({ chunkSize: PIECE }), source, limits);
}

/**
 * Passes a source through an engine. What was decoded before an error is delivered before it is thrown, which iterating over the stream
 * would not do.
 */
async function* decompress(
  create: () => Engine,
  source: ByteSource,
  limits: ReaderLimits,
  { isRestPadding = false } = {},
): ByteSource {
  const engine = create();
  let failure: Error | undefined;
  let wake = () => {};
  engine.on('error', (error) => {
    failure ??= error;
  });
  for (const event of ['readable', 'end', 'close']) engine.on(event, () => wake());
  const feeding = feed(engine, source);
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
    // Whoever owns the source may go on with it only when it is no longer read here.
    await feeding;
  }
  const { written, error } = await feeding;
  if (error !== undefined) throw error;
  if (failure !== undefined) throw new ContainerError(reasonFor(failure), failure.message);
  if (!isRestPadding && engine.bytesWritten < written) {
    throw new ContainerError('damaged', 'bytes after the end of the compressed data');
  }
}

/** Never rejects. @returns the number of bytes that were written, and what the source threw */
async function feed(engine: Engine, source: ByteSource): Promise<{ written: number; error?: unknown }> {
  let written = 0;
  try {
    for await (const piece of source) {
      written += piece.length;
      const failed = await new Promise<boolean>((resolve) => {
        engine.write(piece, (error) => resolve(error !== undefined && error !== null));
      });
      if (failed || engine.bytesWritten < written) break;
    }
    return { written };
  } catch (error) {
    return { written, error };
  } finally {
    engine.end();
  }
}

function reasonFor(error: Error & { code?: string }): ContainerGap {
  return error.code === 'ZSTD_error_frameParameter_windowTooLarge' ? 'container-limit' : 'damaged';
}
