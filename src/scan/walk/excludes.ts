/**
 * Excludes: which paths are skipped, decided before anything is opened. An excluded folder is not entered.
 *
 * A glob (picomatch) without a slash is matched against the name, so `node_modules` and `*.log` count at any depth. One
 * with a slash is matched against the absolute path and against the path relative to the root. Paths have forward
 * slashes on every system; a leading dot is nothing special; case counts, except on Windows.
 */
import picomatch from 'picomatch';
import { TaskError } from '../../host/exit/task-error.ts';
import type { Platform } from '../../host/platform/index.ts';

/** True when the path is excluded; `path` is absolute, `root` is the one from which it was reached. */
export type Excludes = (path: string, name: string, root: string) => boolean;

/** Compiles the globs. @throws TaskError `config` that names an invalid glob */
export function compileExcludes(globs: readonly string[], platform: Platform): Excludes {
  if (globs.length === 0) return () => false;
  const matchers = (some: readonly string[]) => some.map((glob) => matcher(glob, platform));
  const named = matchers(globs.filter((glob) => !glob.includes('/')));
  const pathed = matchers(globs.filter((glob) => glob.includes('/')));
  const slashed = (path: string) => path.replaceAll(platform.path.sep, '/');
  return (path, name, root) => {
    if (named.some((matches) => matches(name))) return true;
    if (pathed.length === 0) return false;
    const absolute = slashed(path);
    const relative = slashed(platform.path.relative(root, path));
    return pathed.some((matches) => matches(absolute) || matches(relative));
  };
}

function matcher(glob: string, platform: Platform): (text: string) => boolean {
  try {
    return picomatch(glob, { dot: true, nocase: platform.os === 'windows' });
  } catch (cause) {
    throw new TaskError('config', `exclude: ${JSON.stringify(glob)} is not a valid glob`, { cause });
  }
}
