/** The CPU priority of this process. It is only ever lowered: raising it again takes rights that a user has not. */
import { readdirSync } from 'node:fs';
import { constants, getPriority, setPriority } from 'node:os';

/** Nice 10 on POSIX; Windows has the class of this name. */
const LOW = constants.priority.PRIORITY_BELOW_NORMAL;

/**
 * Lets other processes go first: on all threads that there are, and on those that they start.
 * @throws what the operating system says when it refuses.
 */
export function lowerPriority(): void {
  for (const thread of threads()) if (getPriority(thread) < LOW) setPriority(thread, LOW);
}

/** Linux keeps a priority for each thread (setpriority(2), "C library/kernel differences"). 0 is the one that asks. */
function threads(): number[] {
  return process.platform === 'linux' ? [0, ...readdirSync('/proc/self/task').map(Number)] : [0];
}
