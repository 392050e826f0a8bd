/**
 * Files of a Go installation: its archive gives every file the time of the release, which the file `VERSION` has too. There are no sums
 * of the files.
 */
import type { Platform } from '../../../host/platform/index.ts';
import type { Origin } from './origin.ts';
import type { PackageFiles } from './package-files.ts';

const MAX_VERSION_BYTES = 1024;
/** What is in the folder of an installation. */
const inside = /[\\/](?:api|doc|lib|misc|pkg|src|test)(?=[\\/])/g;

/** Finds the installation of a file, if the file has the time of the release. */
export function goSdkOrigin({ path: paths, fs }: Platform, files: PackageFiles): Origin {
  return (path) => {
    for (const { index } of path.matchAll(inside)) {
      const list = paths.join(path.slice(0, index), 'VERSION');
      const text = files.bytesOf(list, MAX_VERSION_BYTES)?.toString('latin1') ?? '';
      const [, version, time = ''] = /^(go\d+\.[\w.]+)\ntime (\S+)\n?$/.exec(text) ?? [];
      if (version === undefined) continue;
      return fs.status(path).mtimeMs === Date.parse(time) ? version.replace('go', 'go ') : undefined;
    }
    return undefined;
  };
}
