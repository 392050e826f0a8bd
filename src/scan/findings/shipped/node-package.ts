/** Where a file stands in a tree of Node packages, and which registries everybody can install from. */

/** One package that contains a file: the innermost, or one that it is bundled with. */
export interface NodePackage {
  /** The folder that the tree of packages is in. */
  readonly root: string;
  /** Below the root, with slashes: `node_modules/a/node_modules/@b/c`. */
  readonly key: string;
  /** `@b/c`. */
  readonly name: string;
  /** The file below the package. */
  readonly rest: string;
}

/** The packages that contain a file, the innermost first. */
export function nodePackagesOf(path: string): NodePackage[] {
  const parts = path.split(/[\\/]/);
  const first = parts.indexOf('node_modules');
  if (first < 0) return [];
  const root = path.slice(0, parts.slice(0, first).join('/').length);
  const found: NodePackage[] = [];
  for (let at = first; at < parts.length; at += 1) {
    if (parts[at] !== 'node_modules') continue;
    const end = at + (parts[at + 1]?.startsWith('@') === true ? 3 : 2);
    if (end >= parts.length) continue;
    const name = parts.slice(at + 1, end).join('/');
    found.push({ root, key: parts.slice(first, end).join('/'), name, rest: parts.slice(end).join('/') });
  }
  return found.toReversed().slice(0, MAX_LEVELS);
}

/** Maximum number of packages within each other that are looked at. */
const MAX_LEVELS = 8;

/** True for an address at npm's registry, or its mirror for Yarn. */
export function isPublicRegistry(url: string): boolean {
  return /^https:\/\/registry\.(?:npmjs\.org|yarnpkg\.com)\//.test(url);
}
