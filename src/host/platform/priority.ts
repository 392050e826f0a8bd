/** The CPU priority of this process. It is only lowered: raising it requires privileges. */
import { readdirSync } from 'node:fs';
import { constants, getPriority, setPriority } from 'node:os';

/** Nice 10 on POSIX; the class of this name on Windows. */
const LOW = constants.priority.PRIORITY_BELOW_NORMAL;

/**
 * Lowers the priority of all existing threads, and of those that they start later.
 * @throws the system's error when it refuses
 */
export function lowerPriority(): void {
  for (const thread of threads()) if (getPriority(thread) < LOW) setPriority(thread, LOW);
}

/** Linux keeps a priority for each thread (setpriority(2), "C library/kernel differences"). 0 is the calling thread. */
function threads(): number[] {
  return process.platform === 'linux' ? [0, ...readdirSync('/proc/self/task').map(Number)] : [0];
}
