/** Applies git's deltas (gitformat-pack(5), "Deltified representation"). Every length is checked: a pack may be damaged or hostile. */

/** The delta is not well-formed, or does not belong to this base. */
export class BadDelta extends Error {}

/** The sizes at the beginning of a delta, and where its instructions begin. @throws BadDelta */
export function sizesOf(delta: Buffer): {
  readonly base: number;
  readonly result: number;
  readonly at: number;
} {
  const base = sizeAt(delta, 0);
  const result = sizeAt(delta, base.at);
  return { base: base.value, result: result.value, at: result.at };
}

/** The content that a delta makes of its base. @throws BadDelta */
export function applyDelta(base: Buffer, delta: Buffer): Buffer {
  const sizes = sizesOf(delta);
  if (sizes.base !== base.length) throw new BadDelta('the delta is for another base');
  // With memory of its own: what shares memory with others is freed only with the last of them.
  const result = Buffer.allocUnsafeSlow(sizes.result);
  let end = 0;
  for (let at = sizes.at; at < delta.length;) {
    const instruction = delta[at] ?? 0;
    at += 1;
    if (instruction === 0) throw new BadDelta('the delta has an unknown instruction');
    const isCopy = (instruction & 0x80) !== 0;
    let source = delta;
    let offset = at;
    let length = instruction;
    if (isCopy) {
      const copy = copyAt(delta, at, instruction);
      ({ offset, length } = copy);
      at = copy.at;
      source = base;
    } else at += length;
    if (offset + length > source.length || end + length > result.length)
      throw new BadDelta('the delta is cut off');
    source.copy(result, end, offset, offset + length);
    end += length;
  }
  if (end !== result.length) throw new BadDelta('the delta is cut off');
  return result;
}

/** Bits 0 to 3 of the instruction say which bytes of the offset follow, bits 4 to 6 which bytes of the length. */
function copyAt(delta: Buffer, from: number, instruction: number) {
  let at = from;
  let offset = 0;
  let length = 0;
  for (let bit = 0; bit < 4; bit += 1) {
    // Multiplied: an offset of 32 bits is not negative.
    if ((instruction & (1 << bit)) !== 0) offset += (delta[at++] ?? 0) * 2 ** (8 * bit);
  }
  for (let bit = 0; bit < 3; bit += 1) {
    if ((instruction & (0x10 << bit)) !== 0) length += (delta[at++] ?? 0) << (8 * bit);
  }
  return { offset, length: length === 0 ? 0x1_00_00 : length, at };
}

/** Seven bits in each byte, the lowest first. */
function sizeAt(delta: Buffer, from: number): { readonly value: number; readonly at: number } {
  let value = 0;
  for (let at = from, unit = 1; at < delta.length && at < from + 7; at += 1, unit *= 128) {
    const byte = delta[at] ?? 0;
    value += (byte & 0x7f) * unit;
    if (byte < 0x80) return { value, at: at + 1 };
  }
  throw new BadDelta('the delta has no sizes');
}
