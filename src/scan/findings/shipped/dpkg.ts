/** Files of Debian packages: dpkg keeps the MD5 of each (deb-md5sums(5)). Configuration files are not in these lists. */
import { posix } from 'node:path';
import type { Platform } from '../../../host/platform/index.ts';
import { MAX_BYTES, type Origin } from './origin.ts';
import type { PackageFiles } from './package-files.ts';
import { Recent } from './recent.ts';

const DATABASE = '/var/lib/dpkg';
const MAX_LIST_BYTES = 16 * 1024 * 1024;
/** Maximum number of folders whose package is known. */
const MAX_KNOWN = 1000;

interface Package {
  readonly name: string;
  readonly version: string;
  readonly list: string;
}

/** Finds the package of a file, if the file is as the package brought it. */
export function dpkgOrigin({ os, fs }: Platform, files: PackageFiles): Origin {
  let packages: readonly Package[] | undefined;
  /** Packages of a folder's files, and folders in which nothing was found. */
  const known = new Recent<Package>(MAX_KNOWN);
  const foreign = new Recent<true>(MAX_KNOWN);
  return (path) => {
    if (os !== 'linux' || !/^\/(?:usr|opt|lib|bin|sbin)\/(?!local\/)/.test(path)) return undefined;
    const folder = posix.dirname(path);
    if (foreign.get(folder) === true) return undefined;
    packages ??= installed(fs);
    const likely = known.get(folder);
    for (const one of new Set(likely === undefined ? packages : [likely, ...packages])) {
      const sum = listedSum(files, one.list, path);
      if (sum === undefined) continue;
      known.set(folder, one);
      const isSame = files.sumOf(path, MAX_BYTES, 'md5')?.digest('hex') === sum;
      return isSame ? `${one.name} ${one.version}` : undefined;
    }
    foreign.set(folder, true);
    return undefined;
  };
}

/** The sum of a path in a list; where `/lib` is a link, the list may name the file with or without `/usr`. */
function listedSum(files: PackageFiles, list: string, path: string): string | undefined {
  const short = path.replace(/^\/(?:usr\/)?/, '');
  return files.inLines(list, MAX_LIST_BYTES, short, (line) => {
    const [, sum, name] = /^([0-9a-f]{32}) {2}(.*)$/.exec(line) ?? [];
    return name === short || name === path.slice(1) ? sum : undefined;
  });
}

function installed(fs: Platform['fs']): readonly Package[] {
  let status: string;
  try {
    status = fs.readText(`${DATABASE}/status`);
  } catch {
    return [];
  }
  return status.split('\n\n').flatMap((block) => {
    const field = (name: string) => new RegExp(`^${name}: (.{1,200})$`, 'm').exec(block)?.[1];
    const [name, version] = [field('Package'), field('Version')];
    if (name === undefined || version === undefined) return [];
    const suffix = field('Multi-Arch') === 'same' ? `:${field('Architecture') ?? ''}` : '';
    return [{ name, version, list: `${DATABASE}/info/${name}${suffix}.md5sums` }];
  });
}
