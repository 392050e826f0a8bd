/** Files that are known by their names: which rules are meant for which of them. */

/** A file fits when its name is one of these, or ends in one of these, and its path fits too. */
export interface FileKind {
  /** Whole names, in small letters: `.netrc`. */
  readonly names?: readonly string[];
  /** What follows a name's last dot, in small letters: `rdp`. */
  readonly extensions?: readonly string[];
  /** Besides, what the whole path must match; it has forward slashes and small letters. */
  readonly path?: RegExp;
}

/** A path as rules see it: forward slashes, small letters. */
export function rulePath(path: string): string {
  return path.replaceAll('\\', '/').toLowerCase();
}

/** Finds what is meant for a file by looking up its name, however many kinds there are. */
export class FileKindIndex {
  readonly #byName = new Map<string, number[]>();
  readonly #byExtension = new Map<string, number[]>();
  readonly #kinds: ReadonlyMap<number, FileKind>;

  /** Each kind with a number that stands for it. */
  constructor(kinds: ReadonlyMap<number, FileKind>) {
    this.#kinds = kinds;
    for (const [number, { names = [], extensions = [] }] of kinds) {
      for (const name of names) append(this.#byName, name, number);
      for (const extension of extensions) append(this.#byExtension, extension, number);
    }
  }

  /** The numbers of the kinds that a file with this path, as rules see it, belongs to. */
  of(path: string): readonly number[] {
    const name = path.slice(path.lastIndexOf('/') + 1);
    const byName = this.#byName.get(name);
    const byExtension = this.#byExtension.get(name.slice(name.lastIndexOf('.') + 1));
    if (byName === undefined && byExtension === undefined) return none;
    return [...new Set([...(byName ?? none), ...(byExtension ?? none)])].filter(
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
