/**
 * bzip2: blocks that are sorted (Burrows-Wheeler), moved to front, and coded with up to six Huffman codes. Node.js has no decoder for it.
 * The sums of the blocks are not compared: what is damaged is scanned too.
 */
import { type ByteSource, ContainerError, type ReaderLimits } from '../container.ts';
import type { ByteReader } from '../byte-reader.ts';
import { stopIfOver } from '../limits.ts';
import { BitReader } from './bit-reader.ts';
import { HuffmanCode } from './bzip2-huffman.ts';

const BLOCK = 0x31_41_59_26_53_59;
const END = 0x17_72_45_38_50_90;
const GROUP = 50;
const GROUPS_PER_CHECK = 256;
const MAX_SELECTORS = 18_002;
const PIECE = 65_536;
const LEVEL_BYTES = 100_000;

/** All streams that follow each other. */
export async function* unbzip2(reader: ByteReader, limits: ReaderLimits): ByteSource {
  const bits = new BitReader(reader);
  const block = new Block();
  const output = new Uint8Array(PIECE);
  do {
    stopIfOver(limits);
    const level = (await reader.take(4)).toString('latin1');
    if (!/^BZh[1-9]$/.test(level)) throw new ContainerError('damaged', 'header of a stream');
    const size = Number(level[3]) * LEVEL_BYTES;
    if (4 * size > limits.memoryBytes) throw new ContainerError('container-limit', 'size of the blocks');
    block.maxSize = size;
    for (;;) {
      stopIfOver(limits);
      await bits.fill(80);
      const magic = bits.take(24) * 2 ** 24 + bits.take(24);
      bits.take(32);
      if (magic === END) break;
      if (magic !== BLOCK) throw new ContainerError('damaged', 'start of a block');
      const { count, first, isRandom } = await readBlock(bits, block, limits);
      if (isRandom) throw new ContainerError('unsupported', 'a randomized block');
      yield* unsorted(block.numbers, { count, first, output }, limits);
    }
    bits.alignToByte();
  } while (!(await reader.atEnd()));
}

/** The memory for a block, which grows with what is in it. */
class Block {
  numbers = new Uint32Array(4096);
  maxSize = 0;

  /** Makes room. @throws ContainerError if the block is not that large */
  reserve(count: number): void {
    if (count > this.maxSize) throw new ContainerError('damaged', 'size of a block');
    if (count <= this.numbers.length) return;
    const before = this.numbers;
    this.numbers = new Uint32Array(Math.min(this.maxSize, Math.max(count, 2 * before.length)));
    this.numbers.set(before);
  }
}

/** Reads the bytes of a block, still sorted, into the lower eight bits of each number. */
async function readBlock(bits: BitReader, block: Block, limits: ReaderLimits) {
  await bits.fill(25 + 16 + 256 + 3 + 15);
  const isRandom = bits.take(1) === 1;
  const first = bits.take(24);
  const bytes = bytesInUse(bits);
  const { codes, selectors } = await readCodes(bits, bytes.length + 2);
  const endOfBlock = bytes.length + 1;
  const order = Uint8Array.from(bytes);
  let count = 0;
  let [run, weight] = [0, 1];
  for (const [group, selector] of selectors.entries()) {
    if (group % GROUPS_PER_CHECK === 0) stopIfOver(limits);
    const code = codes[selector];
    if (code === undefined) throw new ContainerError('damaged', 'a code of a block');
    await bits.fill(GROUP * 20);
    for (let n = 0; n < GROUP; n += 1) {
      const symbol = code.next(bits);
      if (symbol <= 1) {
        // The length of a run of the byte in front, in digits 1 and 2.
        run += weight << symbol;
        weight *= 2;
        if (run > block.maxSize) throw new ContainerError('damaged', 'a run of a block');
        continue;
      }
      if (run > 0) {
        block.reserve(count + run);
        block.numbers.fill(order[0] ?? 0, count, count + run);
        count += run;
        [run, weight] = [0, 1];
      }
      if (symbol === endOfBlock) {
        if (first >= count) throw new ContainerError('damaged', 'start of a block');
        return { count, first, isRandom };
      }
      if (count >= block.numbers.length) block.reserve(count + 1);
      const byte = order[symbol - 1] ?? 0;
      order.copyWithin(1, 0, symbol - 1);
      order[0] = byte;
      block.numbers[count] = byte;
      count += 1;
    }
  }
  throw new ContainerError('damaged', 'end of a block');
}

function bytesInUse(bits: BitReader): number[] {
  const groups = bits.take(16);
  const bytes: number[] = [];
  for (let group = 0; group < 16; group += 1) {
    if ((groups & (0x8000 >> group)) === 0) continue;
    const members = bits.take(16);
    for (let n = 0; n < 16; n += 1) if ((members & (0x8000 >> n)) !== 0) bytes.push(16 * group + n);
  }
  if (bytes.length === 0) throw new ContainerError('damaged', 'bytes of a block');
  return bytes;
}

/** The Huffman codes of a block, and which of them each group of symbols has. */
async function readCodes(bits: BitReader, symbols: number) {
  const codeCount = bits.take(3);
  const selectorCount = bits.take(15);
  if (codeCount < 2 || codeCount > 6 || selectorCount === 0)
    throw new ContainerError('damaged', 'codes of a block');
  const order = [0, 1, 2, 3, 4, 5];
  const selectors = new Uint8Array(Math.min(selectorCount, MAX_SELECTORS));
  for (let n = 0; n < selectorCount; n += 1) {
    if (n % 1024 === 0) await bits.fill(1024 * 6);
    let place = 0;
    while (place < codeCount && bits.take(1) === 1) place += 1;
    if (place >= codeCount) throw new ContainerError('damaged', 'codes of a block');
    const [code = 0] = order.splice(place, 1);
    order.unshift(code);
    // Some programs write more than there can be.
    if (n < selectors.length) selectors[n] = code;
  }
  const codes: HuffmanCode[] = [];
  for (let n = 0; n < codeCount; n += 1) {
    await bits.fill(5 + symbols * 42);
    codes.push(new HuffmanCode(codeLengths(bits, symbols)));
  }
  return { codes, selectors };
}

/** Each as the difference from the one before. */
function codeLengths(bits: BitReader, symbols: number): Uint8Array {
  let length = bits.take(5);
  return Uint8Array.from({ length: symbols }, () => {
    while (bits.take(1) === 1) {
      length += bits.take(1) === 0 ? 1 : -1;
      if (length < 1 || length > 20) break;
    }
    if (length < 1 || length > 20) throw new ContainerError('damaged', 'lengths of a code');
    return length;
  });
}

/** Restores the order of a block, and the runs: four equal bytes are followed by the number of those that follow. */
function* unsorted(
  block: Uint32Array,
  { count, first, output }: { count: number; first: number; output: Uint8Array },
  limits: ReaderLimits,
): Generator<Uint8Array> {
  const places = new Uint32Array(256);
  for (let n = 0; n < count; n += 1) {
    const byte = (block[n] ?? 0) & 0xff;
    places[byte] = (places[byte] ?? 0) + 1;
  }
  for (let byte = 0, start = 0; byte < 256; byte += 1) {
    const end = start + (places[byte] ?? 0);
    places[byte] = start;
    start = end;
  }
  for (let n = 0; n < count; n += 1) {
    const byte = (block[n] ?? 0) & 0xff;
    const place = places[byte] ?? 0;
    places[byte] = place + 1;
    block[place] = (block[place] ?? 0) | (n << 8);
  }
  let length = 0;
  let next = (block[first] ?? 0) >>> 8;
  let [before, equal] = [-1, 0];
  for (let n = 0; n < count; n += 1) {
    const entry = block[next] ?? 0;
    next = entry >>> 8;
    const byte = entry & 0xff;
    if (length + 256 > PIECE) {
      stopIfOver(limits);
      yield output.subarray(0, length);
      length = 0;
    }
    if (equal === 4) {
      output.fill(before, length, length + byte);
      length += byte;
      equal = 0;
      before = -1;
      continue;
    }
    equal = byte === before ? equal + 1 : 1;
    before = byte;
    output[length] = byte;
    length += 1;
  }
  if (length > 0) yield output.subarray(0, length);
}
