/**
 * Places inside a file, such as an entry of an archive: `backup.zip!/etc/app.env`, nested in the same way. A folder may be called `x!`, so
 * a path alone does not say where a file ends: `inside` always goes with it, and nothing here splits a path by guessing.
 */

/** Between a file and what it contains. */
const INSIDE = '!/';
/** Maximum length of the name of an entry, in UTF-16 code units. Of a longer one, the beginning and the end are kept. */
const MAX_NAME_LENGTH = 1000;

/** Something in a file: the file's path, and the names that lead to the entry. */
export interface InnerPlace {
  /** With `inside` at its end, if there is one. */
  readonly path: string;
  /** The place in the file; undefined for the file itself. */
  readonly inside?: string | undefined;
}

/** The path of a place in a file; that of the file itself without `inside`. */
export function joinInner(path: string, inside: string | undefined): string {
  return inside === undefined ? path : path + INSIDE + inside;
}

/** The path of the file that contains the place. */
export function filePathOf({ path, inside }: InnerPlace): string {
  return inside === undefined ? path : path.slice(0, path.length - INSIDE.length - inside.length);
}

/** The paths of the file, and of each container in it that contains the place; not that of the place itself. */
export function containersOf(place: InnerPlace): string[] {
  const containers: string[] = [];
  const { path, inside } = place;
  if (inside === undefined) return containers;
  let at = filePathOf(place).length;
  for (; at >= 0; at = path.indexOf(INSIDE, at + INSIDE.length)) containers.push(path.slice(0, at));
  return containers;
}

/** True for a path that names a place in this file; it may be that of a file in a folder whose name ends with `!`. */
export function mayBeInFile(path: string, file: string): boolean {
  return path.startsWith(file + INSIDE);
}

/** The names that lead from the file to the place: `['site.tar', 'etc/app.env']`. */
export function namesInside({ inside }: Pick<InnerPlace, 'inside'>): string[] {
  return inside?.split(INSIDE) ?? [];
}

/** Stands for everything in a file, where a place inside is meant. */
export const ALL_INSIDE = '';

/** True for a place in the container, at any depth, and for the container itself. @param container a place inside */
export function isInContainer(inside: string | undefined, container: string): boolean {
  if (inside === undefined) return false;
  return container === ALL_INSIDE || inside === container || inside.startsWith(container + INSIDE);
}

/** The name of an entry as locations contain it: relative, bounded, and without a NUL. The original may be hostile. */
export function entryName(name: string): string {
  const relative = name
    .toWellFormed()
    .replaceAll('\0', '\uFFFD')
    .replace(/^(?:\.?\/+)+/, '');
  if (relative === '') return 'unnamed';
  if (relative.length <= MAX_NAME_LENGTH) return relative;
  const half = MAX_NAME_LENGTH / 2;
  return `${relative.slice(0, half)}…${relative.slice(-half)}`.toWellFormed();
}
