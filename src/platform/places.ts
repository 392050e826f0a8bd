/**
 * Places that depend on the operating system: what is scanned when nobody says otherwise, what lies under a root but
 * is no file of this machine, and where state is kept.
 */
import type { Platform } from './platform.ts';

/** The folder for state when none is configured: the machine's for root and SYSTEM, else the user's own. */
export function defaultStateDirectory(platform: Platform, name: string): string {
  const home = platform.elevated ? platform.systemStateHome : platform.userStateHome;
  return platform.path.join(home, name);
}

/** Server places besides the users' homes; those that do not exist are left out. */
const serverRoots = {
  linux: ['/root', '/etc', '/opt', '/srv', '/var/www', '/var/lib/jenkins', '/usr/local'],
  macOS: ['/etc', '/opt', '/srv', '/usr/local', '/Library/WebServer', '/private/var/root'],
  windows: ['C:\\inetpub', 'C:\\ProgramData', 'C:\\Windows\\Panther', 'C:\\Windows\\System32\\Sysprep'],
} as const;

/** The roots of a run that names none: every user's home and the usual server places that exist. */
export function defaultRoots(platform: Platform): string[] {
  const candidates = [...userHomes(platform), ...serverRoots[platform.os]];
  return [...new Set(candidates)].filter((path) => isDirectory(platform, path));
}

/** Homes of people: not the `/nonexistent` or `/` of a service, nor a system folder. */
function userHomes(platform: Platform): string[] {
  if (platform.os === 'windows') return subfolders(platform, 'C:\\Users');
  if (platform.os === 'macOS') return subfolders(platform, '/Users');
  return [...subfolders(platform, '/home'), ...homesInPasswd(platform)];
}

/** Homes outside `/home` of accounts with a person's user id (passwd(5); from 1000, the default of login.defs(5)). */
function homesInPasswd(platform: Platform): string[] {
  const lines = readLines(platform, '/etc/passwd');
  return lines.flatMap((line) => {
    const [, , uid = '', , , home = ''] = line.split(':');
    const isPerson = Number(uid) >= 1000 && Number(uid) < 65_534;
    return isPerson && home.lastIndexOf('/') > 0 && !home.startsWith('/home/') ? [home] : [];
  });
}

function subfolders(platform: Platform, parent: string): string[] {
  try {
    const folders = platform.fs.list(parent).filter((entry) => entry.isDirectory());
    return folders.map(({ name }) => platform.path.join(parent, name));
  } catch {
    return [];
  }
}

function isDirectory(platform: Platform, path: string): boolean {
  try {
    return platform.fs.status(path).isDirectory();
  } catch {
    return false;
  }
}

function readLines(platform: Platform, path: string): string[] {
  try {
    return platform.fs.readText(path).split('\n');
  } catch {
    return [];
  }
}

/** Why a mount below a root is not scanned: its files are the kernel's, or another machine's. */
export type ForeignMount = 'pseudo-file-system' | 'network-file-system';

/** File system types without files of their own (Linux, `Documentation/filesystems`). */
const pseudoTypes = new Set(
  `autofs binfmt_misc bpf cgroup cgroup2 configfs debugfs devpts devtmpfs efivarfs fusectl hugetlbfs mqueue nsfs proc
   pstore rpc_pipefs securityfs selinuxfs sysfs tracefs`.split(/\s+/),
);
const networkTypes = new Set('nfs nfs4 cifs smb3 smbfs afs ceph 9p ncpfs fuse.sshfs fuse.rclone'.split(' '));

/**
 * Mount points whose files are not this machine's own, from `/proc/self/mountinfo` (proc(5)). Empty on systems without
 * that file: Windows and macOS show neither kind below the default roots.
 */
export function foreignMounts(platform: Platform): ReadonlyMap<string, ForeignMount> {
  const mounts = new Map<string, ForeignMount>();
  if (platform.os !== 'linux') return mounts;
  for (const line of readLines(platform, '/proc/self/mountinfo')) {
    const [before = '', after = ''] = line.split(' - ');
    const type = after.split(' ')[0] ?? '';
    const point = before.split(' ')[4];
    if (point === undefined) continue;
    const decoded = point.replaceAll(/\\([0-7]{3})/g, (_, octal: string) =>
      String.fromCharCode(Number.parseInt(octal, 8)),
    );
    if (pseudoTypes.has(type)) mounts.set(decoded, 'pseudo-file-system');
    else if (networkTypes.has(type)) mounts.set(decoded, 'network-file-system');
  }
  return mounts;
}
