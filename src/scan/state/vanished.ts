/** Tells a file that is gone from one that only cannot be seen at the moment. */
import { codeOf } from '../../errors.ts';
import { type Platform, isLinkInPath } from '../../platform/index.ts';

/**
 * True when there is no such regular file any more. A folder that cannot be read proves nothing, nor does one whose file
 * system is not mounted: what is left above the file must be on the device that the file was on.
 * @param dev undefined when that device is not known
 */
export function isVanished(platform: Platform, path: string, dev: number | undefined): boolean {
  const { fs, path: paths } = platform;
  try {
    return !fs.status(withoutLinksAbove(platform, path)).isFile();
  } catch (error) {
    if (!isMissing(error)) return false;
  }
  for (let place = paths.dirname(path); ; place = paths.dirname(place)) {
    try {
      return dev === undefined || fs.status(withoutLinksAbove(platform, place)).dev === dev;
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
export function hasFolderChanged(platform: Platform, path: string, since: number): boolean {
  const { fs, path: paths } = platform;
  for (let place = paths.dirname(path); ; place = paths.dirname(place)) {
    try {
      return fs.status(withoutLinksAbove(platform, place)).mtimeMs >= since;
    } catch {
      if (paths.dirname(place) === place) return false;
    }
  }
}

/** A walk does not follow another user's link, so what is behind it counts as gone. @throws LinkInPath for such a link */
function withoutLinksAbove({ fs, path: paths }: Platform, path: string): string {
  const parent = paths.dirname(path);
  return parent === path ? path : paths.join(fs.withoutLinks(parent), paths.basename(path));
}

function isMissing(error: unknown): boolean {
  return codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR' || isLinkInPath(error);
}
