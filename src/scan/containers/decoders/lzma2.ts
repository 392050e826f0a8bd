/** LZMA2: chunks of LZMA or of plain bytes, each with its sizes; and LZMA with the header of its own. */
import { type ByteSource, ContainerError, type ReaderLimits } from '../container.ts';
import type { ByteReader } from '../byte-reader.ts';
import { stopIfOver } from '../limits.ts';
import { LzmaDecoder, type LzmaProperties, MAX_SYMBOL_BYTES, lzmaProperties } from './lzma.ts';
import { SlidingWindow } from './sliding-window.ts';

/** How much of the input is offered to the decoder at a time. */
const INPUT = 32_768;

/** The size of the dictionary that a byte stands for. @throws ContainerError if it is not valid */
export function lzma2Dictionary(byte: number): number {
  if (byte > 40) throw new ContainerError('damaged', 'size of the dictionary');
  return byte === 40 ? 0xff_ff_ff_ff : (2 | (byte & 1)) * 2 ** ((byte >> 1) + 11);
}

/** Decodes chunks up to the one that marks the end, and reads no further. */
export async function* lzma2(reader: ByteReader, dictionary: number, limits: ReaderLimits): ByteSource {
  const window = new SlidingWindow(dictionary, limits.memoryBytes);
  const decoder = new LzmaDecoder(window);
  let input = new Uint8Array(0);
  let [needsDictionary, needsProperties] = [true, true];
  for (;;) {
    stopIfOver(limits);
    const control = (await reader.take(1)).readUInt8();
    if (control === 0) return;
    const isPlain = control < 0x80;
    if (isPlain && control > 2) throw new ContainerError('damaged', 'kind of a chunk');
    if (control === 1 || control >= 0xe0) {
      window.forget();
      needsDictionary = false;
    }
    if (needsDictionary) throw new ContainerError('damaged', 'no dictionary');
    if (isPlain) {
      yield* plainChunk(reader, window);
      continue;
    }
    const sizes = await reader.take(4);
    const size = ((control & 0x1f) << 16) + sizes.readUInt16BE(0) + 1;
    const packed = sizes.readUInt16BE(2) + 1;
    if (control >= 0xc0) {
      const properties = lzmaProperties((await reader.take(1)).readUInt8());
      if (properties.lc + properties.lp > 4) throw new ContainerError('damaged', 'properties of LZMA2');
      decoder.resetProperties(properties);
      needsProperties = false;
    } else if (control >= 0xa0 && !needsProperties) {
      decoder.resetState();
    }
    if (needsProperties || packed < 5) throw new ContainerError('damaged', 'start of a chunk');
    if (input.length < packed + MAX_SYMBOL_BYTES) input = new Uint8Array(packed + MAX_SYMBOL_BYTES);
    input.set(await reader.take(packed));
    decoder.startRange(input.subarray(0, 5));
    window.limitTo(size);
    for (let at = 5; !window.isAtLimit;) {
      stopIfOver(limits);
      at = decoder.decode(input, at, packed);
      if (at > packed || decoder.isAtMarker) throw new ContainerError('damaged', 'end of a chunk');
      yield* window.takePieces();
    }
  }
}

async function* plainChunk(reader: ByteReader, window: SlidingWindow): ByteSource {
  const size = (await reader.take(2)).readUInt16BE() + 1;
  window.limitTo(size);
  const bytes = await reader.take(size);
  for (let at = 0; at < size;) {
    at += window.append(bytes.subarray(at));
    yield* window.takePieces();
  }
}

/** LZMA whose properties stand elsewhere. @param size of the output; undefined if an end marker follows it */
export async function* lzma(
  reader: ByteReader,
  { properties, dictionary, size }: { properties: LzmaProperties; dictionary: number; size?: number },
  limits: ReaderLimits,
): ByteSource {
  // The probabilities of literals count too: their number depends on the properties.
  const probabilities = 0x600 * 2 ** (properties.lc + properties.lp);
  if (probabilities > limits.memoryBytes / 2)
    throw new ContainerError('container-limit', 'size of the tables');
  const window = new SlidingWindow(
    Math.min(Math.max(dictionary, 4096), size ?? Infinity),
    limits.memoryBytes - probabilities,
  );
  const decoder = new LzmaDecoder(window);
  decoder.resetProperties(properties);
  decoder.startRange(await reader.take(5));
  if (size !== undefined) window.limitTo(size);
  const lastInput = new Uint8Array(2 * MAX_SYMBOL_BYTES);
  while (!window.isAtLimit && !decoder.isAtMarker) {
    stopIfOver(limits);
    if (await reader.fill(MAX_SYMBOL_BYTES + 1)) {
      const most = Math.min(reader.end, reader.start + INPUT);
      reader.start = decoder.decode(reader.buffer, reader.start, most - MAX_SYMBOL_BYTES);
    } else {
      const rest = reader.buffer.subarray(reader.start, reader.end);
      lastInput.set(rest);
      const used = decoder.decode(lastInput, 0, rest.length);
      if (used > rest.length) {
        yield* window.takePieces();
        throw reader.cutOff();
      }
      reader.start += used;
    }
    yield* window.takePieces();
  }
}
