/** Files that are recognized by their names: which rules apply to which of them. */

/**
 * A file matches when its name is one of these, ends in one of these or is in one of these folders, and its
 * path matches too.
 */
export interface FileKind {
  /** Whole names, in lower case: `.netrc`. */
  readonly names?: readonly string[];
  /** What follows a name's last dot, in lower case: `rdp`. */
  readonly extensions?: readonly string[];
  /**
   * Names of the folder that contains it, in lower case, for files whose own names are not distinctive:
   * `svn.simple`.
   */
  readonly folders?: readonly string[];
  /** An additional condition on the whole path, which has forward slashes and lower case. */
  readonly path?: RegExp;
}

/** A path as rules see it: forward slashes, lower case. */
export function rulePath(path: string): string {
  return path.replaceAll('\\', '/').toLowerCase();
}

/** Does the path, as rules see it, belong to a file of this kind? */
export function isOfKind({ names, extensions, folders, path: whole }: FileKind, path: string): boolean {
  const { name, extension, folder } = partsOf(path);
  const isNamed =
    names?.includes(name) === true ||
    extensions?.includes(extension) === true ||
    folders?.includes(folder) === true;
  return isNamed && (whole?.test(path) ?? true);
}

function partsOf(path: string): { name: string; extension: string; folder: string } {
  const slash = path.lastIndexOf('/');
  const name = path.slice(slash + 1);
  const folder = slash <= 0 ? '' : path.slice(path.lastIndexOf('/', slash - 1) + 1, slash);
  return { name, extension: name.slice(name.lastIndexOf('.') + 1), folder };
}

/** Finds what applies to a file by looking up its name, however many kinds there are. */
export class FileKindIndex {
  readonly #byName = new Map<string, number[]>();
  readonly #byExtension = new Map<string, number[]>();
  readonly #byFolder = new Map<string, number[]>();
  readonly #kinds: ReadonlyMap<number, FileKind>;

  /** Each kind with a number that represents it. */
  constructor(kinds: ReadonlyMap<number, FileKind>) {
    this.#kinds = kinds;
    for (const [number, { names = [], extensions = [], folders = [] }] of kinds) {
      for (const name of names) append(this.#byName, name, number);
      for (const extension of extensions) append(this.#byExtension, extension, number);
      for (const folder of folders) append(this.#byFolder, folder, number);
    }
  }

  /** The numbers of the kinds to which a file with this path, as rules see it, belongs. */
  of(path: string): readonly number[] {
    const { name, extension, folder } = partsOf(path);
    const byName = this.#byName.get(name);
    const byExtension = this.#byExtension.get(extension);
    const byFolder = this.#byFolder.get(folder);
    if (byName === undefined && byExtension === undefined && byFolder === undefined) return none;
    return [...new Set([...(byName ?? none), ...(byExtension ?? none), ...(byFolder ?? none)])].filter(
      (number) => this.#kinds.get(number)?.path?.test(path) ?? true,
    );
  }
}

const none: readonly number[] = [];

function append(map: Map<string, number[]>, key: string, value: number): void {
  const values = map.get(key);
  if (values === undefined) map.set(key, [value]);
  else values.push(value);
}
