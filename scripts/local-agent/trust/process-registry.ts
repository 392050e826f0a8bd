/**
 * The running processes that the agent has started: KEPM's launched-process registry (documentation, "Custom tooling overview"). A process is
 * registered from the moment it is added until it ends. A later process with the same id does not count.
 */
import { isAlive, startTime } from './process-info.ts';

/** One process and what it runs. */
export interface RegisteredProcess {
  readonly pid: number;
  readonly jobId: string;
  /** Distinguishes this process from a later one with the same id; undefined if the system does not provide it. */
  readonly startTime: string | undefined;
}

export class ProcessRegistry {
  readonly #processes = new Map<number, RegisteredProcess>();
  readonly #onRemoved = new Set<(process: RegisteredProcess) => void>();

  /** Must be called in the same tick in which the process was started. */
  add(pid: number, jobId: string, started = startTime(pid)): RegisteredProcess {
    const entry = { pid, jobId, startTime: started };
    this.#processes.set(pid, entry);
    return entry;
  }

  /** The process has ended. */
  remove(entry: RegisteredProcess): void {
    if (this.#processes.get(entry.pid) !== entry) return;
    this.#processes.delete(entry.pid);
    for (const listener of this.#onRemoved) listener(entry);
  }

  /** Calls back when a process has ended; returns a function that stops this. */
  onRemoved(listener: (process: RegisteredProcess) => void): () => void {
    this.#onRemoved.add(listener);
    return () => void this.#onRemoved.delete(listener);
  }

  /** The running processes among those that were added. */
  live(): RegisteredProcess[] {
    return [...this.#processes.values()].filter((entry) => this.isLive(entry));
  }

  isLive(entry: RegisteredProcess): boolean {
    if (this.#processes.get(entry.pid) !== entry) return false;
    // Without /proc, the registry relies on its own bookkeeping.
    if (entry.startTime === undefined) return true;
    return startTime(entry.pid) === entry.startTime && isAlive(entry.pid);
  }
}
