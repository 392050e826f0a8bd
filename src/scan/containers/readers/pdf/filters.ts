/** The filters of streams (ISO 32000-2, section 7.4), each from pieces to pieces. Those of images are not decoded. */
import { Readable, pipeline } from 'node:stream';
import { constants, createInflate } from 'node:zlib';
import { type ByteSource, ContainerError } from '../../container.ts';
import { problemOf } from '../../text/problems.ts';
import { type Dictionary, numberIn } from './values.ts';

/** Decoders by the filter's name, and by its short name. */
export const filters: Readonly<Record<string, (source: ByteSource, parameters: Dictionary) => ByteSource>> = {
  FlateDecode: (source, parameters) => unpredicted(inflated(source), parameters),
  Fl: (source, parameters) => unpredicted(inflated(source), parameters),
  LZWDecode: (source, parameters) =>
    unpredicted(lzw(source, numberIn(parameters, 'EarlyChange') ?? 1), parameters),
  LZW: (source, parameters) => unpredicted(lzw(source, numberIn(parameters, 'EarlyChange') ?? 1), parameters),
  ASCII85Decode: (source) => ascii85(source),
  A85: (source) => ascii85(source),
  ASCIIHexDecode: (source) => asciiHex(source),
  AHx: (source) => asciiHex(source),
  RunLengthDecode: (source) => runLength(source),
  RL: (source) => runLength(source),
};

async function* inflated(source: ByteSource): ByteSource {
  // What is cut off is decoded as far as it goes.
  const inflate = createInflate({ finishFlush: constants.Z_SYNC_FLUSH, chunkSize: 32 * 1024 });
  pipeline(Readable.from(source, { objectMode: true, highWaterMark: 1 }), inflate, () => {});
  try {
    for await (const piece of inflate) yield Buffer.from(piece);
  } catch (error) {
    if (error instanceof ContainerError) throw error;
    throw new ContainerError('damaged', 'compressed data is not valid');
  } finally {
    inflate.destroy();
  }
}

/** Bytes of one piece, about. */
const MAX_PIECE_BYTES = 32 * 1024;
const LZW_CLEAR = 256;
const LZW_END = 257;
const LZW_CODES = 4096;

/** Section 7.4.4.2. */
async function* lzw(source: ByteSource, earlyChange: number): ByteSource {
  // A code stands for the code before it and one more byte.
  const before = new Uint16Array(LZW_CODES);
  const last = new Uint8Array(LZW_CODES);
  const lengths = new Uint16Array(LZW_CODES);
  for (let code = 0; code < 256; code += 1) {
    last[code] = code;
    lengths[code] = 1;
  }
  let [bits, bitCount, width, next, previous] = [0, 0, 9, 258, -1];
  for await (const piece of source) {
    const out: Buffer[] = [];
    let size = 0;
    for (const byte of piece) {
      bits = ((bits << 8) | byte) & 0xff_ffff;
      bitCount += 8;
      if (bitCount < width) continue;
      bitCount -= width;
      const code = (bits >> bitCount) & ((1 << width) - 1);
      if (code === LZW_END) {
        yield Buffer.concat(out);
        return;
      }
      if (code === LZW_CLEAR) {
        [width, next, previous] = [9, 258, -1];
        continue;
      }
      if (code > next || (code === next && previous < 0))
        throw new ContainerError('damaged', 'a code is not valid');
      if (previous >= 0 && next < LZW_CODES) {
        before[next] = previous;
        lengths[next] = (lengths[previous] ?? 0) + 1;
        last[next] = firstByte(code === next ? previous : code, before, last);
        next += 1;
      }
      const text = Buffer.alloc(lengths[code] ?? 0);
      for (let at = text.length - 1, current = code; at >= 0; at -= 1) {
        text[at] = last[current] ?? 0;
        current = before[current] ?? 0;
      }
      out.push(text);
      size += text.length;
      // A few bytes may stand for many.
      if (size > MAX_PIECE_BYTES) {
        yield Buffer.concat(out.splice(0));
        size = 0;
      }
      previous = code;
      const limit = next + earlyChange;
      width = limit >= 2048 ? 12 : limit >= 1024 ? 11 : limit >= 512 ? 10 : 9;
    }
    yield Buffer.concat(out);
  }
}

function firstByte(code: number, before: Uint16Array, last: Uint8Array): number {
  let current = code;
  while (current >= 258) current = before[current] ?? 0;
  return last[current] ?? 0;
}

async function* ascii85(source: ByteSource): ByteSource {
  let [value, count] = [0, 0];
  for await (const piece of source) {
    const out: number[] = [];
    for (const byte of piece) {
      if (byte === 0x7e) {
        yield Buffer.concat([Buffer.from(out), lastOf85(value, count)]);
        return;
      }
      if (byte === 0x7a && count === 0) out.push(0, 0, 0, 0);
      if (byte < 0x21 || byte > 0x75) continue;
      value = value * 85 + (byte - 0x21);
      count += 1;
      if (count < 5) continue;
      out.push((value / 2 ** 24) & 0xff, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff);
      [value, count] = [0, 0];
    }
    yield Buffer.from(out);
  }
  yield lastOf85(value, count);
}

function lastOf85(value: number, count: number): Buffer {
  if (count < 2) return Buffer.alloc(0);
  let padded = value;
  for (let index = count; index < 5; index += 1) padded = padded * 85 + 84;
  const bytes = [(padded / 2 ** 24) & 0xff, (padded >>> 16) & 0xff, (padded >>> 8) & 0xff];
  return Buffer.from(bytes.slice(0, count - 1));
}

async function* asciiHex(source: ByteSource): ByteSource {
  let rest = '';
  for await (const piece of source) {
    const text = Buffer.from(piece).toString('latin1');
    const end = text.indexOf('>');
    const digits = rest + (end < 0 ? text : text.slice(0, end)).replaceAll(/[^\da-f]/gi, '');
    const even = end < 0 ? digits.length & ~1 : digits.length;
    rest = digits.slice(even);
    yield Buffer.from(even % 2 === 0 ? digits.slice(0, even) : `${digits}0`, 'hex');
    if (end >= 0) return;
  }
}

async function* runLength(source: ByteSource): ByteSource {
  let [copied, repeated] = [0, 0];
  for await (const piece of source) {
    const out: Buffer[] = [];
    for (let at = 0; at < piece.length; at += 1) {
      const byte = piece[at] ?? 0;
      if (copied > 0) {
        const part = piece.subarray(at, at + copied);
        out.push(Buffer.from(part));
        copied -= part.length;
        at += part.length - 1;
      } else if (repeated > 0) {
        out.push(Buffer.alloc(repeated, byte));
        repeated = 0;
      } else if (byte < 128) copied = byte + 1;
      else if (byte > 128) repeated = 257 - byte;
      else {
        yield Buffer.concat(out);
        return;
      }
    }
    yield Buffer.concat(out);
  }
}

/** Reverts the filters of PNG, with which each row was written as its difference to the one before (section 7.4.4.4). */
async function* unpredicted(source: ByteSource, parameters: Dictionary): ByteSource {
  if ((numberIn(parameters, 'Predictor') ?? 1) < 10) {
    yield* source;
    return;
  }
  const bits = (numberIn(parameters, 'Colors') ?? 1) * (numberIn(parameters, 'BitsPerComponent') ?? 8);
  const rowBytes = Math.ceil((bits * (numberIn(parameters, 'Columns') ?? 1)) / 8);
  if (!(rowBytes > 0 && rowBytes < 1024 * 1024))
    throw new ContainerError('damaged', 'the size of a row is not valid');
  const left = Math.max(1, Math.ceil(bits / 8));
  let row: Buffer = Buffer.alloc(rowBytes);
  let rest: Buffer = Buffer.alloc(0);
  try {
    for await (const piece of source) {
      rest = Buffer.concat([rest, piece]);
      const rows: Buffer[] = [];
      let at = 0;
      for (; at + 1 + rowBytes <= rest.length; at += 1 + rowBytes) {
        row = pngRow(rest.readUInt8(at), rest.subarray(at + 1, at + 1 + rowBytes), row, left);
        rows.push(row);
      }
      rest = rest.subarray(at);
      yield Buffer.concat(rows);
    }
  } catch (error) {
    throw problemOf(error);
  }
}

function pngRow(type: number, bytes: Buffer, above: Buffer, left: number): Buffer {
  const row = Buffer.from(bytes);
  for (let at = 0; at < row.length; at += 1) {
    const a = at >= left ? (row[at - left] ?? 0) : 0;
    const b = above[at] ?? 0;
    const c = at >= left ? (above[at - left] ?? 0) : 0;
    const added = [0, a, b, (a + b) >> 1, paeth(a, b, c)][type] ?? 0;
    row[at] = ((row[at] ?? 0) + added) & 0xff;
  }
  return row;
}

function paeth(a: number, b: number, c: number): number {
  const [toA, toB, toC] = [Math.abs(b - c), Math.abs(a - c), Math.abs(a + b - 2 * c)];
  return toA <= toB && toA <= toC ? a : toB <= toC ? b : c;
}
