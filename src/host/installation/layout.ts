/**
 * The layout below the agent's root. The root differs between installations: `documentedRoots` are from KEPM's documentation ("Custom
 * Job Guide" and the minimal job examples; the older "Reading logs" for `/opt/keeper`), `seenRoots` from installed agents.
 */
import { posix, win32 } from 'node:path';
import type { Os } from '../platform/index.ts';

export const documentedRoots = {
  windows: ['C:\\Program Files\\KeeperPrivilegeManager'],
  linux: ['/opt/KeeperPrivilegeManager', '/opt/keeper'],
  macOS: ['/usr/local/KeeperPrivilegeManager', '/opt/keeper'],
} as const satisfies Record<Os, readonly string[]>;

export const seenRoots = {
  windows: [
    'C:\\Program Files\\Keeper Security\\Endpoint Privilege Management',
    'C:\\Program Files\\Keeper Security\\Endpoint Privilege Manager',
  ],
  linux: ['/opt/keeper/sbin'],
  macOS: ['/Library/Keeper/sbin'],
} as const satisfies Record<Os, readonly string[]>;

/** All roots that are known for a system, most likely first. */
export const knownAgentRoots: Readonly<Record<Os, readonly string[]>> = {
  windows: [...documentedRoots.windows, ...seenRoots.windows],
  linux: [...documentedRoots.linux, ...seenRoots.linux],
  macOS: [...documentedRoots.macOS, ...seenRoots.macOS],
};

/** The path functions of an operating system, independent of the one that this runs on. */
export function pathsOf(os: Os): typeof posix {
  return os === 'windows' ? win32 : posix;
}

/** `{root}/Jobs/bin/{command}/{command}`, with `.exe` on Windows and nowhere else. */
export function executablePathOf(os: Os, agentRoot: string, command: string): string {
  const file = os === 'windows' ? `${command}.exe` : command;
  return pathsOf(os).join(agentRoot, 'Jobs', 'bin', command, file);
}
