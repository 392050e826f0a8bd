/** Files of Debian packages: dpkg keeps the MD5 of each (deb-md5sums(5)). Configuration files are not in these lists. */
import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import type { Platform } from '../../../host/platform/index.ts';
import type { Origin } from './origin.ts';
import { readWhole } from './read-whole.ts';

const DATABASE = '/var/lib/dpkg';
const MAX_LIST_BYTES = 16 * 1024 * 1024;

interface Package {
  readonly name: string;
  readonly version: string;
  readonly list: string;
}

/** Finds the package of a file, if the file is as the package brought it. */
export function dpkgOrigin({ os, fs }: Platform): Origin {
  let packages: readonly Package[] | undefined;
  /** Packages of a folder's files, and folders in which nothing was found. */
  const known = new Map<string, Package>();
  const foreign = new Set<string>();
  return (path, content) => {
    if (os !== 'linux' || !/^\/(?:usr|opt|lib|bin|sbin)\/(?!local\/)/.test(path)) return undefined;
    const folder = posix.dirname(path);
    if (foreign.has(folder)) return undefined;
    packages ??= installed(fs);
    const likely = known.get(folder);
    for (const one of likely === undefined ? packages : [likely, ...packages]) {
      const sum = sumOf(readWhole(fs, one.list, MAX_LIST_BYTES), path);
      if (sum === undefined) continue;
      known.set(folder, one);
      const bytes = content();
      const isSame = bytes !== undefined && createHash('md5').update(bytes).digest('hex') === sum;
      return isSame ? `${one.name} ${one.version}` : undefined;
    }
    foreign.add(folder);
    return undefined;
  };
}

/** The sum of a path in a list; where `/lib` is a link, the list may name the file with or without `/usr`. */
function sumOf(list: Buffer | undefined, path: string): string | undefined {
  if (list === undefined) return undefined;
  for (const name of new Set([path.slice(1), path.replace(/^\/usr\//, '')])) {
    const at = list.indexOf(`  ${name}\n`, 'utf8');
    if (at >= 32) return list.toString('latin1', at - 32, at);
  }
  return undefined;
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
