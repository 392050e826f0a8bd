/** The threads of a process, as Linux sees them. */
import { readFileSync, readdirSync } from 'node:fs';

export interface Thread {
  readonly name: string;
  /** The CPU priority: on Linux each thread has its own. */
  readonly nice: number;
}

/** The threads of a process: proc_pid_stat(5), fields 2 and 19. */
export function threadsOf(pid: number): Thread[] {
  return readdirSync(`/proc/${pid}/task`).map((thread) => {
    const stat = readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8');
    const end = stat.lastIndexOf(')');
    return { name: stat.slice(stat.indexOf('(') + 1, end), nice: Number(stat.slice(end + 2).split(' ')[16]) };
  });
}
