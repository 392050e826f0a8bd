/**
 * Reads a pack of git (gitformat-pack(5), versions 2 and 3) from its beginning to its end, without an index: what an index leaves out is
 * read too. Objects come whole; deltas are applied. A pack may be damaged or hostile: sizes, chains and the work as a whole are bounded.
 */
import type { FileSystem } from '../../host/platform/index.ts';
import { ContainerError } from '../containers/container.ts';
import { BadDelta, applyDelta, sizesOf } from './delta.ts';
import type { HeldObject, ObjectType } from './git-object.ts';
import { FileWindow } from './file-window.ts';
import { BadData, inflate, inflateInPieces } from './inflate.ts';
import { MAX_CHAIN, MAX_HELD_BYTES, decodedBytesOf } from './limits.ts';
import type { PackCache } from './object-cache.ts';

/** An object that is too large for that. */
export interface LargeObject {
  readonly type: ObjectType;
  readonly content: AsyncIterable<Uint8Array>;
}

/** What the pack has at an offset. */
export type PackEntry = { readonly offset: number } & (
  | ({ readonly kind: 'object' } & HeldObject)
  /** Too large to be held. Must be read to its end before the next entry. */
  | ({ readonly kind: 'stream'; readonly size: number } & LargeObject)
  /** A delta whose base was not found: it may come later, or be in another part of the repository. */
  | { readonly kind: 'baseless' }
  /** Larger than what is held, and stored as a delta. */
  | { readonly kind: 'too-large' }
  /** A delta that does not fit its base; what follows can be read. */
  | { readonly kind: 'damaged' }
);

const types: Readonly<Record<number, ObjectType>> = { 1: 'commit', 2: 'tree', 3: 'blob', 4: 'tag' };
const OFFSET_DELTA = 6;
const ID_DELTA = 7;
const HEADER_BYTES = 12;
/** Of an entry: type and size, and the base's offset or id. */
const MAX_ENTRY_HEADER_BYTES = 64;

/** Bytes that are read at a time. */
const WINDOW_BYTES = 128 * 1024;
const BASE_WINDOW_BYTES = 32 * 1024;

/** Finds the bases that deltas name by their ids. */
export interface Bases {
  /** Where the object begins in the same pack; undefined when that is not known. */
  offsetOf(id: Buffer): number | undefined;
  /** The object, if another part of the repository has it. */
  elsewhere(id: Buffer): HeldObject | undefined;
}

export interface OpenPack {
  readonly fs: Pick<FileSystem, 'read'>;
  readonly descriptor: number;
  readonly size: number;
}

interface EntryHeader {
  readonly type: number;
  readonly size: number;
  /** Where its compressed data begin. */
  readonly data: number;
  /** The base's offset. */
  readonly base?: number | undefined;
  readonly baseId?: Buffer;
}

export class PackReader {
  /** For the entries in their order. */
  readonly #window: FileWindow;
  /** For bases, which are anywhere. */
  readonly #bases: FileWindow;
  readonly #idBytes: number;
  readonly #named: Bases;
  readonly #cache: PackCache;
  #decodable: number;
  #end = HEADER_BYTES;

  /** @param idBytes 20 for SHA-1, 32 for SHA-256 */
  constructor(file: OpenPack, idBytes: number, named: Bases, cache: PackCache) {
    const { fs, descriptor, size } = file;
    this.#window = new FileWindow(fs, descriptor, size, WINDOW_BYTES);
    this.#bases = new FileWindow(fs, descriptor, size, BASE_WINDOW_BYTES);
    this.#idBytes = idBytes;
    this.#named = named;
    this.#cache = cache;
    this.#decodable = decodedBytesOf(size);
  }

  /** @throws ContainerError: `unsupported`, `damaged` or `container-limit`; what came before is valid */
  async *entries(): AsyncGenerator<PackEntry, void, undefined> {
    const header = this.#window.bytesAt(0, HEADER_BYTES);
    if (header.length < HEADER_BYTES || header.toString('latin1', 0, 4) !== 'PACK')
      throw new ContainerError('damaged', 'it does not begin like a pack');
    const version = header.readUInt32BE(4);
    if (version !== 2 && version !== 3) throw new ContainerError('unsupported', `version ${version}`);
    const count = header.readUInt32BE(8);
    for (let number = 0; number < count; number += 1) yield await this.#next();
  }

  /**
   * The content of an object that `entries` has returned.
   * @returns undefined when a base is not there any more
   * @throws ContainerError, also while it is iterated
   */
  contentAt(offset: number): Buffer | AsyncIterable<Uint8Array> | undefined {
    const { type, size, data } = this.#headerAt(offset);
    if (size > MAX_HELD_BYTES && types[type] !== undefined)
      return this.#metered(inflateInPieces(this.#bases, data, () => undefined));
    const found = this.#resolve(offset);
    return typeof found === 'string' ? undefined : found.content;
  }

  /** The entry at an offset again, now that more bases may be known. @throws ContainerError `container-limit` */
  again(offset: number): PackEntry {
    return this.#delta(offset);
  }

  async #next(): Promise<PackEntry> {
    const offset = this.#end;
    const header = this.#headerAt(offset, this.#window);
    const { size, data } = header;
    if (size > MAX_HELD_BYTES) return await this.#large(offset, header);
    const { content, length } = this.#inflate(data, size, this.#window);
    this.#end = data + length;
    const type = types[header.type];
    if (type === undefined) return this.#delta(offset, content);
    const object = { type, content };
    this.#cache.add(offset, object);
    return { offset, kind: 'object', ...object };
  }

  #delta(offset: number, delta?: Buffer): PackEntry {
    try {
      const found = this.#resolve(offset, delta);
      return typeof found === 'string' ? { offset, kind: found } : { offset, kind: 'object', ...found };
    } catch (error) {
      if (error instanceof ContainerError && error.reason === 'damaged') return { offset, kind: 'damaged' };
      throw error;
    }
  }

  async #large(offset: number, { type, data, size }: EntryHeader): Promise<PackEntry> {
    const content = this.#metered(
      inflateInPieces(this.#window, data, (length) => {
        this.#end = data + length;
      }),
    );
    const known = types[type];
    if (known !== undefined) return { offset, kind: 'stream', type: known, size, content };
    // Only its end is needed.
    for await (const _ of content);
    return { offset, kind: 'too-large' };
  }

  async *#metered(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      for await (const piece of pieces) {
        this.#spend(piece.length);
        yield piece;
      }
    } catch (error) {
      throw asDamage(error);
    }
  }

  /**
   * Follows a delta to its base, and applies what lies between.
   * @param delta that of the object itself, if it has been read
   */
  #resolve(offset: number, delta?: Buffer): HeldObject | 'baseless' | 'too-large' {
    const chain: number[] = [];
    let object = this.#cache.get(offset);
    for (let at = offset; object === undefined;) {
      const header = this.#headerAt(at);
      const { type, size, data } = header;
      if (size > MAX_HELD_BYTES) return 'too-large';
      const known = types[type];
      if (known !== undefined) {
        object = { type: known, content: this.#inflate(data, size).content };
        this.#cache.add(at, object);
        break;
      }
      chain.push(at);
      if (chain.length > MAX_CHAIN) throw new ContainerError('container-limit', 'a chain of too many deltas');
      const { base, baseId } = header;
      if (base === undefined) {
        object = baseId && this.#named.elsewhere(baseId);
        if (object === undefined) return 'baseless';
        break;
      }
      at = base;
      object = this.#cache.get(at);
    }
    for (const at of chain.toReversed()) {
      const { size, data } = this.#headerAt(at);
      const patch = at === offset && delta !== undefined ? delta : this.#inflate(data, size).content;
      const next = this.#patched(object, patch);
      if (next === 'too-large') return next;
      object = next;
      this.#cache.add(at, object);
    }
    return object;
  }

  #patched({ type, content }: HeldObject, delta: Buffer): HeldObject | 'too-large' {
    try {
      const { result } = sizesOf(delta);
      if (result > MAX_HELD_BYTES) return 'too-large';
      this.#spend(result);
      return { type, content: applyDelta(content, delta) };
    } catch (error) {
      throw asDamage(error);
    }
  }

  #inflate(position: number, size: number, window = this.#bases): ReturnType<typeof inflate> {
    this.#spend(size);
    try {
      return inflate(window, position, size);
    } catch (error) {
      throw asDamage(error);
    }
  }

  #spend(bytes: number): void {
    this.#decodable -= bytes;
    if (this.#decodable < 0) throw new ContainerError('container-limit', 'it decompresses to too many bytes');
  }

  #headerAt(offset: number, window = this.#bases): EntryHeader {
    const bytes = window.bytesAt(offset, MAX_ENTRY_HEADER_BYTES);
    let at = 0;
    const next = () => {
      const byte = bytes[at];
      if (byte === undefined) throw new ContainerError('damaged', 'the pack is cut off');
      at += 1;
      return byte;
    };
    let byte = next();
    const type = (byte >> 4) & 7;
    let size = byte & 15;
    for (let unit = 16; byte >= 0x80; unit *= 128) {
      byte = next();
      size += (byte & 0x7f) * unit;
    }
    if (!Number.isSafeInteger(size)) throw new ContainerError('damaged', 'an object has an invalid size');
    if (type === OFFSET_DELTA) {
      const base = offset - distanceIn(next);
      // Bases come first, so chains end.
      if (base < HEADER_BYTES || base >= offset) throw new ContainerError('damaged', 'a delta has no base');
      return { type, size, data: offset + at, base };
    }
    if (type === ID_DELTA) {
      const baseId = Buffer.from(bytes.subarray(at, at + this.#idBytes));
      if (baseId.length < this.#idBytes) throw new ContainerError('damaged', 'the pack is cut off');
      return { type, size, data: offset + at + this.#idBytes, base: this.#named.offsetOf(baseId), baseId };
    }
    if (types[type] === undefined) throw new ContainerError('damaged', 'an object has an unknown type');
    return { type, size, data: offset + at };
  }
}

/** How far before a delta its base begins: seven bits in each byte, the highest first, each continued byte plus one. */
function distanceIn(next: () => number): number {
  let byte = next();
  let distance = byte & 0x7f;
  while (byte >= 0x80 && distance < 2 ** 46) {
    byte = next();
    distance = (distance + 1) * 128 + (byte & 0x7f);
  }
  return distance;
}

function asDamage(error: unknown): unknown {
  const isDamage = error instanceof BadData || error instanceof BadDelta;
  return isDamage ? new ContainerError('damaged', error.message) : error;
}
