/** Files of Go modules: the module cache keeps the archive that each was unpacked from (Go's "Module cache"). */
import type { Platform } from '../../../host/platform/index.ts';
import type { Origin } from './origin.ts';
import type { PackageFiles } from './package-files.ts';
import { isAsInZip } from './zip-directory.ts';

/** Finds the module of a file, if the file is as in the archive. */
export function goOrigin({ path: paths }: Platform, files: PackageFiles): Origin {
  return (path) => {
    const place = /^(.*[\\/]pkg[\\/]mod)[\\/](?!cache[\\/])([^@]+)@([^\\/]+)[\\/](.+)$/.exec(path);
    const [, cache = '', folder = '', version = '', rest = ''] = place ?? [];
    if (cache === '') return undefined;
    const archive = paths.join(cache, 'cache', 'download', folder, '@v', `${version}.zip`);
    // In folders, capitals are written as `!a`.
    const module = folder
      .replaceAll('\\', '/')
      .replaceAll(/!([a-z])/g, (_, letter: string) => letter.toUpperCase());
    const name = `${module}@${version}/${rest.replaceAll('\\', '/')}`;
    return isAsInZip(files, path, archive, name) ? `${module} ${version}` : undefined;
  };
}
