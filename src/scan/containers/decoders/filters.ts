/** Filters that change bytes without compressing them, so that LZMA compresses them better: differences, and jumps of x86 programs. */
import type { ByteSource } from '../container.ts';

/** Restores bytes that were stored as the difference from the one at a distance. */
export async function* undelta(source: ByteSource, distance: number): ByteSource {
  const before = new Uint8Array(distance);
  let at = 0;
  for await (const piece of source) {
    const bytes = Uint8Array.from(piece);
    for (let index = 0; index < bytes.length; index += 1) {
      const byte = ((bytes[index] ?? 0) + (before[at] ?? 0)) & 0xff;
      bytes[index] = byte;
      before[at] = byte;
      at = at + 1 === distance ? 0 : at + 1;
    }
    yield bytes;
  }
}

/** Restores relative addresses of calls and jumps that were stored as absolute ones. */
export async function* unfilterX86(source: ByteSource): ByteSource {
  const filter = new X86Filter();
  let rest = new Uint8Array(0);
  for await (const piece of source) {
    const bytes = new Uint8Array(rest.length + piece.length);
    bytes.set(rest);
    bytes.set(piece, rest.length);
    const done = filter.restore(bytes);
    if (done > 0) yield bytes.subarray(0, done);
    rest = bytes.slice(done);
  }
  if (rest.length > 0) yield rest;
}

/** Which bytes before an instruction look like its beginning: not every combination can be one, and each tells which byte decides. */
const ALLOWED = [true, true, true, false, true, false, false, false];
const DECISIVE = [0, 1, 2, 2, 3, 3, 3, 3];
const INSTRUCTION = 5;

class X86Filter {
  #position = 0;
  #mask = 0;

  /** Changes bytes in place. @returns how many are final: the rest must be given again, with more */
  restore(bytes: Uint8Array): number {
    let at = 0;
    let before = -1;
    let mask = this.#mask;
    for (; at + INSTRUCTION <= bytes.length; at += 1) {
      if (((bytes[at] ?? 0) & 0xfe) !== 0xe8) continue;
      const distance = at - before;
      mask = distance > 3 ? 0 : (mask << (distance - 1)) & 7;
      before = at;
      const decisive = bytes[at + 4 - (DECISIVE[mask] ?? 0)] ?? 0;
      if (mask !== 0 && (ALLOWED[mask] !== true || isSign(decisive))) {
        mask = (mask << 1) | 1;
      } else if (isSign(bytes[at + 4] ?? 0)) {
        const view = new DataView(bytes.buffer, bytes.byteOffset + at + 1, 4);
        view.setUint32(0, relative(view.getUint32(0, true), this.#position + at + INSTRUCTION, mask), true);
        at += 4;
      } else {
        mask = (mask << 1) | 1;
      }
    }
    const distance = at - before;
    this.#mask = distance > 3 ? 0 : mask << (distance - 1);
    this.#position += at;
    return at;
  }
}

function relative(address: number, position: number, mask: number): number {
  let source = address;
  for (;;) {
    const target = (source - position) >>> 0;
    const shift = 8 * (DECISIVE[mask] ?? 0);
    if (mask === 0 || !isSign((target >>> (24 - shift)) & 0xff)) {
      const low = target & 0x01_ff_ff_ff;
      return (low | -(low & 0x01_00_00_00)) >>> 0;
    }
    source = (target ^ (2 ** (32 - shift) - 1)) >>> 0;
  }
}

/** The highest byte of an address in a program of less than 16 MiB. */
function isSign(byte: number): boolean {
  return byte === 0 || byte === 0xff;
}
