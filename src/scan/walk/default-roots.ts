/** The roots that are scanned when none is named. */
import {
  type DirectoryEntry,
  type MountTable,
  PASSWD,
  type Platform,
  accountsIn,
  mayNotAnswer,
  textOf,
} from '../../host/platform/index.ts';

/** Server directories in addition to the users' homes; those that do not exist are skipped. */
export const serverRoots = {
  linux: ['/root', '/etc', '/opt', '/srv', '/var/www', '/var/lib/jenkins', '/usr/local'],
  macOS: ['/etc', '/opt', '/srv', '/usr/local', '/Library/WebServer', '/private/var/root'],
  windows: ['C:\\inetpub', 'C:\\ProgramData', 'C:\\Windows\\Panther', 'C:\\Windows\\System32\\Sysprep'],
} as const;

/**
 * The roots of a run that names none: every user's home and the usual server directories that exist. Directories on
 * a network or an automount, also behind a link, are not accessed.
 * @param onForeign called with each of those directories
 */
export function defaultRoots(
  platform: Platform,
  mounts: MountTable,
  onForeign: (path: string) => void = () => undefined,
): string[] {
  const isOurs = (path: string) => {
    const isLocal = !mayNotAnswer(path, platform, mounts);
    if (!isLocal) onForeign(path);
    return isLocal;
  };
  const candidates = [...userHomes(platform, isOurs), ...serverRoots[platform.os]];
  return [...new Set(candidates)].filter((path) => isOurs(path) && isDirectory(platform, path));
}

/** Homes of people: not the `/nonexistent` or `/` of a service, nor a system folder. */
function userHomes(platform: Platform, isOurs: (path: string) => boolean): string[] {
  if (platform.os === 'windows') return subfolders(platform, 'C:\\Users');
  if (platform.os === 'macOS') return subfolders(platform, '/Users');
  return [...(isOurs('/home') ? subfolders(platform, '/home') : []), ...homesInPasswd(platform)];
}

/** Homes outside `/home` of accounts with a person's user id (passwd(5); from 1000, the default of login.defs(5)). */
function homesInPasswd(platform: Platform): string[] {
  return accountsIn(textOf(platform, PASSWD)).flatMap(({ uid, home }) => {
    const isPerson = uid >= 1000 && uid < 65_534;
    return isPerson && home.lastIndexOf('/') > 0 && !home.startsWith('/home/') ? [home] : [];
  });
}

function subfolders(platform: Platform, parent: string): string[] {
  const walk = platform.fs.folderWalk();
  try {
    const entries = [...platform.fs.list(walk.open(platform.fs.withoutLinks(parent)))];
    // On Windows, links beside the profiles lead to folders that other roots contain.
    const isHome = (entry: DirectoryEntry) =>
      entry.isDirectory() || (platform.os !== 'windows' && entry.isSymbolicLink());
    return entries.filter(isHome).map(({ name }) => platform.path.join(parent, name));
  } catch {
    return [];
  } finally {
    walk.close();
  }
}

/** True also for a link of root or of the current user to one. */
function isDirectory(platform: Platform, path: string): boolean {
  try {
    return platform.fs.status(platform.fs.withoutLinks(path)).isDirectory();
  } catch {
    return false;
  }
}
