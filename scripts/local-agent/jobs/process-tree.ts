/**
 * Ends a process that the agent started, and all its descendants. Only process ids that descend from that process are signalled.
 */
import { spawnSync } from 'node:child_process';
import { descendantsOf, startTime } from '../trust/process-info.ts';

/**
 * Kills the process, its group (it was started as a group leader) and, with /proc, descendants that have left the group.
 */
export function killTree(pid: number): void {
  if (process.platform === 'win32') {
    spawnSync('taskkill', ['/pid', String(pid), '/T', '/F'], { stdio: 'ignore' });
    return;
  }
  const descendants = descendantsOf(pid).map((child) => ({ child, started: startTime(child) }));
  kill(-pid);
  for (const { child, started } of descendants) {
    if (started !== undefined && startTime(child) === started) kill(child);
  }
}

/** Kills the remaining group of a process that has just ended. The id is not reused while a member lives. */
export function killGroup(pid: number): void {
  if (process.platform !== 'win32') kill(-pid);
}

function kill(target: number): void {
  try {
    process.kill(target, 'SIGKILL');
  } catch {
    // Ended already.
  }
}
