/**
 * Binary property lists, in which macOS keeps settings, also those of launchd: as the XML that `plutil -convert xml1` shows. The format is that
 * of Apple's CoreFoundation (CFBinaryPList.c): objects, a table of their offsets, and a trailer that says where it is. A list may refer to
 * one object many times, or to itself: depth is limited, and whoever reads the text limits its length.
 */
import {
  type BytesReader,
  type ByteSource,
  type ContainerBytes,
  ContainerError,
  type ReaderLimits,
} from '../container.ts';

const MAGIC = 'bplist0';
const TRAILER_BYTES = 32;
const MAX_DEPTH = 128;
/** Bytes of text that are passed on at a time. */
const PIECE_BYTES = 16 * 1024;

export const binaryPlist: BytesReader = {
  needs: 'bytes',
  read: async function* read(content, _, limits) {
    yield { name: 'plist.xml', content: xmlOf(content, limits) };
  },
};

async function* xmlOf(content: ContainerBytes, limits: ReaderLimits): ByteSource {
  let text = '<plist version="1.0">\n';
  for (const line of new PropertyList(content, limits).lines()) {
    text += line;
    if (text.length < PIECE_BYTES) continue;
    yield* inPieces(Buffer.from(text));
    text = '';
  }
  yield Buffer.from(`${text}</plist>\n`);
}

/** A string may be as long as the list. */
function* inPieces(bytes: Buffer): Generator<Buffer, void, undefined> {
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) yield bytes.subarray(at, at + PIECE_BYTES);
}

class PropertyList {
  readonly #bytes: Buffer;
  readonly #limits: ReaderLimits;
  readonly #offsetBytes: number;
  readonly #referenceBytes: number;
  readonly #objects: number;
  readonly #top: number;
  readonly #table: number;

  constructor(content: ContainerBytes, limits: ReaderLimits) {
    if (content.size > limits.memoryBytes)
      throw new ContainerError('container-limit', 'the list is too large');
    const bytes = Buffer.alloc(content.size);
    const read = content.read(bytes, 0, bytes.length, 0);
    const trailer = bytes.subarray(-TRAILER_BYTES);
    const isWhole = read === bytes.length && trailer.length === TRAILER_BYTES;
    if (!isWhole || !bytes.toString('latin1', 0, MAGIC.length).startsWith(MAGIC)) throw damaged();
    this.#bytes = bytes;
    this.#limits = limits;
    this.#offsetBytes = trailer.readUInt8(6);
    this.#referenceBytes = trailer.readUInt8(7);
    this.#objects = Number(trailer.readBigUInt64BE(8));
    this.#top = Number(trailer.readBigUInt64BE(16));
    this.#table = Number(trailer.readBigUInt64BE(24));
  }

  lines(): Generator<string, void, undefined> {
    return this.#object(this.#top, '');
  }

  *#object(number: number, indent: string): Generator<string, void, undefined> {
    if (indent.length > MAX_DEPTH) throw new ContainerError('container-limit', 'lists are nested too deeply');
    if (this.#limits.isOver()) throw new ContainerError('container-limit', 'the time is over');
    if (number >= this.#objects) throw damaged();
    const at = this.#uint(this.#table + number * this.#offsetBytes, this.#offsetBytes);
    const marker = this.#uint(at, 1);
    const kind = marker >> 4;
    const low = marker & 0xf;
    switch (kind) {
      case 0x0:
        yield `${indent}${low === 9 ? '<true/>' : low === 8 ? '<false/>' : '<null/>'}\n`;
        break;
      case 0x1:
      case 0x8:
        yield `${indent}<integer>${this.#integer(at + 1, kind === 8 ? low + 1 : 2 ** low)}</integer>\n`;
        break;
      case 0x2:
        yield `${indent}<real>${this.#real(at + 1, 2 ** low)}</real>\n`;
        break;
      case 0x3:
        // Seconds since 2001.
        yield `${indent}<date>${this.#real(at + 1, 8)}</date>\n`;
        break;
      case 0x4:
      case 0x5:
      case 0x6:
      case 0x7:
        yield this.#text(at, kind, low, indent);
        break;
      case 0xa:
      case 0xb:
      case 0xc:
      case 0xd:
        yield* this.#collection(at, kind === 0xd, low, indent);
        break;
      default:
        throw damaged();
    }
  }

  /** An array, a set, or a dictionary. */
  *#collection(
    at: number,
    isDictionary: boolean,
    low: number,
    indent: string,
  ): Generator<string, void, undefined> {
    const { count, start } = this.#count(at, low);
    const size = this.#referenceBytes;
    const name = isDictionary ? 'dict' : 'array';
    // Before anything is shown: a false count ends the list at once.
    this.#slice(start, count * size * (isDictionary ? 2 : 1));
    yield `${indent}<${name}>\n`;
    for (let index = 0; index < count; index += 1) {
      if (isDictionary) yield `${indent}\t<key>${this.#key(this.#uint(start + index * size, size))}</key>\n`;
      const value = start + (isDictionary ? count + index : index) * size;
      yield* this.#object(this.#uint(value, size), `${indent}\t`);
    }
    yield `${indent}</${name}>\n`;
  }

  /** A key is a string; what it is instead in a damaged list does not matter. */
  #key(number: number): string {
    if (number >= this.#objects) throw damaged();
    const at = this.#uint(this.#table + number * this.#offsetBytes, this.#offsetBytes);
    const marker = this.#uint(at, 1);
    return /<[^>]*>(.*)<\/[^>]*>\n$/s.exec(this.#text(at, marker >> 4, marker & 0xf, ''))?.[1] ?? '';
  }

  /** Data, or a string in ASCII, UTF-16 or UTF-8. */
  #text(at: number, kind: number, low: number, indent: string): string {
    const { count, start } = this.#count(at, low);
    if (kind === 0x4) return `${indent}<data>${this.#slice(start, count).toString('base64')}</data>\n`;
    if (kind < 0x4 || kind > 0x7) throw damaged();
    const text =
      kind === 0x6
        ? Buffer.from(this.#slice(start, count * 2))
            .swap16()
            .toString('utf16le')
        : this.#slice(start, count).toString(kind === 0x5 ? 'latin1' : 'utf8');
    return `${indent}<string>${escaped(text)}</string>\n`;
  }

  /** A count above 14 is an integer object after the marker. */
  #count(at: number, low: number): { readonly count: number; readonly start: number } {
    if (low !== 0xf) return { count: low, start: at + 1 };
    const marker = this.#uint(at + 1, 1);
    if (marker >> 4 !== 0x1) throw damaged();
    const size = 2 ** (marker & 0xf);
    return { count: this.#uint(at + 2, size), start: at + 2 + size };
  }

  /** Large ones are not exact, and point nowhere. */
  #uint(at: number, size: number): number {
    let value = 0;
    for (const byte of this.#slice(at, size)) value = value * 256 + byte;
    return value;
  }

  #integer(at: number, size: number): bigint {
    const digits = this.#slice(at, size).toString('hex');
    const value = digits === '' ? 0n : BigInt(`0x${digits}`);
    // Only those of eight bytes have a sign.
    return size === 8 ? BigInt.asIntN(64, value) : value;
  }

  #real(at: number, size: number): number {
    const bytes = this.#slice(at, size);
    return size === 4 ? bytes.readFloatBE() : size === 8 ? bytes.readDoubleBE() : Number.NaN;
  }

  #slice(start: number, length: number): Buffer {
    if (!(start >= 0 && length >= 0 && start + length <= this.#bytes.length)) throw damaged();
    return this.#bytes.subarray(start, start + length);
  }
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

function escaped(text: string): string {
  return text.replaceAll(/[&<>]/g, (sign) => entities[sign] ?? sign);
}

function damaged(): ContainerError {
  return new ContainerError('damaged', 'not a property list');
}
