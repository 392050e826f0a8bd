/** Reads the running processes into a table. What cannot be read becomes a gap, or is counted. */
import type { Platform } from '../../../host/platform/index.ts';
import { ownersOn } from '../../model/file-owner.ts';
import { sourcePlace } from '../../model/source-place.ts';
import type { SourceContext } from '../things/source.ts';
import type { Proc, ProcessStatus, Unreadable } from './proc.ts';
import { ProcessTable } from './process-table.ts';

/** How long processes are read, in milliseconds. A thousand take less than one second. */
const MAX_READING_MS = 20_000;

export class Reading {
  readonly table = new ProcessTable();
  /** Programs and owners of which a process was found. */
  readonly #running = new Set<string>();
  /** Programs of which a process was not read to its end. */
  readonly unread = new Set<string>();
  /** What processes are called whose programs are not known. */
  readonly #hidden = new Set<string>();
  #isListed = false;
  readonly #platform: Platform;
  readonly #proc: Proc;
  readonly #context: SourceContext;

  constructor(platform: Platform, proc: Proc, context: SourceContext) {
    this.#platform = platform;
    this.#proc = proc;
    this.#context = context;
  }

  /** True if a process of this program was found, started by this owner. */
  isRunning(program: string, owner: string): boolean {
    return this.#running.has(keyOf(program, owner));
  }

  /** True if a process of this program may not have been read to its end. */
  mayRunUnread(program: string): boolean {
    // prctl(2), PR_SET_NAME: the first 15 bytes of the file's name, unless the process changes it.
    const name = this.#platform.path.basename(program).slice(0, 15);
    return !this.#isListed || this.unread.has(program) || this.#hidden.has(name);
  }

  async readAll(): Promise<void> {
    const { clock, pid: own } = this.#platform;
    const { coverage, isCancelled } = this.#context;
    const until = clock.monotonic() + MAX_READING_MS;
    const ownerOf = ownersOn(this.#platform);
    let ids: readonly number[];
    try {
      ids = this.#proc.ids();
    } catch (error) {
      coverage.failed(sourcePlace('processes', ''), error);
      return;
    }
    this.#isListed = true;
    for (const id of ids) {
      const status = this.#proc.status(id);
      if (status === undefined || id === own) continue;
      if (status.program === undefined) {
        this.#hidden.add(status.name);
        this.#failed(`(${status.name})`, 'denied');
      } else if (status.parent !== own) await this.#read(status, ownerOf('', status), until, isCancelled());
    }
  }

  async #read(status: ProcessStatus, owner: string, until: number, isCancelled: boolean): Promise<void> {
    const { coverage } = this.#context;
    const { program } = status;
    const place = sourcePlace('processes', program);
    const gap = (reason: 'stopped-early' | 'too-slow' | 'process-limit') => {
      this.unread.add(program);
      coverage.gap(place, reason, owner);
    };
    this.#running.add(keyOf(program, owner));
    if (isCancelled) {
      gap('stopped-early');
      return;
    }
    if (this.#platform.clock.monotonic() > until) {
      gap('too-slow');
      return;
    }
    const memory = await this.#proc.read(status);
    if (typeof memory === 'string') {
      this.unread.add(program);
      this.#failed(program, memory, owner);
    } else {
      coverage.bytes += memory.environment.length + memory.commandLine.length;
      if (!this.table.add(status, owner, memory) || memory.isCut) gap('process-limit');
    }
  }

  #failed(program: string, why: Unreadable, owner?: string): void {
    const { coverage } = this.#context;
    if (why === 'ended') coverage.skip('process-ended');
    // Without privileges, only the user's own processes can be read.
    else if (why === 'denied' && !this.#platform.elevated) coverage.skip('process-of-another-user');
    else {
      const reason = why === 'denied' ? 'permission-denied' : why;
      coverage.gap(sourcePlace('processes', program), reason, owner);
    }
  }
}

/** Another user may run a program of the same name, in a namespace of mounts of their own. */
function keyOf(program: string, owner: string): string {
  return `${owner}\0${program}`;
}
