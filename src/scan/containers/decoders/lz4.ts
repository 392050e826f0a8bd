/** LZ4 frames: blocks of literals and of matches that reach back 64 KiB. The sums are not compared: what is damaged is scanned too. */
import { type ByteSource, ContainerError, type ReaderLimits } from '../container.ts';
import type { ByteReader } from '../byte-reader.ts';
import { stopIfOver } from '../limits.ts';
import { SlidingWindow } from './sliding-window.ts';

const FRAME = 0x18_4d_22_04;
const LEGACY_FRAME = 0x18_4c_21_02;
const LEGACY_BLOCK = 8 * 2 ** 20;
const FIRST_SKIPPABLE = 0x18_4d_2a_50;
const WINDOW = 65_536;

/** All frames that follow each other. */
export async function* unlz4(reader: ByteReader, limits: ReaderLimits): ByteSource {
  do {
    stopIfOver(limits);
    const magic = (await reader.take(4)).readUInt32LE();
    if (magic === FRAME) yield* frame(reader, limits);
    else if (magic === LEGACY_FRAME) yield* legacyFrame(reader, limits);
    else if ((magic & ~15) >>> 0 === FIRST_SKIPPABLE)
      await reader.skip((await reader.take(4)).readUInt32LE());
    else throw new ContainerError('damaged', 'start of a frame');
  } while (!(await reader.atEnd()));
}

async function* frame(reader: ByteReader, limits: ReaderLimits): ByteSource {
  const flags = (await reader.take(1)).readUInt8();
  const blockSize = 2 ** (8 + 2 * (((await reader.take(1)).readUInt8() >> 4) & 7));
  if (flags >> 6 !== 1 || blockSize < WINDOW) throw new ContainerError('unsupported', 'version of a frame');
  if ((flags & 1) !== 0) throw new ContainerError('unsupported', 'a dictionary outside the file');
  await reader.skip(((flags & 8) === 0 ? 0 : 8) + 1);
  const [isIndependent, blockSum, contentSum] = [flags & 0x20, flags & 0x10, flags & 0x04];
  const window = new SlidingWindow(WINDOW, limits.memoryBytes);
  for (;;) {
    stopIfOver(limits);
    const header = (await reader.take(4)).readUInt32LE();
    if (header === 0) break;
    const size = header & 0x7f_ff_ff_ff;
    if (size > blockSize) throw new ContainerError('damaged', 'size of a block');
    if (isIndependent !== 0) window.forget();
    window.limitTo(blockSize);
    if (header >>> 31 === 1) yield* plain(reader, size, window, limits);
    else yield* block(reader, size, window, limits);
    if (blockSum !== 0) await reader.skip(4);
  }
  if (contentSum !== 0) await reader.skip(4);
}

/** What `lz4 -l` and Linux kernels have: blocks until the end, or until another frame starts. */
async function* legacyFrame(reader: ByteReader, limits: ReaderLimits): ByteSource {
  while (!(await reader.atEnd())) {
    stopIfOver(limits);
    const next = await reader.peek(4);
    if (next.length === 4 && [FRAME, LEGACY_FRAME].includes(next.readUInt32LE())) return;
    const window = new SlidingWindow(WINDOW, limits.memoryBytes);
    window.limitTo(LEGACY_BLOCK);
    yield* block(reader, (await reader.take(4)).readUInt32LE(), window, limits);
  }
}

/** Decodes one block, of which all bytes are held at once. @param size of it in the file */
async function* block(
  reader: ByteReader,
  size: number,
  window: SlidingWindow,
  limits: ReaderLimits,
): ByteSource {
  if (size > 0.6 * limits.memoryBytes) throw new ContainerError('container-limit', 'size of a block');
  const isWhole = await reader.fill(size);
  const bytes = reader.piece(size);
  let at = 0;
  const long = (start: number) => {
    // 15 is continued in bytes until one is less than 255.
    let length = start;
    for (let byte = start === 15 ? 255 : 0; byte === 255; length += byte) byte = bytes[at++] ?? 0;
    return length;
  };
  while (at < bytes.length) {
    const token = bytes[at++] ?? 0;
    for (let left = long(token >> 4); left > 0;) {
      const taken = window.append(bytes.subarray(at, at + left));
      at += taken;
      left -= taken;
      if (window.isFull) yield* pieces(window, limits);
      else if (taken === 0) break;
    }
    if (at + 2 > bytes.length) break;
    const distance = (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
    at += 2;
    if (distance === 0) throw new ContainerError('damaged', 'distance of a match');
    for (let left = 4 + long(token & 15); left > 0;) {
      const length = Math.min(left, WINDOW);
      window.copy(distance, length);
      left -= length;
      if (window.isFull) yield* pieces(window, limits);
    }
  }
  yield* window.takePieces();
  if (!isWhole) throw reader.cutOff();
}

function* pieces(window: SlidingWindow, limits: ReaderLimits): Generator<Uint8Array> {
  stopIfOver(limits);
  yield* window.takePieces();
}

/** A block that is not compressed. */
async function* plain(
  reader: ByteReader,
  size: number,
  window: SlidingWindow,
  limits: ReaderLimits,
): ByteSource {
  for (let left = size; left > 0;) {
    if (reader.start === reader.end && !(await reader.fill(1))) throw reader.cutOff();
    const taken = window.append(
      reader.buffer.subarray(reader.start, Math.min(reader.end, reader.start + left)),
    );
    reader.start += taken;
    left -= taken;
    yield* pieces(window, limits);
  }
}
