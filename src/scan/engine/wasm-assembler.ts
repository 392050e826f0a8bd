/**
 * A small assembler for WebAssembly: functions named as in the text format that return the bytes of the binary
 * format. Supports only the instructions that the kernel needs; checks nothing, since the WebAssembly engine does
 * when it compiles.
 * Source: https://webassembly.github.io/spec/core/binary/ (3.0, which includes relaxed SIMD).
 */

/** Encoded instructions, nested as they were written. */
export type Code = number | readonly Code[];

type Unary = (value: Code) => Code;
type Binary = (left: Code, right: Code) => Code;
/** `offset` is added to the address. */
type Load = (address: Code, offset?: number) => Code;
type Store = (address: Code, value: Code, offset?: number) => Code;

/** LEB128, for indices and offsets. */
function unsigned(value: number): Code {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7f; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
  return [...bytes, rest];
}

/** LEB128 with a sign, for constants: 32 bits, which is enough for the 64-bit ones used here. */
function signed(value: number): Code {
  const bytes: number[] = [];
  let rest = value | 0;
  while (rest < -64 || rest > 63) {
    bytes.push((rest & 0x7f) | 0x80);
    rest >>= 7;
  }
  return [...bytes, rest & 0x7f];
}

const unary =
  (...opcode: number[]): Unary =>
  (value) => [value, opcode];
const binary =
  (...opcode: number[]): Binary =>
  (left, right) => [left, right, opcode];
// The alignment is a hint that no engine needs.
const load =
  (...opcode: number[]): Load =>
  (address, offset = 0) => [address, opcode, 0, unsigned(offset)];
const store =
  (...opcode: number[]): Store =>
  (address, value, offset = 0) => [address, value, opcode, 0, unsigned(offset)];

export const i32 = {
  const: (value: number): Code => [0x41, signed(value)],
  load: load(0x28),
  load8_u: load(0x2d),
  load16_u: load(0x2f),
  store: store(0x36),
  popcnt: unary(0x69),
  eq: binary(0x46),
  ne: binary(0x47),
  lt_u: binary(0x49),
  gt_u: binary(0x4b),
  ge_u: binary(0x4f),
  add: binary(0x6a),
  sub: binary(0x6b),
  mul: binary(0x6c),
  and: binary(0x71),
  or: binary(0x72),
  shl: binary(0x74),
  shr_u: binary(0x76),
  wrap_i64: unary(0xa7),
};

export const i64 = {
  const: (value: number): Code => [0x42, signed(value)],
  load: load(0x29),
  store: store(0x37),
  ne: binary(0x52),
  ctz: unary(0x7a),
  sub: binary(0x7d),
  and: binary(0x83),
  or: binary(0x84),
  xor: binary(0x85),
  shl: binary(0x86),
  extend_i32_u: unary(0xad),
};

export const v128 = {
  load: load(0xfd, 0x00),
  store: store(0xfd, 0x0b),
  /** All sixteen bytes have this value. */
  splat: (byte: number): Code => [0xfd, 0x0c, Array.from({ length: 16 }, () => byte)],
  and: binary(0xfd, 0x4e),
  or: binary(0xfd, 0x50),
};

export const i8x16 = {
  /** Picks sixteen of the thirty-two bytes of both operands. */
  shuffle: (picks: readonly number[], left: Code, right: Code): Code => [left, right, 0xfd, 0x0d, picks],
  swizzle: binary(0xfd, 0x0e),
  relaxed_swizzle: binary(0xfd, 0x80, 0x02),
  eq: binary(0xfd, 0x23),
  lt_s: binary(0xfd, 0x25),
  gt_u: binary(0xfd, 0x28),
  bitmask: unary(0xfd, 0x64),
};

export const i16x8 = { shr_u: binary(0xfd, 0x8d, 0x01) };

/** Control flow. Labels count from the innermost block, 0. */
export const block = (...body: Code[]): Code => [0x02, 0x40, body, 0x0b];
export const loop = (...body: Code[]): Code => [0x03, 0x40, body, 0x0b];
export const when = (condition: Code, ...body: Code[]): Code => [condition, 0x04, 0x40, body, 0x0b];
export const br = (label: number): Code => [0x0c, label];
export const br_if = (label: number, condition: Code): Code => [condition, 0x0d, label];
/** Calls the imported function. */
export const callImport = (argument: Code): Code => [argument, 0x10, 0];

export const types = { i32: 0x7f, i64: 0x7e, v128: 0x7b } as const;

/** A local variable, or a parameter. */
export class Local {
  readonly #index: Code;

  constructor(index: number) {
    this.#index = unsigned(index);
  }

  get get(): Code {
    return [0x20, this.#index];
  }

  set(value: Code): Code {
    return [value, 0x21, this.#index];
  }

  /** Sets it and leaves the value on the stack. */
  tee(value: Code): Code {
    return [value, 0x22, this.#index];
  }
}

/** Allocates the locals of the module's function: first its two parameters, then variables. */
export class Locals {
  readonly #types: number[] = [];

  readonly parameters = [new Local(0), new Local(1)] as const;

  new(type: keyof typeof types): Local {
    this.#types.push(types[type]);
    return new Local(1 + this.#types.length);
  }

  /** Their declaration: one run per variable. */
  get declaration(): Code {
    return [unsigned(this.#types.length), this.#types.map((type) => [1, type])];
  }
}

/**
 * A module that imports `host.memory` and `host.drain: (i32) -> ()`, and exports one function
 * `run: (i32, i32) -> i32` with this body.
 */
export function assembleModule(locals: Locals, body: Code): Uint8Array<ArrayBuffer> {
  const { i32: word } = types;
  const bytes: number[] = [];
  flatten(
    [
      [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
      section(1, [2, [0x60, 1, word, 0], [0x60, 2, word, word, 1, word]]),
      section(2, [2, [name('host'), name('memory'), 0x02, 0x00, 1], [name('host'), name('drain'), 0x00, 0]]),
      section(3, [1, 1]),
      section(7, [1, name('run'), 0x00, 1]),
      section(10, [1, sized([locals.declaration, body, 0x0b])]),
    ],
    bytes,
  );
  return Uint8Array.from(bytes);
}

const section = (id: number, content: Code): Code => [id, sized(content)];
const name = (text: string): Code => [text.length, [...Buffer.from(text, 'latin1')]];

function sized(content: Code): Code {
  const bytes: number[] = [];
  flatten(content, bytes);
  return [unsigned(bytes.length), bytes];
}

function flatten(code: Code, bytes: number[]): void {
  if (typeof code === 'number') bytes.push(code);
  else for (const part of code) flatten(part, bytes);
}
