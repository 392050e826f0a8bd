/**
 * Counts line ends and characters in memory, sixteen bytes at a time: locating a match in the last of many chunks
 * requires counting the whole text, and a loop in JavaScript does 1 GB/s where the search does ten.
 */
import { type Code, Locals, assembleModule, block, br_if, i32, i8x16, loop, v128 } from './wasm-assembler.ts';

/** What can be counted: by a comparison of sixteen bytes, and of one. */
const countable = {
  /** Line feeds. */
  lineEnds: {
    sixteen: (bytes: Code) => i8x16.eq(bytes, v128.splat(0x0a)),
    one: (byte: number) => byte === 0x0a,
  },
  /** Bytes of UTF-8 that begin no character: 0x80 to 0xbf. */
  inner: {
    sixteen: (bytes: Code) => i8x16.lt_s(bytes, v128.splat(0xc0)),
    one: (byte: number) => (byte & 0xc0) === 0x80,
  },
  /** Bytes of UTF-8 that begin a character of four bytes, or would: two code units of UTF-16. */
  beginsFour: {
    sixteen: (bytes: Code) => i8x16.gt_u(bytes, v128.splat(0xef)),
    one: (byte: number) => byte >= 0xf0,
  },
} as const;

export type Countable = keyof typeof countable;

/** `run(start, end)` counts from one address to before the other; `end - start` is a multiple of sixteen. */
export function counterKernel(what: Countable): Uint8Array<ArrayBuffer> {
  const locals = new Locals();
  const [position, end] = locals.parameters;
  const count = locals.new('i32');
  const bits: Code = i8x16.bitmask(countable[what].sixteen(v128.load(position.get)));
  return assembleModule(locals, [
    block(
      loop(
        br_if(1, i32.ge_u(position.get, end.get)),
        count.set(i32.add(count.get, i32.popcnt(bits))),
        br_if(0, i32.lt_u(position.tee(i32.add(position.get, i32.const(16))), end.get)),
      ),
    ),
    count.get,
  ]);
}

/** The same, in JavaScript. */
export function countBytes(what: Countable, bytes: Uint8Array, start: number, end: number): number {
  const { one } = countable[what];
  let count = 0;
  for (let index = start; index < end; index += 1) if (one(bytes[index] ?? 0)) count += 1;
  return count;
}
