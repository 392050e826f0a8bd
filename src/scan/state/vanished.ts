/** Tells a file that is gone from one that only cannot be seen at the moment. */
import { codeOf } from '../../errors.ts';
import type { Platform } from '../../platform/index.ts';

/**
 * True when there is no such regular file any more. A folder that cannot be read proves nothing, nor does one whose file
 * system is not mounted: what is left above the file must be on the device that the file was on.
 * @param dev undefined when that device is not known
 */
export function isVanished(platform: Platform, path: string, dev: number | undefined): boolean {
  const { fs, path: paths } = platform;
  try {
    return !fs.status(path).isFile();
  } catch (error) {
    if (!isMissing(error)) return false;
  }
  for (let place = paths.dirname(path); ; place = paths.dirname(place)) {
    try {
      return dev === undefined || fs.status(place).dev === dev;
    } catch (error) {
      if (!isMissing(error) || paths.dirname(place) === place) return false;
    }
  }
}

/**
 * True when something was added to, removed from or renamed in the folder of a file since then, or in the one above if that
 * is gone: what was there may be elsewhere now, where the walk had been already.
 * @param since milliseconds since 1970
 */
export function hasFolderChanged({ fs, path: paths }: Platform, path: string, since: number): boolean {
  for (let place = paths.dirname(path); ; place = paths.dirname(place)) {
    try {
      return fs.status(place).mtimeMs >= since;
    } catch {
      if (paths.dirname(place) === place) return false;
    }
  }
}

function isMissing(error: unknown): boolean {
  return codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR';
}
