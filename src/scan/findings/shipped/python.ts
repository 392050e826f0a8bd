/**
 * Files of Python packages: a `RECORD` lists the SHA-256 of each (Python's "Recording installed projects"). Not of packages that were
 * installed from a folder, a repository or another address (its "Direct URL Data Structure"): these are not known to everybody.
 */
import type { Platform } from '../../../host/platform/index.ts';
import { MAX_BYTES, type Origin } from './origin.ts';
import type { PackageFiles } from './package-files.ts';
import { Recent } from './recent.ts';

const MAX_RECORD_BYTES = 8 * 1024 * 1024;
/** Maximum number of packages in a folder that are looked at. */
const MAX_PACKAGES = 1000;
/** Maximum number of folders whose package is known. */
const MAX_KNOWN = 1000;

/** Finds the package of a file, if the file is as the package brought it. */
export function pythonOrigin({ path: paths }: Platform, files: PackageFiles): Origin {
  const remembered = files.remembers<readonly string[]>();
  const packagesIn = (root: string) =>
    remembered(root, () => files.namesIn(root, MAX_PACKAGES, (name) => name.endsWith('.dist-info')));
  /** The package whose record lists the files of a folder. */
  const known = new Recent<string>(MAX_KNOWN);
  return (path) => {
    const [, root = '', rest = ''] = /^(.*[\\/](?:site|dist)-packages)[\\/](.+)$/.exec(path) ?? [];
    if (root === '' || /[",]/.test(rest)) return undefined;
    const packages = packagesIn(root);
    const name = rest.replaceAll('\\', '/');
    const folder = paths.join(root, name.split('/')[0] ?? '');
    const likely = known.get(folder);
    for (const one of new Set(likely === undefined ? packages : [likely, ...packages])) {
      const sum = recordedSum(files, paths.join(root, one, 'RECORD'), name);
      if (sum === undefined) continue;
      known.set(folder, one);
      if (files.isThere(paths.join(root, one, 'direct_url.json'), MAX_RECORD_BYTES)) return undefined;
      const isSame = files.sumOf(path, MAX_BYTES, 'sha256')?.digest('base64url') === sum;
      return isSame ? one.replace(/\.dist-info$/, '').replace(/-(?=[^-]*$)/, ' ') : undefined;
    }
    return undefined;
  };
}

/** `name,sha256=…,size`, a line for each file. */
function recordedSum(files: PackageFiles, record: string, name: string): string | undefined {
  const entry = `${name},sha256=`;
  return files.inLines(record, MAX_RECORD_BYTES, entry, (line) =>
    line.startsWith(entry) ? /^[\w-]{43}/.exec(line.slice(entry.length))?.[0] : undefined,
  );
}
