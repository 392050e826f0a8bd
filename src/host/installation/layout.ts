/**
 * The layout below the agent's root (KEPM documentation, "Custom Job Guide" and the minimal job examples). The root differs between
 * installations; these are the documented roots.
 */
import { posix, win32 } from 'node:path';
import type { Os } from '../platform/index.ts';

export const defaultAgentRoots = {
  windows: 'C:\\Program Files\\KeeperPrivilegeManager',
  linux: '/opt/KeeperPrivilegeManager',
  macOS: '/usr/local/KeeperPrivilegeManager',
} as const satisfies Record<Os, string>;

/** The path functions of an operating system, independent of the one that this runs on. */
export function pathsOf(os: Os): typeof posix {
  return os === 'windows' ? win32 : posix;
}

/** `{root}/Jobs/bin/{command}/{command}`, with `.exe` on Windows and nowhere else. */
export function executablePathOf(os: Os, agentRoot: string, command: string): string {
  const file = os === 'windows' ? `${command}.exe` : command;
  return pathsOf(os).join(agentRoot, 'Jobs', 'bin', command, file);
}
