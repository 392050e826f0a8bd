/** Detects which kernel this machine supports, by running a few instructions on known bytes. */
import { Locals, assembleModule, i32, i8x16, v128 } from './wasm-assembler.ts';

/**
 * `relaxed`: SIMD with look-ups that behave as on x64. `plain`: standard SIMD, on all systems. `scalar`: JavaScript
 * only, for processors without SIMD and systems that allow no code at run time.
 */
export type Kernel = 'relaxed' | 'plain' | 'scalar';

let known: Kernel | undefined;

/** The fastest kernel of this machine. Takes less than a millisecond the first time. */
export function kernelOfMachine(): Kernel {
  known ??= probe();
  return known;
}

function probe(): Kernel {
  try {
    if (swizzles(i8x16.relaxed_swizzle, (byte) => (byte < 0x80 ? (byte & 15) + 1 : 0))) return 'relaxed';
  } catch {
    // No relaxed SIMD.
  }
  try {
    if (swizzles(i8x16.swizzle, (byte) => (byte < 16 ? byte + 1 : 0))) return 'plain';
  } catch {
    // No SIMD, or no WebAssembly.
  }
  return 'scalar';
}

/** Whether looking up every byte in a table of 1 to 16 gives the expected result. */
function swizzles(lookUp: typeof i8x16.swizzle, expected: (byte: number) => number): boolean {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const locals = new Locals();
  const [from, to] = locals.parameters;
  const table = v128.load(i32.const(0));
  const module = new WebAssembly.Module(
    assembleModule(locals, [v128.store(to.get, lookUp(table, v128.load(from.get))), i32.const(0)]),
  );
  const { run } = new WebAssembly.Instance(module, { host: { memory, drain: () => undefined } }).exports;
  if (typeof run !== 'function') return false;
  const bytes = new Uint8Array(memory.buffer);
  for (let index = 0; index < 16; index += 1) bytes[index] = index + 1;
  for (let byte = 0; byte < 256; byte += 1) bytes[256 + byte] = byte;
  for (let offset = 0; offset < 256; offset += 16) run(256 + offset, 512 + offset);
  return bytes.subarray(512, 768).every((result, byte) => result === expected(byte));
}
