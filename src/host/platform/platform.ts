/** What a run knows of the machine it is on. A test builds one for any operating system. */
import { hostname, userInfo } from 'node:os';
import { posix, win32 } from 'node:path';
import { type Clock, systemClock } from './clock.ts';
import { type FileSystem, nodeFileSystem } from './file-system.ts';
import { lowerPriority } from './priority.ts';

/** The operating systems, spelled as in a job's `osFilter`. */
export type Os = 'windows' | 'linux' | 'macOS';

export interface Platform {
  readonly os: Os;
  readonly hostname: string;
  readonly pid: number;
  /** True when the run may write to the system's own places (root, SYSTEM). */
  readonly elevated: boolean;
  /** Where programs keep state: the running user's own place, and the machine's. */
  readonly userStateHome: string;
  readonly systemStateHome: string;
  readonly path: typeof posix;
  readonly fs: FileSystem;
  readonly clock: Clock;
  /** Lets other processes go first, from now on and on every thread. @throws what the system says when it refuses. */
  readonly lowerPriority: () => void;
}

/** The machine that this process runs on. `env` is the process's environment, read in `main.ts`. */
export function hostPlatform(env: Readonly<Record<string, string | undefined>>): Platform {
  const os: Os = process.platform === 'win32' ? 'windows' : process.platform === 'darwin' ? 'macOS' : 'linux';
  const path = os === 'windows' ? win32 : posix;
  const { homedir, username } = userInfo();
  return {
    os,
    hostname: hostname(),
    pid: process.pid,
    elevated: process.getuid ? process.getuid() === 0 : username.toUpperCase() === 'SYSTEM',
    userStateHome: userStateHome(os, homedir, env),
    systemStateHome: systemStateHome(os, env),
    path,
    fs: nodeFileSystem,
    clock: systemClock,
    lowerPriority,
  };
}

function userStateHome(os: Os, home: string, env: Readonly<Record<string, string | undefined>>): string {
  if (os === 'windows') return env['LOCALAPPDATA'] ?? win32.join(home, 'AppData', 'Local');
  if (os === 'macOS') return posix.join(home, 'Library', 'Application Support');
  // XDG Base Directory Specification: the variable counts only when it is an absolute path.
  const state = env['XDG_STATE_HOME'];
  return state?.startsWith('/') ? state : posix.join(home, '.local', 'state');
}

function systemStateHome(os: Os, env: Readonly<Record<string, string | undefined>>): string {
  if (os === 'windows') return env['ProgramData'] ?? 'C:\\ProgramData';
  return os === 'macOS' ? '/Library/Application Support' : '/var/lib';
}
