/** Files of Python packages: a `RECORD` lists the SHA-256 of each (Python's "Recording installed projects"). */
import type { Platform } from '../../../host/platform/index.ts';
import { MAX_BYTES, type Origin } from './origin.ts';
import type { PackageFiles } from './package-files.ts';

const MAX_RECORD_BYTES = 8 * 1024 * 1024;
/** Maximum number of packages in a folder that are looked at. */
const MAX_PACKAGES = 1000;

/** Finds the package of a file, if the file is as the package brought it. */
export function pythonOrigin({ fs, path: paths }: Platform, files: PackageFiles): Origin {
  const packagesOf = new Map<string, readonly string[]>();
  /** The package whose record lists the files of a folder. */
  const known = new Map<string, string>();
  return (path) => {
    const [, root = '', rest = ''] = /^(.*[\\/](?:site|dist)-packages)[\\/](.+)$/.exec(path) ?? [];
    if (root === '' || /[",]/.test(rest)) return undefined;
    const packages = packagesOf.get(root) ?? listed(fs, root);
    packagesOf.set(root, packages);
    const name = rest.replaceAll('\\', '/');
    const folder = paths.join(root, name.split('/')[0] ?? '');
    const likely = known.get(folder);
    for (const one of new Set(likely === undefined ? packages : [likely, ...packages])) {
      const sum = recordedSum(files, paths.join(root, one, 'RECORD'), name);
      if (sum === undefined) continue;
      known.set(folder, one);
      const isSame = files.sumOf(path, MAX_BYTES, 'sha256')?.digest('base64url') === sum;
      return isSame ? one.replace(/\.dist-info$/, '').replace(/-(?=[^-]*$)/, ' ') : undefined;
    }
    return undefined;
  };
}

function listed(fs: Platform['fs'], root: string): readonly string[] {
  const walk = fs.folderWalk();
  try {
    const names: string[] = [];
    for (const { name } of fs.list(walk.open(root))) {
      if (name.endsWith('.dist-info')) names.push(name);
      if (names.length === MAX_PACKAGES) break;
    }
    return names;
  } catch {
    return [];
  } finally {
    walk.close();
  }
}

/** `name,sha256=…,size`, a line for each file. */
function recordedSum(files: PackageFiles, record: string, name: string): string | undefined {
  const entry = `${name},sha256=`;
  return files.inLines(record, MAX_RECORD_BYTES, entry, (line) =>
    line.startsWith(entry) ? /^[\w-]{43}/.exec(line.slice(entry.length))?.[0] : undefined,
  );
}
