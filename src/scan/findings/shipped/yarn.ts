/**
 * Files of packages that Yarn 1 installed: its cache keeps the archive beside the files of each package, and `.yarn-integrity` lists
 * where each package is from. Only packages of the public registry: others are not known to everybody.
 */
import type { Platform } from '../../../host/platform/index.ts';
import { type HomesOf, homesOn } from './homes.ts';
import { fieldsOf } from './json-object.ts';
import { isPublicRegistry, nodePackagesOf } from './node-package.ts';
import type { Origin } from './origin.ts';
import type { PackageFiles } from './package-files.ts';
import { isAsInTarball } from './tarball.ts';
import type { Subject } from './trust.ts';

const MAX_LIST_BYTES = 4 * 1024 * 1024;
const cached =
  /^(.*[\\/]npm-[^\\/]+?-(\d+\.\d+\.\d+[^\\/]*)-[0-9a-f]{40}-integrity)[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)[\\/](.+)$/;
/** `https://registry.yarnpkg.com/@b/c/-/c-1.0.0.tgz#` and the SHA-1 of the archive. */
const address = /^https:\/\/[^/]+\/(.+)\/-\/[^/]+?-(\d+\.\d+\.\d+[^/]*)\.tgz#([0-9a-f]{40})$/;

/** Finds the package of a file, if the file is as in the archive. */
export function yarnOrigin(platform: Platform, files: PackageFiles): Origin {
  const { path: paths } = platform;
  const remembered = files.remembers<ReadonlyMap<string, readonly Entry[]>>();
  const foldersOf = cachesOn(platform);
  const isIn = (path: string, folder: string, rest: string) =>
    isFromRegistry(files, paths.join(folder, '.yarn-metadata.json')) &&
    isAsInTarball(files, path, paths.join(folder, '.yarn-tarball.tgz'), rest);
  return (path, status) => {
    const [, entry = '', version = '', folder = '', rest = ''] = cached.exec(path) ?? [];
    if (entry !== '') {
      const isSame = isIn(path, paths.join(entry, 'node_modules', folder), rest);
      return isSame ? `${folder.replaceAll('\\', '/')} ${version}` : undefined;
    }
    for (const one of nodePackagesOf(path).slice(0, 1)) {
      const list = paths.join(one.root, 'node_modules', '.yarn-integrity');
      const entries = remembered(list, () => entriesIn(files.jsonOf(list, MAX_LIST_BYTES)));
      for (const { name, installed } of entries.get(one.name) ?? []) {
        for (const cache of foldersOf(path, status)) {
          const copy = paths.join(cache, name, 'node_modules', one.name);
          if (isIn(path, copy, one.rest)) return `${one.name} ${installed}`;
        }
      }
    }
    return undefined;
  };
}

/** A package's folder in the cache, and its version. */
interface Entry {
  readonly name: string;
  readonly installed: string;
}

/** Maximum number of versions of a package that are compared. */
const MAX_VERSIONS = 4;

/** The folders in the cache, by the name of the package. */
function entriesIn(list: unknown): ReadonlyMap<string, readonly Entry[]> {
  const found = new Map<string, readonly Entry[]>();
  for (const url of Object.values(fieldsOf(fieldsOf(list)['lockfileEntries']))) {
    const [, name = '', installed = '', sum = ''] = (typeof url === 'string' && address.exec(url)) || [];
    const entry = { name: `npm-${name.replace('/', '-')}-${installed}-${sum}-integrity`, installed };
    if (name !== '') found.set(name, [...(found.get(name) ?? []), entry].slice(0, MAX_VERSIONS));
  }
  return found;
}

function isFromRegistry(files: PackageFiles, metadata: string): boolean {
  const resolved = /^ *"resolved": "([^"]+)"/;
  const url = files.inLines(metadata, MAX_LIST_BYTES, '"resolved"', (line) => resolved.exec(line)?.[1]);
  return url !== undefined && isPublicRegistry(url);
}

/** The folders of the cache, in the order of "yarn cache dir". */
function cachesOn(platform: Platform): HomesOf {
  const { path: paths } = platform;
  const homesOf = homesOn(platform);
  const below = [
    ['.cache', 'yarn', 'v6'],
    ['Library', 'Caches', 'Yarn', 'v6'],
    ['AppData', 'Local', 'Yarn', 'Cache', 'v6'],
  ];
  return (path: string, status: Subject['status']) => [
    ...homesOf(path, status).flatMap((home) => below.map((folder) => paths.join(home, ...folder))),
    // Of root.
    ...(platform.os === 'windows' ? [] : ['/usr/local/share/.cache/yarn/v6']),
  ];
}
