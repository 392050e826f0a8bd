/**
 * Distinguishes a file that is gone from one that is only invisible at the moment. A walk does not follow another
 * user's link, so a file behind one counts as gone. A place that is not a file is reported as gone by its source.
 */
import { codeOf } from '../../host/exit/task-error.ts';
import { type Platform, type Reach, isLinkInPath } from '../../host/platform/index.ts';
import { sourceOfPlace } from '../model/source-place.ts';

/**
 * True when this regular file, or git repository, no longer exists. A folder that cannot be read proves nothing, nor does one whose
 * file system is not mounted: the nearest existing folder above the file must be on the device that the file was
 * on.
 * @param dev undefined when that device is unknown
 */
export function isVanished({ fs, path: paths }: Platform, path: string, dev: number | undefined): boolean {
  if (sourceOfPlace(path) !== undefined) return false;
  try {
    const { place, rest, error } = fs.reach(paths.dirname(path));
    if (error !== undefined && !isMissing(error)) return false;
    const isThere = error === undefined && rest.length === 0;
    const kept = isThere ? isFileIn(fs, paths.join(place, paths.basename(path)), paths) : undefined;
    if (kept !== undefined) return !kept;
    return dev === undefined || fs.status(place).dev === dev;
  } catch {
    return false;
  }
}

/** @returns undefined where nothing exists */
function isFileIn(fs: Platform['fs'], path: string, paths: Platform['path']): boolean | undefined {
  try {
    const status = fs.status(path);
    return status.isFile() || (status.isDirectory() && fs.status(paths.join(path, 'HEAD')).isFile());
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/**
 * True when something was added to, removed from or renamed in the folder of a file since then, or in the one above
 * if that is gone: the file may have moved to a place that the walk had already visited.
 * @param since milliseconds since 1970
 */
export function hasFolderChanged({ fs, path: paths }: Platform, path: string, since: number): boolean {
  if (sourceOfPlace(path) !== undefined) return false;
  try {
    return fs.status(fs.reach(paths.dirname(path)).place).mtimeMs >= since;
  } catch {
    return false;
  }
}

function isMissing(error: Reach['error']): boolean {
  return codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR' || isLinkInPath(error);
}
