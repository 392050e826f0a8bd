/**
 * A file's text as UTF-8, piece by piece. UTF-16 is transcoded on its way; everything else comes as it is. Owns no file
 * descriptor: who opened it closes it.
 */
import type { FileSystem } from '../platform/index.ts';
import { type ContentKind, contentKind } from './walk/index.ts';

/** The first read. Most files are smaller, and a binary of any size costs no more. */
const FIRST_READ = 64 * 1024;

export class TextSource {
  readonly #fs: FileSystem;
  readonly #descriptor: number;
  /** Where UTF-16 is read to. */
  readonly #scratch: Buffer;
  #decoder: TextDecoder | undefined;
  #isAtEnd = false;
  /** Bytes of the file that were read. */
  bytesRead = 0;

  constructor(fs: FileSystem, descriptor: number, scratch: Buffer) {
    this.#fs = fs;
    this.#descriptor = descriptor;
    this.#scratch = scratch;
  }

  /** True when there is nothing more to read. */
  get isAtEnd(): boolean {
    return this.#isAtEnd;
  }

  /**
   * Reads the file's beginning into `target`, which must have room for 64 KiB.
   * @returns what the file holds, and how many bytes of text are in `target` now: none of a binary.
   */
  begin(target: Buffer): { readonly kind: ContentKind; readonly length: number } {
    const length = this.#read(target, 0, FIRST_READ);
    const kind = contentKind(target, length);
    if (kind === 'utf-8') return { kind, length };
    if (kind === 'binary') return { kind, length: 0 };
    this.#decoder = new TextDecoder(kind);
    // One unit of UTF-16 is two bytes, and at most three in UTF-8: copied away, it fits.
    target.copy(this.#scratch, 0, 0, length);
    return { kind, length: this.#transcode(length, target, 0) };
  }

  /**
   * Reads on into `target` from `offset`, until it is full or the text ends.
   * @returns where the text in `target` ends now.
   */
  fill(target: Buffer, offset: number): number {
    let end = offset;
    while (!this.#isAtEnd && target.length - end >= 4) {
      if (this.#decoder === undefined) {
        end += this.#read(target, end, target.length - end);
      } else {
        const room = Math.min(this.#scratch.length, Math.floor((target.length - end - 3) / 2));
        if (room < 2) break;
        end += this.#transcode(this.#read(this.#scratch, 0, room), target, end);
      }
    }
    return end;
  }

  /** A short read is the end of a regular file. */
  #read(target: Buffer, offset: number, length: number): number {
    const count = this.#fs.read(this.#descriptor, target, offset, length);
    this.#isAtEnd = count < length;
    this.bytesRead += count;
    return count;
  }

  #transcode(length: number, target: Buffer, offset: number): number {
    const text = this.#decoder?.decode(this.#scratch.subarray(0, length), { stream: !this.#isAtEnd }) ?? '';
    return target.write(text, offset, 'utf8');
  }
}
