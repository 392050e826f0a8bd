/** Opens the files of a repository's object store, as the scan opens all files: no link is followed, and only regular files are read. */
import { inflateSync } from 'node:zlib';
import { codeOf } from '../../host/exit/task-error.ts';
import type { FolderWalk, Platform } from '../../host/platform/index.ts';
import { ContainerError } from '../containers/container.ts';
import { openFile } from '../files/open-file.ts';
import { FileWindow } from './file-window.ts';
import { BadData, inflateInPieces } from './inflate.ts';
import { CACHE_BYTES, MAX_HELD_BYTES } from './limits.ts';
import { ObjectCache } from './object-cache.ts';
import { type HeldObject, isObjectType } from './git-object.ts';
import { type Bases, PackReader } from './pack-reader.ts';
import type { Part } from './repository-parts.ts';

/** Packs that are open at a time. */
const MAX_OPEN_PACKS = 4;
const WINDOW_BYTES = 64 * 1024;
/** `commit 123`, and a NUL. */
const MAX_HEADER_BYTES = 32;
const HEADER = /^(commit|tree|blob|tag) (\d{1,15})\0/;

interface OpenPack {
  readonly reader: PackReader;
  readonly close: () => void;
}

/** A loose object; one that is too large to be held comes as a stream. */
export type LooseObject =
  HeldObject | { readonly pieces: AsyncIterable<Uint8Array>; readonly close: () => void };

export class ObjectFiles {
  readonly #objects: string;
  readonly #path: string;
  readonly #platform: Platform;
  readonly #walk: FolderWalk;
  readonly #idBytes: number;
  readonly #cache = new ObjectCache(CACHE_BYTES);
  /** By part, those that were used longest ago first. */
  readonly #packs = new Map<number, OpenPack>();

  /** @param objects the folder, without links; @param path the same as it is reported */
  constructor(objects: string, path: string, idBytes: number, platform: Platform, walk: FolderWalk) {
    this.#objects = objects;
    this.#path = path;
    this.#idBytes = idBytes;
    this.#platform = platform;
    this.#walk = walk;
  }

  /** As it is reported. */
  pathOf({ name }: Part): string {
    return this.#platform.path.join(this.#path, name);
  }

  /**
   * @param number of the part
   * @throws the file system's error; ContainerError
   */
  pack(part: Part, number: number, bases: Bases): PackReader {
    const open = this.#packs.get(number);
    if (open !== undefined) {
      this.#packs.delete(number);
      this.#packs.set(number, open);
      return open.reader;
    }
    for (const [oldest, { close }] of this.#packs) {
      if (this.#packs.size < MAX_OPEN_PACKS) break;
      close();
      this.#packs.delete(oldest);
    }
    const { descriptor, size, close } = this.#open(part);
    const file = { fs: this.#platform.fs, descriptor, size };
    const reader = new PackReader(file, this.#idBytes, bases, this.#cache.of(number));
    this.#packs.set(number, { reader, close });
    return reader;
  }

  /** @throws the file system's error; ContainerError */
  loose(part: Part): LooseObject {
    const { descriptor, size, close } = this.#open(part);
    const window = new FileWindow(this.#platform.fs, descriptor, size, WINDOW_BYTES);
    const whole = size <= MAX_HELD_BYTES ? contentOf(window) : 'too-large';
    if (whole === 'too-large')
      return { pieces: withoutHeader(inflateInPieces(window, 0, () => undefined)), close };
    close();
    if (whole === undefined) throw new ContainerError('damaged', 'no object of git');
    return whole;
  }

  /** Closes all files: a new reading of the packs begins. */
  close(): void {
    for (const { close } of this.#packs.values()) close();
    this.#packs.clear();
  }

  #open({ name, folder }: Part) {
    const { fs, os, path: paths } = this.#platform;
    const place = {
      kind: 'file' as const,
      path: name,
      name: paths.basename(name),
      parent: paths.join(this.#objects, folder),
    };
    const opened = openFile(
      { fs, os },
      { ...place, folder: { ...this.#walk.open(place.parent), isForeign: () => true } },
    );
    if (opened.kind === 'skipped') throw new ContainerError('unsupported', opened.reason);
    const { descriptor, status } = opened;
    return { descriptor, size: status.size, close: () => fs.close(descriptor) };
  }
}

/** Undefined for a file that is no object of git. */
function contentOf(window: FileWindow): HeldObject | 'too-large' | undefined {
  let whole: Buffer;
  try {
    whole = inflateSync(window.bytesAt(0, window.size), { maxOutputLength: MAX_HELD_BYTES });
  } catch (error) {
    return codeOf(error) === 'ERR_BUFFER_TOO_LARGE' ? 'too-large' : undefined;
  }
  const [header = '', type, length] = HEADER.exec(whole.toString('latin1', 0, MAX_HEADER_BYTES)) ?? [];
  const content = whole.subarray(header.length);
  const isWhole = Number(length) === content.length;
  return isObjectType(type) && isWhole ? { type, content } : undefined;
}

async function* withoutHeader(
  pieces: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  let isFirst = true;
  try {
    for await (const piece of pieces) {
      yield isFirst ? piece.subarray(1 + piece.subarray(0, MAX_HEADER_BYTES).indexOf(0)) : piece;
      isFirst = false;
    }
  } catch (error) {
    throw error instanceof BadData ? new ContainerError('damaged', error.message) : error;
  }
}
