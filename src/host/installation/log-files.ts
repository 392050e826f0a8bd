/**
 * Where the agent writes its log (KEPM documentation, "Reading logs", older and newer page; `Plugins/bin/KeeperLogger/Log` and names such as
 * `KeeperLogger20261130.log` were seen on installed agents).
 */
import { dirname, isAbsolute, join, resolve } from 'node:path';

/** Below the root, most likely first. */
const places = [
  ['Log'],
  ['Plugins', 'bin', 'KeeperLogger', 'Log'],
  ['Plugins', 'KeeperLogger', 'Log'],
  ['Plugins', 'Logger', 'bin', 'Release', 'net8.0', 'Log'],
] as const;

/**
 * Folders that may contain KeeperLogger's files, most likely first. Not all of them exist.
 * @param root the agent's root; without one, only an absolute `logPath` is used
 * @param logPath the setting `log.file.path`: a folder or a file, which may start with `{approot}` or be relative to the root
 */
export function logFolders(root: string | undefined, logPath = ''): readonly string[] {
  if (root === undefined) return isAbsolute(logPath) ? configured('/', logPath) : [];
  const folders = places.map((names) => join(root, ...names));
  return [...new Set([...configured(root, logPath), ...folders])];
}

/** No folder for a path with another variable. */
function configured(root: string, logPath: string): string[] {
  const path = logPath
    .replace(/^\{approot\}/i, () => root)
    .replace(/^\{pluginroot\}/i, () => join(root, 'Plugins'));
  if (path === '' || path.includes('{')) return [];
  const place = resolve(root, path);
  return [place.endsWith('.log') ? dirname(place) : place];
}

/** True for names of log files: the active one and rotated ones, in the newer and the older notation. */
export function isLogFile(name: string): boolean {
  return /^KeeperLogger(?:_\d{8}(?:_\d{6})?|2[\w.-]*)?\.log$/.test(name);
}
