/** The source text of macros, which is compressed (Microsoft, [MS-OVBA], section 2.4.1). */

/** How the text of every module begins: its first attribute, behind a byte that says that eight characters follow. */
const BEGINNING = Buffer.from('\0Attribut', 'latin1');
/** The signature and the header of the first chunk stand before it. */
const BYTES_BEFORE = 3;
const CHUNK_BYTES = 4096;

/** The text of a module; undefined if the stream contains none. */
export function macroText(stream: Buffer): Buffer | undefined {
  const at = stream.indexOf(BEGINNING);
  if (at < BYTES_BEFORE || stream[at - BYTES_BEFORE] !== 1) return undefined;
  const chunks: Buffer[] = [];
  for (let from = at - 2; from + 2 <= stream.length;) {
    const header = stream.readUInt16LE(from);
    const end = from + 3 + (header & 0xfff);
    // The signature of each chunk.
    if (((header >> 12) & 7) !== 3) break;
    const data = stream.subarray(from + 2, end);
    chunks.push((header & 0x8000) === 0 ? data : decompressed(data));
    from = end;
  }
  return Buffer.concat(chunks);
}

function decompressed(data: Buffer): Buffer {
  const out = Buffer.alloc(CHUNK_BYTES);
  let length = 0;
  for (let at = 0; at < data.length;) {
    const flags = data[at] ?? 0;
    at += 1;
    for (let bit = 0; bit < 8 && at < data.length && length < CHUNK_BYTES; bit += 1) {
      if (((flags >> bit) & 1) === 0) {
        out[length] = data[at] ?? 0;
        length += 1;
        at += 1;
        continue;
      }
      if (at + 2 > data.length) return out.subarray(0, length);
      const token = data.readUInt16LE(at);
      at += 2;
      // The more was written, the more bits of the token say how far back to go.
      const bits = Math.max(4, Math.ceil(Math.log2(length)));
      const back = (token >> (16 - bits)) + 1;
      const count = (token & (0xffff >> bits)) + 3;
      for (let copied = 0; copied < count && length < CHUNK_BYTES; copied += 1) {
        out[length] = out[length - back] ?? 0;
        length += 1;
      }
    }
  }
  return out.subarray(0, length);
}
