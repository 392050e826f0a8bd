/**
 * A file's text as UTF-8, piece by piece. UTF-16 and UTF-32 are transcoded; everything else, including binaries, is read
 * directly into the memory that is searched. Does not own the file descriptor: the caller closes it.
 */
import type { FileSystem } from '../../host/platform/index.ts';
import { type ContentKind, contentKind } from './content-kind.ts';
import { Utf32Decoder } from './utf-32.ts';

/** Bytes of the first read. Most files are smaller, and a binary of any size costs no more. */
const FIRST_READ_BYTES = 64 * 1024;
/** Bytes of UTF-16 or UTF-32 that are read at a time. */
const TRANSCODED_BYTES = 64 * 1024;

export class TextSource {
  readonly #fs: Pick<FileSystem, 'read'>;
  readonly #descriptor: number;
  readonly #portion: number;
  /** Only for UTF-16 and UTF-32. */
  #decoder: TextDecoder | Utf32Decoder | undefined;
  #scratch: Buffer | undefined;
  #isAtEnd = false;
  /** The kind of the file's content, known after `start`. */
  kind: ContentKind = 'utf-8';
  /** Bytes of the file that were read. */
  bytesRead = 0;

  /** @param portion maximum number of bytes that are put into the target at a time */
  constructor(fs: Pick<FileSystem, 'read'>, descriptor: number, portion: number) {
    this.#fs = fs;
    this.#descriptor = descriptor;
    this.#portion = portion;
  }

  /** True when there is nothing more to read. */
  get isAtEnd(): boolean {
    return this.#isAtEnd;
  }

  /**
   * Reads the file's beginning into `target` at `offset`, where there must be room for 96 KiB.
   * @returns where the text in `target` now ends
   */
  begin(target: Buffer, offset: number): number {
    const length = this.#read(target, offset, FIRST_READ_BYTES);
    this.kind = contentKind(target, offset, length);
    if (this.kind === 'utf-8' || this.kind === 'binary') return offset + length;
    this.#decoder = decoderFor(this.kind);
    // A unit of UTF-16 has two bytes, and at most three in UTF-8, so the transcoded text fits.
    const copy = Buffer.from(target.subarray(offset, offset + length));
    return offset + this.#transcode(copy, target, offset);
  }

  /**
   * Reads on into `target` from `offset`, until it is full, the text ends, or a portion has been read.
   * @returns where the text in `target` now ends
   */
  fill(target: Buffer, offset: number): number {
    const limit = Math.min(target.length, offset + this.#portion);
    let end = offset;
    while (!this.#isAtEnd && limit - end >= 4) {
      if (this.#decoder === undefined) {
        end += this.#read(target, end, limit - end);
      } else {
        this.#scratch ??= Buffer.allocUnsafe(TRANSCODED_BYTES);
        const room = Math.min(TRANSCODED_BYTES, Math.floor((limit - end - 3) / 2));
        if (room < 2) break;
        const length = this.#read(this.#scratch, 0, room);
        end += this.#transcode(this.#scratch.subarray(0, length), target, end);
      }
    }
    return end;
  }

  /** A short read means the end of a regular file. */
  #read(target: Buffer, offset: number, length: number): number {
    const count = this.#fs.read(this.#descriptor, target, offset, length);
    this.#isAtEnd = count < length;
    this.bytesRead += count;
    return count;
  }

  #transcode(bytes: Buffer, target: Buffer, offset: number): number {
    const text = this.#decoder?.decode(bytes, { stream: !this.#isAtEnd }) ?? '';
    return target.write(text, offset, 'utf8');
  }
}

function decoderFor(kind: Exclude<ContentKind, 'utf-8' | 'binary'>): TextDecoder | Utf32Decoder {
  return kind === 'utf-32le' || kind === 'utf-32be' ? new Utf32Decoder(kind) : new TextDecoder(kind);
}
