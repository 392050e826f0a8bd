import type { Platform } from './platform.ts';

/** The folder for state when none is configured: the machine's for root and SYSTEM, else the user's own. */
export function defaultStateDirectory(platform: Platform, name: string): string {
  const home = platform.elevated ? platform.systemStateHome : platform.userStateHome;
  return platform.path.join(home, name);
}

/** Empty when the file cannot be read. */
export function textOf({ fs }: Pick<Platform, 'fs'>, path: string): string {
  try {
    return fs.readText(path);
  } catch {
    return '';
  }
}
