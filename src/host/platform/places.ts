import type { Platform } from './platform.ts';

/** The default folder for state: the machine's for root and SYSTEM, otherwise the user's own. */
export function defaultStateDirectory(platform: Platform, name: string): string {
  const home = platform.elevated ? platform.systemStateHome : platform.userStateHome;
  return platform.path.join(home, name);
}

/** The text of a file of the system; empty if it cannot be read. */
export function textOf({ fs }: Pick<Platform, 'fs'>, path: string): string {
  try {
    return fs.readText(path);
  } catch {
    return '';
  }
}
