/** What a run knows about its machine. Tests build one for any operating system. */
import { hostname, userInfo } from 'node:os';
import { posix, win32 } from 'node:path';
import { type Clock, systemClock } from './clock.ts';
import { type FileSystem, nodeFileSystem } from './file-system.ts';
import { lowerPriority } from './priority.ts';
import { standardInput } from './standard-input.ts';

/** Operating systems, spelled as in a job's `osFilter`. */
export type Os = 'windows' | 'linux' | 'macOS';

export interface Platform {
  readonly os: Os;
  readonly hostname: string;
  readonly pid: number;
  /** True if the run is privileged (root, SYSTEM). */
  readonly elevated: boolean;
  /** Parent folders for the state of programs: the user's own, and the machine's. */
  readonly userStateHome: string;
  readonly systemStateHome: string;
  /** The folder of Windows itself; empty on other systems. */
  readonly systemRoot: string;
  /** The folders of `PATH` that are absolute: where other programs are looked for. */
  readonly programFolders: readonly string[];
  readonly path: typeof posix;
  readonly fs: FileSystem;
  readonly clock: Clock;
  /** Standard input, to its end. Can be read once. */
  readonly standardInput: (signal: AbortSignal) => AsyncIterable<Uint8Array>;
  /** Lowers the CPU priority of all threads. @throws the system's error when it refuses */
  readonly lowerPriority: () => void;
}

/** The machine that this process runs on. `env` is the process's environment. */
export function hostPlatform(env: Readonly<Record<string, string | undefined>>): Platform {
  const os: Os = process.platform === 'win32' ? 'windows' : process.platform === 'darwin' ? 'macOS' : 'linux';
  const path = os === 'windows' ? win32 : posix;
  const { homedir, username } = account(env);
  const systemRoot = os === 'windows' ? (env['SystemRoot'] ?? 'C:\\Windows') : '';
  return {
    os,
    hostname: hostname(),
    pid: process.pid,
    elevated: process.getuid ? process.getuid() === 0 : isSystem(username, homedir, systemRoot),
    userStateHome: userStateHome(os, homedir, env),
    systemStateHome: systemStateHome(os, env),
    systemRoot,
    programFolders: (env['PATH'] ?? '').split(path.delimiter).filter((folder) => path.isAbsolute(folder)),
    path,
    fs: nodeFileSystem,
    clock: systemClock,
    standardInput,
    lowerPriority,
  };
}

/** The user of the run. In containers, many have a number only: no name, and the home that the environment names. */
function account(env: Readonly<Record<string, string | undefined>>): { homedir: string; username: string } {
  try {
    return userInfo();
  } catch (error) {
    // On Windows, the name tells whether this is SYSTEM.
    if (process.platform === 'win32') throw error;
    const home = env['HOME'];
    return { homedir: home?.startsWith('/') ? home : '/', username: '' };
  }
}

/**
 * True for the account SYSTEM of Windows. Its name is translated in some languages (French: `Système`); the place of its profile is not.
 */
export function isSystem(username: string, home: string, systemRoot: string): boolean {
  const profile = win32.join(systemRoot, 'System32', 'config', 'systemprofile');
  return username.toUpperCase() === 'SYSTEM' || home.toLowerCase() === profile.toLowerCase();
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
