/** The compressed rich text of messages (Microsoft, [MS-OXRTFCP], section 2.2). */
import { ContainerError } from '../../container.ts';

const COMPRESSED = 0x75465a4c;
const PLAIN = 0x414c454d;
const DICTIONARY_BYTES = 4096;
/** With what the dictionary begins. */
const INITIAL = Buffer.from(
  '{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx',
);
const PIECE_BYTES = 32 * 1024;

/** The pieces of the text. One byte becomes nine at most. */
export function* richText(bytes: Buffer): Generator<Buffer> {
  const kind = bytes.length < 16 ? 0 : bytes.readUInt32LE(8);
  if (kind === PLAIN) {
    yield bytes.subarray(16);
    return;
  }
  if (kind !== COMPRESSED) throw new ContainerError('unsupported', 'the text is stored in an unknown way');
  const dictionary = Buffer.alloc(DICTIONARY_BYTES);
  INITIAL.copy(dictionary);
  let write = INITIAL.length;
  let out: number[] = [];
  const put = (byte: number) => {
    dictionary[write] = byte;
    write = (write + 1) % DICTIONARY_BYTES;
    out.push(byte);
  };
  for (let at = 16; at < bytes.length;) {
    const flags = bytes[at] ?? 0;
    at += 1;
    for (let bit = 0; bit < 8 && at < bytes.length; bit += 1) {
      if (((flags >> bit) & 1) === 0) {
        put(bytes[at] ?? 0);
        at += 1;
        continue;
      }
      if (at + 2 > bytes.length) throw new ContainerError('damaged', 'the text is cut off');
      const token = bytes.readUInt16BE(at);
      at += 2;
      // The end is a reference to the place that is written next.
      if (token >> 4 === write) {
        yield Buffer.from(out);
        return;
      }
      for (let index = 0; index < (token & 0xf) + 2; index += 1)
        put(dictionary[((token >> 4) + index) % DICTIONARY_BYTES] ?? 0);
    }
    if (out.length < PIECE_BYTES) continue;
    yield Buffer.from(out);
    out = [];
  }
  yield Buffer.from(out);
}
