/** Reads contents from git's database, one after another, each in pieces: `git cat-file --batch`. */
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import type { Git } from './git.ts';

/** Of a header: an id, a type and a size. */
const MAX_HEADER_BYTES = 1024;
const LINE_FEED = 10;

export class BlobReader {
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #output: AsyncIterator<unknown>;
  #rest: Buffer = Buffer.alloc(0);
  /** Bytes of the current content that have not been read, with the line feed after them. */
  #left = 0;

  constructor(git: Git) {
    this.#process = git.start(['cat-file', '--batch']);
    // That it could not be started, or was ended by the signal, is seen at its output.
    this.#process.on('error', () => undefined);
    this.#process.stderr.resume();
    this.#output = this.#process.stdout[Symbol.asyncIterator]();
  }

  /**
   * A content, from its beginning. The content before must not be read any more.
   * @throws Error when there is none, or when git has ended
   */
  async *read(id: string): AsyncGenerator<Uint8Array, void, undefined> {
    while (this.#left > 0) await this.#piece();
    this.#process.stdin.write(`${id}\n`);
    const header = await this.#line();
    const [, size] = /^[0-9a-f]+ blob (\d{1,15})$/.exec(header) ?? [];
    if (size === undefined) throw new Error('git does not have the content');
    this.#left = Number(size) + 1;
    while (this.#left > 1) yield await this.#piece();
    await this.#piece();
  }

  close(): void {
    this.#process.kill();
  }

  /** The next bytes of the content, without the line feed after it unless that is all that is left. */
  async #piece(): Promise<Buffer> {
    if (this.#rest.length === 0) this.#rest = await this.#more();
    const piece = this.#rest.subarray(0, Math.max(1, this.#left - 1));
    this.#rest = this.#rest.subarray(piece.length);
    this.#left -= piece.length;
    return piece;
  }

  async #line(): Promise<string> {
    for (;;) {
      const end = this.#rest.indexOf(LINE_FEED);
      if (end >= 0) {
        const line = this.#rest.toString('latin1', 0, end);
        this.#rest = this.#rest.subarray(end + 1);
        return line;
      }
      if (this.#rest.length > MAX_HEADER_BYTES) throw new Error('git sent an invalid header');
      this.#rest = Buffer.concat([this.#rest, await this.#more()]);
    }
  }

  async #more(): Promise<Buffer> {
    const { value, done } = await this.#output.next();
    if (done !== true && Buffer.isBuffer(value)) return value;
    throw new Error('git has ended');
  }
}
