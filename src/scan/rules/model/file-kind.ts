/** Files that are known by their names: which rules are meant for which of them. */

/** A file fits when its name is one of these, ends in one of these or stands in one of these folders, and its path fits too. */
export interface FileKind {
  /** Whole names, in small letters: `.netrc`. */
  readonly names?: readonly string[];
  /** What follows a name's last dot, in small letters: `rdp`. */
  readonly extensions?: readonly string[];
  /** Names of the folder that it is in, in small letters, for files whose own names say nothing: `svn.simple`. */
  readonly folders?: readonly string[];
  /** Besides, what the whole path must match; it has forward slashes and small letters. */
  readonly path?: RegExp;
}

/** A path as rules see it: forward slashes, small letters. */
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

/** Finds what is meant for a file by looking up its name, however many kinds there are. */
export class FileKindIndex {
  readonly #byName = new Map<string, number[]>();
  readonly #byExtension = new Map<string, number[]>();
  readonly #byFolder = new Map<string, number[]>();
  readonly #kinds: ReadonlyMap<number, FileKind>;

  /** Each kind with a number that stands for it. */
  constructor(kinds: ReadonlyMap<number, FileKind>) {
    this.#kinds = kinds;
    for (const [number, { names = [], extensions = [], folders = [] }] of kinds) {
      for (const name of names) append(this.#byName, name, number);
      for (const extension of extensions) append(this.#byExtension, extension, number);
      for (const folder of folders) append(this.#byFolder, folder, number);
    }
  }

  /** The numbers of the kinds that a file with this path, as rules see it, belongs to. */
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
