/**
 * What is appended to the agent's log while a run is in progress. The position in each file is noted at the start; a file that is
 * renamed keeps it, and new files are read from their beginning. Files that another user could have written prove nothing and are not
 * read.
 */
import { readRange, requireAnswer } from '../platform/index.ts';
import { type OpenLogFile, someLogFile } from './log-folder.ts';

/** Files of a folder that are looked at: two weeks of files that are rotated for their size, too. */
const MAX_FILES = 256;
/** Bytes that are read of a file at a time: the last ones, if more were appended. */
const MAX_BYTES = 4 * 1024 * 1024;
/** Bytes that are read again the next time: a line may have been incomplete. */
const OVERLAP = 16 * 1024;

export class AgentLog {
  readonly #folders: readonly string[];
  /** By the identity of a file: everything before was there when the run began, or was searched. */
  readonly #positions = new Map<string, number>();

  private constructor(folders: readonly string[]) {
    this.#folders = folders;
    this.#forEachFile(({ identity, size }) => {
      this.#positions.set(identity, size);
      return false;
    });
  }

  /**
   * Notes the present end of the log.
   * @param folders absolute paths that may contain log files
   * @param signal aborted when the run must end: ends the wait for a file system
   * @param emptyCounts whether a folder without a log file counts as readable: its first file will be new
   * @returns undefined if this process can read none of them, or has no reason to trust them
   */
  static async open(
    folders: readonly string[],
    signal: AbortSignal,
    { emptyCounts = false }: { readonly emptyCounts?: boolean } = {},
  ): Promise<AgentLog | undefined> {
    const readable: string[] = [];
    for (const folder of folders) if (await isReadable(folder, signal, emptyCounts)) readable.push(folder);
    return readable.length === 0 ? undefined : new AgentLog(readable);
  }

  /**
   * True for each of these groups of texts of which one was appended since the start, or since the last look, which is where this one
   * begins.
   */
  haveNew(groups: readonly (readonly string[])[]): boolean[] {
    const found = groups.map(() => false);
    this.#forEachFile((file) => {
      const { from, bytes } = this.#appendedTo(file);
      const searched = from + bytes.length;
      this.#positions.set(file.identity, Math.max(from, searched - OVERLAP));
      for (const [index, texts] of groups.entries())
        found[index] ||= texts.some((text) => bytes.includes(text));
      return found.every(Boolean);
    });
    return found;
  }

  /** The complete lines that were appended since the start, or since the last call. For a log on which `haveNew` is not called. */
  newLines(): string[] {
    const lines: string[] = [];
    this.#forEachFile((file) => {
      const { from, bytes } = this.#appendedTo(file);
      const end = bytes.lastIndexOf('\n') + 1;
      this.#positions.set(file.identity, from + end);
      if (end > 0) lines.push(...bytes.toString('utf8', 0, end - 1).split('\n'));
      return false;
    });
    return lines;
  }

  /** The end of a file, from where it was read before, and that position. */
  #appendedTo(file: OpenLogFile): { readonly from: number; readonly bytes: Buffer } {
    const known = this.#positions.get(file.identity) ?? 0;
    // A shorter file was cut and begins anew.
    const from = Math.max(known <= file.size ? known : 0, file.size - MAX_BYTES);
    return { from, bytes: readRange(file.descriptor, file.size - from, from) };
  }

  /** Calls the function with each log file until it returns true. @returns whether it did */
  #forEachFile(action: (file: OpenLogFile) => boolean): boolean {
    return this.#folders.some((path) => {
      try {
        return someLogFile(path, action, { most: MAX_FILES }).isDone;
      } catch {
        // A folder that has been removed or replaced proves nothing.
        return false;
      }
    });
  }
}

/** True if it contains a log file that this process can read and that only trusted users can write; or none, where that counts. */
async function isReadable(path: string, signal: AbortSignal, emptyCounts: boolean): Promise<boolean> {
  try {
    const what = "the agent's log";
    await requireAnswer({ path, what, kind: 'config', remedy: 'move it to a local file system', signal });
    const { count, isDone } = someLogFile(path, () => true, { most: MAX_FILES });
    return isDone || (emptyCounts && count === 0);
  } catch {
    return false;
  }
}
