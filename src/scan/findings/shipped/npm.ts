/**
 * Files of packages that npm installed: `node_modules/.package-lock.json` has the SHA-512 of each package's archive, and npm's cache may
 * still have the archive (npm's "package-lock.json", cacache's README). Only packages of the public registry: others are not known to
 * everybody. Without the archive nothing shows whether a file was changed.
 */
import type { Platform } from '../../../host/platform/index.ts';
import { homesOn } from './homes.ts';
import { fieldsOf } from './json-object.ts';
import { isPublicRegistry, nodePackagesOf } from './node-package.ts';
import type { Origin } from './origin.ts';
import type { PackageFiles } from './package-files.ts';
import { isAsInTarball } from './tarball.ts';

const MAX_LIST_BYTES = 4 * 1024 * 1024;
const caches = [
  ['.npm', '_cacache'],
  ['AppData', 'Local', 'npm-cache', '_cacache'],
];

interface Installed {
  readonly version: string;
  /** Hexadecimal SHA-512 of its archive. */
  readonly sum: string;
}

/** Finds the package of a file, if the file is as in the archive. */
export function npmOrigin(platform: Platform, files: PackageFiles): Origin {
  const { path: paths } = platform;
  const remembered = files.remembers<ReadonlyMap<string, Installed>>();
  const homesOf = homesOn(platform);
  return (path, status) => {
    for (const { root, key, name, rest } of nodePackagesOf(path)) {
      const list = paths.join(root, 'node_modules', '.package-lock.json');
      const packages = remembered(list, () => installedIn(files.jsonOf(list, MAX_LIST_BYTES)));
      const found = packages.get(key);
      if (found === undefined) continue;
      const { sum, version } = found;
      const place = ['content-v2', 'sha512', sum.slice(0, 2), sum.slice(2, 4), sum.slice(4)];
      for (const home of homesOf(path, status)) {
        for (const cache of caches) {
          const archive = paths.join(home, ...cache, ...place);
          if (isAsInTarball(files, path, archive, rest)) return `${name} ${version}`;
        }
      }
    }
    return undefined;
  };
}

/** The packages from the public registry, by their folder. */
function installedIn(list: unknown): ReadonlyMap<string, Installed> {
  const found = new Map<string, Installed>();
  for (const [key, entry] of Object.entries(fieldsOf(fieldsOf(list)['packages']))) {
    const { version, resolved, integrity } = fieldsOf(entry);
    if (typeof version !== 'string' || typeof resolved !== 'string' || typeof integrity !== 'string')
      continue;
    const sum = /^sha512-([\w+/]{86}==)/.exec(integrity)?.[1];
    if (sum === undefined || !isPublicRegistry(resolved)) continue;
    found.set(key, { version, sum: Buffer.from(sum, 'base64').toString('hex') });
  }
  return found;
}
