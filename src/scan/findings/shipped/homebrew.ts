/**
 * Files that Homebrew installed. Its receipts have no sums, but its cache keeps the archive ("bottle") of a formula for some weeks. A text
 * in which Homebrew replaced a path differs from the archive, and counts as modified.
 */
import type { Platform } from '../../../host/platform/index.ts';
import { homesOn } from './homes.ts';
import type { Origin } from './origin.ts';
import type { PackageFiles } from './package-files.ts';
import { isAsInTarball } from './tarball.ts';

const inCellar = /[\\/]Cellar[\\/]([^\\/]+)[\\/]([^\\/]+)[\\/](.+)$/;
const caches = [
  ['Library', 'Caches', 'Homebrew'],
  ['.cache', 'Homebrew'],
];
/** `openssl@3/3.2.0/share/x` is `share/x`. */
const form = { nameOf: (entry: string) => entry.replace(/^(?:[^/]*\/){2}/, '') };

/** Finds the formula of a file, if the file is as in the archive. */
export function homebrewOrigin(platform: Platform, files: PackageFiles): Origin {
  const { path: paths, fs } = platform;
  const homesOf = homesOn(platform);
  return (path, status) => {
    const [, name = '', version = '', rest = ''] = inCellar.exec(path) ?? [];
    if (name === '') return undefined;
    for (const home of homesOf(path, status)) {
      for (const cache of caches) {
        const folder = paths.join(home, ...cache);
        const archive = targetOf(fs, paths.join(folder, `${name}--${version}`));
        if (archive === undefined) continue;
        if (isAsInTarball(files, path, paths.join(folder, archive), rest, form)) return `${name} ${version}`;
      }
    }
    return undefined;
  };
}

/** A link to the archive, which has the sum of its address in its name. */
function targetOf(fs: Platform['fs'], link: string): string | undefined {
  try {
    return /^downloads\/[^/]+$/.exec(fs.readLink(link))?.[0];
  } catch {
    return undefined;
  }
}
