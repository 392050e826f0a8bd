/**
 * Tests of Python's standard library, which contain keys: an installation writes `LICENSE.txt` after the library. A test that is not
 * newer was not modified. There are no sums of the files.
 */
import type { Platform } from '../../../host/platform/index.ts';
import type { Origin } from './origin.ts';
import type { PackageFiles } from './package-files.ts';

const MAX_LICENSE_BYTES = 1024 * 1024;
const tests = /^(.*[\\/]lib[\\/]python(\d+\.\d+))[\\/](?:\w+[\\/]){0,2}(?:tests?|idle_test)[\\/]/;

/** Finds the Python of a test, if the test is not newer than the installation. */
export function pythonSdkOrigin({ path: paths, fs }: Platform, files: PackageFiles): Origin {
  return (path) => {
    const [, library = '', version = ''] = tests.exec(path) ?? [];
    if (library === '') return undefined;
    const written = files.modifiedAt(paths.join(library, 'LICENSE.txt'), MAX_LICENSE_BYTES);
    return written !== undefined && fs.status(path).mtimeMs <= written ? `python ${version}` : undefined;
  };
}
