/** The encodings in which the parts of a message are transferred (RFC 2045, section 6): from lines to bytes. */

/** Bytes that are passed on at a time. */
const PIECE_BYTES = 48 * 1024;

/** Decodes the lines of a part. */
export interface TransferDecoder {
  /** @returns bytes, if there are enough of them to be passed on */
  add(line: string): Buffer | undefined;
  /** The rest. */
  end(): Buffer;
}

export function transferDecoder(encoding: string): TransferDecoder {
  if (encoding === 'base64') return new Base64Decoder();
  return new LineDecoder(encoding === 'quoted-printable' ? decodeQuoted : (line) => `${line}\n`);
}

class Base64Decoder implements TransferDecoder {
  #text = '';

  add(line: string): Buffer | undefined {
    this.#text += line.replaceAll(/[^A-Za-z\d+/=]/g, '');
    return this.#text.length < PIECE_BYTES
      ? undefined
      : this.#take(this.#text.length - (this.#text.length % 4));
  }

  end(): Buffer {
    return this.#take(this.#text.length);
  }

  /** Several encoded texts may follow each other, each with its own padding. */
  #take(end: number): Buffer {
    const text = this.#text.slice(0, end);
    this.#text = this.#text.slice(end);
    return Buffer.concat(text.split(/=+/).map((part) => Buffer.from(part, 'base64')));
  }
}

class LineDecoder implements TransferDecoder {
  readonly #decode: (line: string) => string;
  #text = '';

  constructor(decode: (line: string) => string) {
    this.#decode = decode;
  }

  add(line: string): Buffer | undefined {
    this.#text += this.#decode(line);
    return this.#text.length < PIECE_BYTES ? undefined : this.end();
  }

  end(): Buffer {
    const bytes = Buffer.from(this.#text, 'latin1');
    this.#text = '';
    return bytes;
  }
}

function decodeQuoted(line: string): string {
  const trimmed = line.trimEnd();
  const isContinued = trimmed.endsWith('=');
  const text = (isContinued ? trimmed.slice(0, -1) : trimmed).replaceAll(
    /=([\da-f]{2})/gi,
    (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)),
  );
  return isContinued ? text : `${text}\n`;
}
