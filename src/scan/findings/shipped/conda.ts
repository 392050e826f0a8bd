/**
 * Files of conda packages: `conda-meta` in an environment, and `info/paths.json` in the cache, have the SHA-256 of each file
 * (conda's "Package metadata files").
 */
import type { Platform } from '../../../host/platform/index.ts';
import { fieldsOf } from './json-object.ts';
import { MAX_BYTES, type Origin } from './origin.ts';
import type { PackageFiles } from './package-files.ts';
import { Recent } from './recent.ts';

const MAX_LIST_BYTES = 16 * 1024 * 1024;
/** Maximum number of packages in an environment, and of folders above a file, that are looked at. */
const MAX_PACKAGES = 2000;
const MAX_LEVELS = 32;
const MAX_KNOWN = 1000;
const cached = /^(.*[\\/]pkgs[\\/]([^\\/]+)-([^\\/-]+)-[^\\/-]+)[\\/](?!info[\\/])(.+)$/;

/** Finds the package of a file, if the file is as the package brought it. */
export function condaOrigin({ path: paths }: Platform, files: PackageFiles): Origin {
  /** The environment of a folder; empty for none. */
  const environments = new Recent<string>(MAX_KNOWN);
  /** The package of a folder's files. */
  const known = new Recent<string>(MAX_KNOWN);
  const isSame = (path: string, list: string, name: string, field: string) => {
    const sum = listedSum(files.bytesOf(list, MAX_LIST_BYTES), name.replaceAll('\\', '/'), field);
    return sum === undefined ? undefined : files.sumOf(path, MAX_BYTES, 'sha256')?.digest('hex') === sum;
  };
  const environmentOf = (folder: string) => {
    const before = environments.get(folder);
    if (before !== undefined) return before;
    let place = folder;
    for (let level = 0; level < MAX_LEVELS && place !== paths.dirname(place); level += 1) {
      if (files.isThere(paths.join(place, 'conda-meta', 'history'), MAX_LIST_BYTES))
        return environments.set(folder, place);
      place = paths.dirname(place);
    }
    return environments.set(folder, '');
  };
  const remembered = files.remembers<readonly string[]>();
  const listsIn = (environment: string) => {
    const folder = paths.join(environment, 'conda-meta');
    return remembered(folder, () => files.namesIn(folder, MAX_PACKAGES, (name) => name.endsWith('.json')));
  };
  return (path) => {
    const [, root = '', name = '', version = '', rest = ''] = cached.exec(path) ?? [];
    if (root !== '' && isSame(path, paths.join(root, 'info', 'paths.json'), rest, 'sha256') === true)
      return `${name} ${version}`;
    const folder = paths.dirname(path);
    const environment = environmentOf(folder);
    if (environment === '') return undefined;
    const below = path.slice(environment.length + 1);
    const lists = listsIn(environment);
    const likely = known.get(folder);
    for (const list of new Set(likely === undefined ? lists : [likely, ...lists])) {
      const found = isSame(path, paths.join(environment, 'conda-meta', list), below, 'sha256_in_prefix');
      if (found === undefined) continue;
      known.set(folder, list);
      return found ? list.replace(/^(.*)-([^-]*)-[^-]*\.json$/, '$1 $2') : undefined;
    }
    return undefined;
  };
}

/** The sum in the entry of a file, an object without others in it. Only this entry is parsed, since lists are long. */
function listedSum(list: Buffer | undefined, name: string, field: string): string | undefined {
  const quoted = JSON.stringify(name);
  for (const text of [`"_path": ${quoted}`, `"_path":${quoted}`]) {
    const at = list?.indexOf(text) ?? -1;
    if (list === undefined || at < 0) continue;
    const [start, end] = [list.lastIndexOf('{', at), list.indexOf('}', at)];
    try {
      const entry = fieldsOf(JSON.parse(list.toString('utf8', start, end + 1)));
      const sum = entry[field] ?? entry['sha256'];
      if (typeof sum === 'string') return sum;
    } catch {
      return undefined;
    }
  }
  return undefined;
}
