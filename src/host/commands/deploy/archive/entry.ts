/** What archives contain. */

export interface Entry {
  /** Relative, with forward slashes, without `.` and `..`. */
  readonly path: string;
  readonly content: Buffer;
  readonly executable: boolean;
}

/** Bytes of all files of an archive. An executable has 120 MB. */
export const MAX_CONTENT_BYTES = 512 * 1024 * 1024;
const MAX_ENTRIES = 1000;
const LONGEST_PATH = 1000;

/** Collects the files of an archive, and refuses those that none of our archives contains. */
export class Entries {
  readonly #byPath = new Map<string, Entry>();
  #bytes = 0;

  /** @throws Error for a path that leads out of the archive's folder, or too many files */
  checkPath(path: string): void {
    const names = path.split('/');
    if (path.length > LONGEST_PATH) throw new Error('it contains a path that is too long');
    if (/[\\:\0]/.test(path) || names.some((name) => name === '' || name === '.' || name === '..')) {
      throw new Error(`${path} is not a path within the archive`);
    }
    if (this.#byPath.has(path)) throw new Error(`it contains ${path} twice`);
    if (this.#byPath.size >= MAX_ENTRIES) throw new Error(`it contains more than ${MAX_ENTRIES} files`);
  }

  /** Counts bytes before they are read. @throws Error if there are too many */
  reserve(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes > MAX_CONTENT_BYTES) {
      throw new Error(`it contains more than ${MAX_CONTENT_BYTES / (1024 * 1024)} MiB`);
    }
  }

  add(entry: Entry): void {
    this.#byPath.set(entry.path, entry);
  }

  /** In the order of the archive. */
  list(): Entry[] {
    return [...this.#byPath.values()];
  }
}
