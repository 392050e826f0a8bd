/** Files of Python packages: a `RECORD` lists the SHA-256 of each (Python's "Recording installed projects"). */
import { createHash } from 'node:crypto';
import type { Platform } from '../../../host/platform/index.ts';
import type { Origin } from './origin.ts';
import { readWhole } from './read-whole.ts';

const MAX_RECORD_BYTES = 8 * 1024 * 1024;
/** Maximum number of packages in a folder that are looked at. */
const MAX_PACKAGES = 1000;

/** Finds the package of a file, if the file is as the package brought it. */
export function pythonOrigin({ fs, path: paths }: Platform): Origin {
  const packagesOf = new Map<string, readonly string[]>();
  /** The package whose record lists the files of a folder. */
  const known = new Map<string, string>();
  return (path, content) => {
    const [, root = '', rest = ''] = /^(.*[\\/](?:site|dist)-packages)[\\/](.+)$/.exec(path) ?? [];
    if (root === '' || /[",]/.test(rest)) return undefined;
    const packages = packagesOf.get(root) ?? listed(fs, root);
    packagesOf.set(root, packages);
    const name = rest.replaceAll('\\', '/');
    const folder = paths.join(root, name.split('/')[0] ?? '');
    const likely = known.get(folder);
    for (const one of likely === undefined ? packages : [likely, ...packages]) {
      const record = readWhole(fs, paths.join(root, one, 'RECORD'), MAX_RECORD_BYTES);
      const sum = sumIn(record, name);
      if (sum === undefined) continue;
      known.set(folder, one);
      const bytes = content();
      const isSame = bytes !== undefined && createHash('sha256').update(bytes).digest('base64url') === sum;
      return isSame ? one.replace(/\.dist-info$/, '').replace(/-(?=[^-]*$)/, ' ') : undefined;
    }
    return undefined;
  };
}

function listed(fs: Platform['fs'], root: string): readonly string[] {
  const walk = fs.folderWalk();
  try {
    const names = Array.from(fs.list(walk.open(root)), ({ name }) => name);
    return names.filter((name) => name.endsWith('.dist-info')).slice(0, MAX_PACKAGES);
  } catch {
    return [];
  } finally {
    walk.close();
  }
}

/** `name,sha256=…,size`, a line for each file. */
function sumIn(record: Buffer | undefined, name: string): string | undefined {
  if (record === undefined) return undefined;
  const entry = `${name},sha256=`;
  let at = record.indexOf(entry, 'utf8');
  while (at > 0 && record[at - 1] !== 0x0a) at = record.indexOf(entry, at + 1, 'utf8');
  if (at < 0) return undefined;
  const start = at + Buffer.byteLength(entry);
  return /^[\w-]{43}/.exec(record.toString('latin1', start, start + 43))?.[0];
}
