/** The texts of a presentation of PowerPoint 97 to 2003 (Microsoft, [MS-PPT], section 2.3). */

const WIDE_TEXT = 0x0fa0;
const TEXT = 0x0fa8;
const NAME = 0x0fba;
/** The version that marks records which consist of others. */
const HAS_RECORDS = 0xf;

/** The lines of all texts, in their order in the file. */
export function* presentationLines(stream: Buffer): Generator<string> {
  for (let at = 0; at + 8 <= stream.length;) {
    const isContainer = (stream.readUInt16LE(at) & 0xf) === HAS_RECORDS;
    const type = stream.readUInt16LE(at + 2);
    const end = at + 8 + stream.readUInt32LE(at + 4);
    const data = stream.subarray(at + 8, end);
    if (type === WIDE_TEXT || type === NAME) yield* linesOf(data.toString('utf16le'));
    if (type === TEXT) yield* linesOf(data.toString('latin1'));
    at = isContainer ? at + 8 : end;
  }
}

function linesOf(text: string): string[] {
  return text.split(/[\r\n\v]/);
}
