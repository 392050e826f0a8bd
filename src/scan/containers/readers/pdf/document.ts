/**
 * The objects of a PDF document. They are found by a search through the file, not by its tables of places, so that a damaged document can be
 * read, and so that an update finds the newest version of each object, which is the last one in the file.
 */
import { type ByteSource, type ContainerBytes, ContainerError, type ReaderLimits } from '../../container.ts';
import { Problems } from '../../text/problems.ts';
import { Decryption } from './encryption.ts';
import { filters } from './filters.ts';
import { EndOfBytes, Lexer } from './lexer.ts';
import {
  type Dictionary,
  Name,
  type ObjectId,
  Operator,
  PdfStream,
  type PdfValue,
  Reference,
  isArray,
  isDictionary,
  nameIn,
  numberIn,
} from './values.ts';

/** Bytes in which objects are searched for at a time, and the longest beginning of one: `4294967295 65535 obj`. */
const WINDOW_BYTES = 256 * 1024;
const OVERLAP_BYTES = 32;
/** Bytes of an object that are read at first; then more, up to the maximum. */
const FIRST_OBJECT_BYTES = 2 * 1024;
const MAX_OBJECT_BYTES = 4 * 1024 * 1024;
const PIECE_BYTES = 32 * 1024;
/** Where a document's last line is expected, as other programs do. */
const END_BYTES = 1024;
/** Bytes in memory for each object that is indexed, about. */
const INDEX_BYTES = 100;
/** References to references, and streams that are compressed several times, deeper than this are not followed. */
const MAX_STEPS = 10;
/** Streams of objects that are kept in memory. */
const MAX_KEPT_STREAMS = 4;
const MAX_KEPT_OBJECTS = 256;

const XMP = Buffer.from('<?xpacket');

/** Where an object is: in the file, or in a stream of objects. */
interface Place {
  readonly number: number;
  readonly generation: number;
  readonly position: number;
  /** The offset in the decoded stream at `position`, for an object in such a stream. */
  readonly offset?: number;
}

export class PdfDocument {
  readonly #content: ContainerBytes;
  readonly #limits: ReaderLimits;
  /** The newest version of each object. */
  readonly #places = new Map<number, Place>();
  /** Earlier versions of objects. */
  readonly #replaced: Place[] = [];
  readonly #kept = new Map<number, PdfValue>();
  readonly #keptStreams = new Map<number, Buffer>();
  readonly #problems = new Problems();
  #decryption: Decryption | undefined;
  /** What the document's trailers say, the newest first in precedence. */
  #trailer = new Map<string, PdfValue>();

  private constructor(content: ContainerBytes, limits: ReaderLimits) {
    this.#content = content;
    this.#limits = limits;
  }

  /** @throws ContainerError if there are no objects, or a password is needed */
  static async open(content: ContainerBytes, limits: ReaderLimits): Promise<PdfDocument> {
    const document = new PdfDocument(content, limits);
    const streams = document.#index();
    document.#decrypt();
    for (const place of streams) await document.#indexStream(place);
    if (document.#places.size === 0) throw new ContainerError('damaged', 'there are no objects in it');
    return document;
  }

  /** To be called when everything was read. @throws ContainerError if a part of the document could not be */
  reportProblems(): void {
    this.#problems.report();
    const end = this.#at(Math.max(0, this.#content.size - END_BYTES), END_BYTES);
    if (!end.includes('%%EOF')) throw new ContainerError('damaged', 'the document is cut off');
  }

  get trailer(): Dictionary {
    return this.#trailer;
  }

  /** Maximum number of bytes of a decoded stream that may be held in memory. */
  get maxStreamBytes(): number {
    return Math.floor(this.#limits.memoryBytes / 4);
  }

  /** @throws ContainerError when the reader must stop */
  check(): void {
    if (this.#limits.isOver()) throw new ContainerError('container-limit', 'out of time');
  }

  /** The numbers of all objects, in the order of their places. */
  numbers(): number[] {
    return [...this.#places.values()]
      .sort((one, other) => one.position - other.position || (one.offset ?? 0) - (other.offset ?? 0))
      .map(({ number }) => number);
  }

  /** The streams among the earlier versions of objects. */
  *replacedStreams(): Generator<PdfStream> {
    for (const place of this.#replaced) {
      const value = place.offset === undefined ? this.#parse(place) : null;
      if (value instanceof PdfStream) yield value;
    }
  }

  /** A value, or the object to which it refers; null if there is none. */
  async resolve(value: PdfValue | undefined): Promise<PdfValue> {
    let current = value ?? null;
    for (let step = 0; current instanceof Reference; step += 1) {
      current = step < MAX_STEPS ? await this.object(current.number) : null;
    }
    return current;
  }

  /** The dictionary to which a value refers, or that of a stream; empty if there is none. */
  async dictionary(value: PdfValue | undefined): Promise<Dictionary> {
    const resolved = await this.resolve(value);
    if (resolved instanceof PdfStream) return resolved.dictionary;
    return isDictionary(resolved) ? resolved : new Map();
  }

  async object(number: number): Promise<PdfValue> {
    const kept = this.#kept.get(number);
    if (kept !== undefined) return kept;
    const place = this.#places.get(number);
    if (place === undefined) return null;
    this.check();
    let value: PdfValue;
    try {
      value =
        place.offset === undefined ? this.#parse(place) : await this.#objectInStream(place, place.offset);
    } catch (error) {
      this.#problems.note(error);
      value = null;
    }
    const oldest = this.#kept.keys().next();
    if (this.#kept.size >= MAX_KEPT_OBJECTS && oldest.done !== true) this.#kept.delete(oldest.value);
    this.#kept.set(number, value);
    return value;
  }

  /** The decoded bytes of a stream; `undefined` if they are an image. */
  async decoded(stream: PdfStream): Promise<ByteSource | undefined> {
    const names = await this.#list(stream.dictionary.get('Filter') ?? stream.dictionary.get('F'));
    const parameters = await this.#list(stream.dictionary.get('DecodeParms') ?? stream.dictionary.get('DP'));
    let source = this.#raw(stream);
    if (this.#isEncrypted(stream, names)) source = this.#decryption?.stream(source, stream.id) ?? source;
    for (const [index, filter] of names.slice(0, MAX_STEPS).entries()) {
      const name = filter instanceof Name ? filter.name : '';
      if (name === 'Crypt') continue;
      const decode = filters[name];
      if (decode === undefined) return undefined;
      const own = parameters[index];
      source = decode(source, isDictionary(own) ? own : new Map());
    }
    return source;
  }

  /** The decoded bytes of a stream in memory, or as many as may be held there. */
  async bytes(
    stream: PdfStream,
  ): Promise<{ readonly bytes: Buffer; readonly problem: ContainerError | undefined }> {
    const pieces: Uint8Array[] = [];
    let size = 0;
    let problem: ContainerError | undefined;
    try {
      for await (const piece of (await this.decoded(stream)) ?? []) {
        this.check();
        pieces.push(piece);
        size += piece.length;
        if (size <= this.maxStreamBytes) continue;
        problem = new ContainerError('container-limit', 'a stream is too long');
        break;
      }
    } catch (error) {
      if (!(error instanceof ContainerError) || error.reason === 'container-limit') throw error;
      problem = error;
    }
    return { bytes: Buffer.concat(pieces), problem };
  }

  async #list(value: PdfValue | undefined): Promise<readonly PdfValue[]> {
    const resolved = await this.resolve(value);
    if (!isArray(resolved)) return resolved === null ? [] : [resolved];
    return Promise.all(resolved.slice(0, MAX_STEPS).map((element) => this.resolve(element)));
  }

  #isEncrypted({ dictionary, from }: PdfStream, names: readonly PdfValue[]): boolean {
    const type = nameIn(dictionary, 'Type');
    if (type === 'XRef' || names.some((name) => name instanceof Name && name.name === 'Crypt')) return false;
    if (type !== 'Metadata') return true;
    // Some programs leave it as it is, and do not say so.
    const isPlain = this.#at(from, XMP.length).equals(XMP);
    return this.#decryption?.isMetadataEncrypted === true && !isPlain;
  }

  // eslint-disable-next-line require-await
  async *#raw({ from, length }: PdfStream): ByteSource {
    for (let at = from; at < from + length;) {
      this.check();
      const piece = this.#at(at, Math.min(PIECE_BYTES, from + length - at));
      if (piece.length === 0) throw new ContainerError('damaged', 'a stream is cut off');
      yield piece;
      at += piece.length;
    }
  }

  #at(position: number, length: number): Buffer {
    const bytes = Buffer.allocUnsafe(length);
    return bytes.subarray(0, this.#content.read(bytes, 0, length, position));
  }

  /** Finds the objects in the file. @returns the streams of objects among them */
  #index(): Place[] {
    const streams: Place[] = [];
    for (let start = 0; start < this.#content.size; start += WINDOW_BYTES) {
      this.check();
      const window = this.#at(start, WINDOW_BYTES + OVERLAP_BYTES);
      for (let at = window.indexOf('obj'); at >= 0; at = window.indexOf('obj', at + 1)) {
        const before = window.toString('latin1', Math.max(0, at - OVERLAP_BYTES + 3), at);
        const [header, number, generation] = /(\d{1,10})\s{1,6}(\d{1,5})\s{0,6}$/.exec(before) ?? [];
        if (header === undefined) continue;
        const place = { number: Number(number), generation: Number(generation), position: start + at + 3 };
        this.#add(place);
        if (this.#look(place)) streams.push(place);
      }
      for (let at = window.indexOf('trailer'); at >= 0; at = window.indexOf('trailer', at + 1)) {
        this.#addTrailer(this.#valueAt(start + at + 7, undefined)?.value);
      }
    }
    return streams;
  }

  #add(place: Place): void {
    const earlier = this.#places.get(place.number);
    if (earlier !== undefined) this.#replaced.push(earlier);
    this.#places.set(place.number, place);
    if ((this.#places.size + this.#replaced.length) * INDEX_BYTES > this.#limits.memoryBytes / 2) {
      throw new ContainerError('container-limit', 'too many objects');
    }
  }

  /** Looks at an object that was found. @returns true if it is a stream of objects */
  #look(place: Place): boolean {
    const beginning = this.#at(place.position, 256).toString('latin1');
    if (!/\/Type\s*\/(?:ObjStm|XRef)/.test(beginning) && beginning.includes('endobj')) return false;
    const value = this.#valueAt(place.position, undefined)?.value;
    if (!isDictionary(value)) return false;
    if (nameIn(value, 'Type') === 'XRef') this.#addTrailer(value);
    return nameIn(value, 'Type') === 'ObjStm';
  }

  /** Later trailers replace what earlier ones say. */
  #addTrailer(value: PdfValue | undefined): void {
    if (!isDictionary(value)) return;
    for (const key of ['Root', 'Info', 'Encrypt', 'ID']) {
      const entry = value.get(key);
      if (entry !== undefined) this.#trailer.set(key, entry);
    }
  }

  #decrypt(): void {
    const entry = this.#trailer.get('Encrypt');
    if (entry === undefined) return;
    const place = entry instanceof Reference ? this.#places.get(entry.number) : undefined;
    const settings = place === undefined ? entry : this.#valueAt(place.position, undefined)?.value;
    if (!isDictionary(settings)) throw new ContainerError('encrypted', 'a password is needed');
    const ids = this.#trailer.get('ID');
    const id = isArray(ids) ? ids[0] : undefined;
    this.#decryption = new Decryption(settings, typeof id === 'string' ? id : '');
    // Its strings are not encrypted.
    if (entry instanceof Reference) this.#kept.set(entry.number, null);
  }

  /** Adds the objects in a stream, unless there are newer versions of them. */
  async #indexStream(place: Place): Promise<void> {
    const stream = this.#parse(place);
    if (!(stream instanceof PdfStream)) return;
    const bytes = await this.#bytesOf(place.position, stream);
    const first = numberIn(stream.dictionary, 'First') ?? 0;
    const lexer = new Lexer(bytes.subarray(0, first));
    for (;;) {
      const [number, offset] = [lexer.next(), lexer.next()];
      if (typeof number !== 'number' || typeof offset !== 'number') return;
      const known = this.#places.get(number);
      if (known !== undefined && known.position > place.position) continue;
      this.#add({ number, generation: 0, position: place.position, offset: first + offset });
    }
  }

  async #objectInStream({ position, number }: Place, offset: number): Promise<PdfValue> {
    const kept = this.#keptStreams.get(position);
    const bytes = kept ?? (await this.#bytesOf(position, this.#parse({ number, generation: 0, position })));
    try {
      return new Lexer(bytes, offset).value() ?? null;
    } catch (error) {
      if (error instanceof EndOfBytes) return null;
      throw error;
    }
  }

  async #bytesOf(position: number, stream: PdfValue): Promise<Buffer> {
    const read = stream instanceof PdfStream ? await this.bytes(stream) : undefined;
    if (read?.problem !== undefined) this.#problems.note(read.problem);
    const bytes = read?.bytes ?? Buffer.alloc(0);
    const oldest = this.#keptStreams.keys().next();
    if (this.#keptStreams.size >= MAX_KEPT_STREAMS && oldest.done !== true)
      this.#keptStreams.delete(oldest.value);
    this.#keptStreams.set(position, bytes);
    return bytes;
  }

  /** An object in the file. */
  #parse(place: Place): PdfValue {
    const found = this.#valueAt(place.position, place);
    if (found === undefined) return null;
    const { value, end } = found;
    if (!isDictionary(value)) return value;
    const keyword = this.#at(end, 32).toString('latin1');
    const [start] = /^\s{0,20}stream(?:\r\n|\n|\r)?/.exec(keyword) ?? [];
    if (start === undefined) return value;
    const from = end + start.length;
    return new PdfStream(value, from, this.#lengthOf(value, from), place);
  }

  /** The length of a stream's data: as its dictionary says if that can be true, otherwise up to the next `endstream`. */
  #lengthOf(dictionary: Dictionary, from: number): number {
    const entry = dictionary.get('Length');
    const place = entry instanceof Reference ? this.#places.get(entry.number) : undefined;
    const length =
      place?.offset === undefined && place !== undefined
        ? this.#valueAt(place.position, undefined)?.value
        : entry;
    if (typeof length === 'number' && length >= 0 && from + length <= this.#content.size) {
      if (/^\s{0,4}endstream/.test(this.#at(from + length, 16).toString('latin1'))) return length;
    }
    for (let at = from; at < this.#content.size; at += PIECE_BYTES) {
      this.check();
      const end = this.#at(at, PIECE_BYTES + 16).indexOf('endstream');
      if (end >= 0) return at + end - from;
    }
    return this.#content.size - from;
  }

  /** The value at a place in the file, with decrypted strings. */
  #valueAt(
    position: number,
    id: ObjectId | undefined,
  ): { readonly value: PdfValue; readonly end: number } | undefined {
    for (let length = FIRST_OBJECT_BYTES; ; length *= 8) {
      this.check();
      const bytes = this.#at(position, Math.min(length, MAX_OBJECT_BYTES));
      const isAll = bytes.length < length;
      const lexer = new Lexer(bytes);
      try {
        const value = lexer.value();
        // A word or a number may go on behind the bytes.
        if (value !== undefined && (isAll || lexer.at + OVERLAP_BYTES < bytes.length)) {
          if (value instanceof Operator) return undefined;
          return { value: this.#decryptStrings(value, id), end: position + lexer.at };
        }
      } catch (error) {
        if (!(error instanceof EndOfBytes)) {
          this.#problems.note(error);
          return undefined;
        }
      }
      if (isAll) return undefined;
    }
  }

  #decryptStrings(value: PdfValue, id: ObjectId | undefined): PdfValue {
    const decryption = this.#decryption;
    if (decryption === undefined || id === undefined) return value;
    if (typeof value === 'string') return decryption.text(value, id);
    if (isArray(value)) return value.map((element) => this.#decryptStrings(element, id));
    if (!isDictionary(value)) return value;
    return new Map([...value].map(([key, entry]) => [key, this.#decryptStrings(entry, id)]));
  }
}
