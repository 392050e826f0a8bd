/** Decodes UTF-32, which `TextDecoder` does not know. */

const REPLACEMENT = 0xfffd;
const MARK = 0xfeff;

export class Utf32Decoder {
  readonly #isLittleEndian: boolean;
  #isAtBeginning = true;
  /** The bytes of a character that is not complete yet. */
  #rest: Buffer = Buffer.alloc(0);

  constructor(kind: 'utf-32le' | 'utf-32be') {
    this.#isLittleEndian = kind === 'utf-32le';
  }

  /** Like `TextDecoder.decode`. A mark at the beginning is left out. */
  decode(bytes: Buffer, { stream }: { readonly stream: boolean }): string {
    const all = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    const end = all.length & ~3;
    let text = '';
    for (let at = 0; at < end; at += 4) {
      const code = this.#isLittleEndian ? all.readUInt32LE(at) : all.readUInt32BE(at);
      if (code !== MARK || !this.#isAtBeginning) text += characterOf(code);
      this.#isAtBeginning = false;
    }
    this.#rest = Buffer.from(all.subarray(end));
    return stream || this.#rest.length === 0 ? text : text + characterOf(REPLACEMENT);
  }
}

function characterOf(code: number): string {
  const isValid = code <= 0x10_ffff && (code < 0xd800 || code > 0xdfff);
  return String.fromCodePoint(isValid ? code : REPLACEMENT);
}
