/**
 * Files of Python's standard library, whose tests contain keys: an installation writes `LICENSE.txt` after the library. A file that is not
 * newer was not modified. There are no sums of the files.
 */
import type { Platform } from '../../../host/platform/index.ts';
import type { Origin } from './origin.ts';
import type { PackageFiles } from './package-files.ts';

const MAX_LICENSE_BYTES = 1024 * 1024;
/** Not what an administrator adds. */
const inLibrary =
  /^(.*[\\/]lib[\\/]python(\d+\.\d+))[\\/](?!(?:site|dist)-packages[\\/]|(?:site|user)customize\.py$)/;

/** Finds the Python of a file, if the file is not newer than the installation. */
export function pythonSdkOrigin({ path: paths, fs }: Platform, files: PackageFiles): Origin {
  return (path) => {
    const [, library = '', version = ''] = inLibrary.exec(path) ?? [];
    if (library === '') return undefined;
    const written = files.modifiedAt(paths.join(library, 'LICENSE.txt'), MAX_LICENSE_BYTES);
    return written !== undefined && fs.status(path).mtimeMs <= written ? `python ${version}` : undefined;
  };
}
