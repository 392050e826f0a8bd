/**
 * Files of NuGet packages: the folder of a package keeps the archive that it was unpacked from, and `.nupkg.metadata` names its source
 * (NuGet's "Managing the global packages, cache, and temp folders"). Only packages of nuget.org: others are not known to everybody.
 */
import type { Platform } from '../../../host/platform/index.ts';
import { fieldsOf } from './json-object.ts';
import type { Origin } from './origin.ts';
import type { PackageFiles } from './package-files.ts';
import { isAsInZip } from './zip-directory.ts';

const MAX_METADATA_BYTES = 64 * 1024;

/** Finds the package of a file, if the file is as in the archive. */
export function nugetOrigin({ path: paths }: Platform, files: PackageFiles): Origin {
  return (path) => {
    const place = /^(.*[\\/]\.nuget[\\/]packages[\\/]([^\\/]+)[\\/]([^\\/]+))[\\/](.+)$/.exec(path);
    const [, folder = '', name = '', version = '', rest = ''] = place ?? [];
    if (folder === '') return undefined;
    const metadata = files.jsonOf(paths.join(folder, '.nupkg.metadata'), MAX_METADATA_BYTES);
    const { source } = fieldsOf(metadata);
    if (typeof source !== 'string' || !/^https:\/\/(?:api|www)\.nuget\.org\//.test(source)) return undefined;
    const archive = paths.join(folder, `${name}.${version}.nupkg`);
    return isAsInZip(files, path, archive, rest.replaceAll('\\', '/')) ? `${name} ${version}` : undefined;
  };
}
