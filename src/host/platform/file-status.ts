/** The status of a file, compatible with `fs.Stats`. */
export interface FileStatus {
  isFile(): boolean;
  isDirectory(): boolean;
  isSymbolicLink(): boolean;
  readonly size: number;
  /** Space allocated for its content, in units of 512 bytes. */
  readonly blocks: number;
  /** Permissions and type; meaningless on Windows. */
  readonly mode: number;
  /** The owner; 0 on Windows. */
  readonly uid: number;
  /** The group; 0 on Windows. */
  readonly gid: number;
  readonly dev: number;
  readonly ino: number;
  /** Milliseconds since 1970, with the fraction that a double holds: a quarter of a microsecond. */
  readonly mtimeMs: number;
  readonly ctimeMs: number;
}

/** The status of what is at a path, or undefined if there is nothing, or it cannot be told. */
export function statusIfKnown(
  fs: { readonly status: (path: string) => FileStatus },
  path: string,
): FileStatus | undefined {
  try {
    return fs.status(path);
  } catch {
    return undefined;
  }
}
