/**
 * Files in the caches of Maven and Gradle: Maven keeps the SHA-1 beside each file, and where it is from; Gradle names a folder after it
 * (Maven's "Repository layout", Gradle's "The dependency cache"). Maven's only if they are from a repository that everybody can use.
 */
import type { Platform } from '../../../host/platform/index.ts';
import { MAX_BYTES, type Origin } from './origin.ts';
import type { PackageFiles } from './package-files.ts';

const MAX_LIST_BYTES = 64 * 1024;
const inMaven = /[\\/]\.m2[\\/]repository[\\/](.+)[\\/]([^\\/]+)[\\/]([^\\/]+)[\\/]([^\\/]+)$/;
const inGradle =
  /[\\/]caches[\\/]modules-2[\\/]files-2\.1[\\/]([^\\/]+)[\\/]([^\\/]+)[\\/]([^\\/]+)[\\/]([0-9a-f]{30,40})[\\/][^\\/]+$/;

/** Finds the artifact of a file, if the file is as it was downloaded. */
export function mavenOrigin({ path: paths }: Platform, files: PackageFiles): Origin {
  const hasSum = (path: string, sum: string) =>
    files.sumOf(path, MAX_BYTES, 'sha1')?.digest('hex') === sum.padStart(40, '0');
  return (path) => {
    const [, group = '', artifact = '', version = '', sum = ''] = inGradle.exec(path) ?? [];
    if (sum !== '') return hasSum(path, sum) ? `${group}:${artifact} ${version}` : undefined;
    const [, folders = '', id = '', release = '', name = ''] = inMaven.exec(path) ?? [];
    if (name === '') return undefined;
    const sources = paths.join(paths.dirname(path), '_remote.repositories');
    const isPublic = ['central', 'google'].some(
      (repository) =>
        files.inLines(sources, MAX_LIST_BYTES, name, (line) =>
          line.trimEnd() === `${name}>${repository}=` ? true : undefined,
        ) === true,
    );
    const kept = isPublic ? files.bytesOf(`${path}.sha1`, MAX_LIST_BYTES)?.toString('latin1') : undefined;
    const [listed] = /^[0-9a-f]{40}/i.exec(kept?.trimStart() ?? '') ?? [];
    if (listed === undefined || !hasSum(path, listed.toLowerCase())) return undefined;
    return `${folders.replaceAll(/[\\/]/g, '.')}:${id} ${release}`;
  };
}
