/**
 * The processes that the agent has started and that still run: the launched-process registry of KEPM (documentation,
 * "Custom tooling overview"). A process counts from the moment it is added until it ends, and no other process that is
 * given the same id afterwards counts in its place.
 */
import { isAlive, startTime } from './process-info.ts';

/** One process and what it runs. */
export interface RegisteredProcess {
  readonly pid: number;
  readonly jobId: string;
  /** Tells this process from a later one with the same id; undefined where the system does not say. */
  readonly startTime: string | undefined;
}

export class ProcessRegistry {
  readonly #processes = new Map<number, RegisteredProcess>();
  readonly #onRemoved = new Set<(process: RegisteredProcess) => void>();

  /** Must be called before the event loop is entered again after the process was started. */
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

  /** Calls back when a process has ended; returns what stops that. */
  onRemoved(listener: (process: RegisteredProcess) => void): () => void {
    this.#onRemoved.add(listener);
    return () => void this.#onRemoved.delete(listener);
  }

  /** Those that run now, each of them the very process that was added. */
  live(): RegisteredProcess[] {
    return [...this.#processes.values()].filter((entry) => this.isLive(entry));
  }

  isLive(entry: RegisteredProcess): boolean {
    if (this.#processes.get(entry.pid) !== entry) return false;
    // Where there is no /proc, the registry's own bookkeeping has to do.
    if (entry.startTime === undefined) return true;
    return startTime(entry.pid) === entry.startTime && isAlive(entry.pid);
  }
}
