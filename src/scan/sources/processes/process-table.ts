/**
 * What running processes show, by program: each variable and each command line once, with the number of processes that have it. A variable
 * that a process inherited counts where it comes from: at the program of the topmost ancestor that has it. Memory is limited for each owner,
 * so that one user's processes take nothing from another's.
 */
import type { ProcessMemory, ProcessStatus } from './proc.ts';

/** Bytes of one owner's processes, and of all: a multiple of what busy machines need. */
const MAX_OWNER_BYTES = 8 * 1024 * 1024;
const MAX_BYTES = 32 * 1024 * 1024;
/** What a process, an entry, and the presence of an entry in a process take besides their text. */
const PROCESS_BYTES = 256;
const ENTRY_BYTES = 64;
const PRESENCE_BYTES = 4;
/** Ancestors of a process that are looked at. */
const MAX_ANCESTORS = 64;

/** One variable, or one command line, of the processes of a program that have the same owner. Texts have one character for each byte. */
export interface ProgramEntry {
  readonly kind: 'variable' | 'command line';
  /** `NAME=value`, or a command as a shell would show it. */
  readonly text: string;
  /** The number of processes. */
  count: number;
  /** The first of them. */
  readonly pid: number;
  readonly uid: number;
  readonly owner: string;
}

/** A process whose entries are numbers. */
interface KnownProcess extends ProcessStatus {
  readonly owner: string;
  readonly variables: Uint32Array;
  readonly commandLine: string;
}

export class ProcessTable {
  readonly #processes = new Map<number, KnownProcess>();
  readonly #numbers = new Map<string, number>();
  readonly #texts: string[] = [];
  readonly #used = new Map<string, number>();
  #total = 0;

  /** The number of processes. */
  get size(): number {
    return this.#processes.size;
  }

  /** @returns false if there is no room for it */
  add(status: ProcessStatus, owner: string, { environment, commandLine }: ProcessMemory): boolean {
    const entries = new Set(textsIn(environment).filter((text) => text !== ''));
    const command = shellText(textsIn(commandLine));
    const bytes = PROCESS_BYTES + command.length + this.#costOf(entries);
    const used = (this.#used.get(owner) ?? 0) + bytes;
    if (used > MAX_OWNER_BYTES || this.#total + bytes > MAX_BYTES) return false;
    this.#used.set(owner, used);
    this.#total += bytes;
    const variables = Uint32Array.from(entries, (text) => this.#numberOf(text)).sort();
    this.#processes.set(status.pid, { ...status, owner, variables, commandLine: command });
    return true;
  }

  /** The entries of each program, those of different owners apart. */
  programs(): Map<string, ProgramEntry[]> {
    const programs = new Map<string, Map<string, ProgramEntry>>();
    const add = (at: KnownProcess, kind: ProgramEntry['kind'], text: string) => {
      const entries = programs.get(at.program) ?? new Map<string, ProgramEntry>();
      programs.set(at.program, entries);
      const { pid, uid, owner } = at;
      const key = `${owner} ${kind} ${text}`;
      const entry = entries.get(key);
      if (entry === undefined) entries.set(key, { kind, text, count: 1, pid, uid, owner });
      else entry.count += 1;
    };
    for (const process of this.#processes.values()) {
      for (const variable of process.variables) {
        add(this.#originOf(process, variable), 'variable', this.#texts[variable] ?? '');
      }
      if (process.commandLine !== '') add(process, 'command line', process.commandLine);
      // A program without any entry is known to run.
      else if (!programs.has(process.program)) programs.set(process.program, new Map());
    }
    return new Map(Array.from(programs, ([program, entries]) => [program, [...entries.values()]]));
  }

  /** The topmost ancestor with this variable, as far as the chain has it. */
  #originOf(process: KnownProcess, variable: number): KnownProcess {
    let origin = process;
    // Also ends a circle, which there may seem to be when an id is given to another process.
    for (let step = 0; step < MAX_ANCESTORS; step += 1) {
      const parent = this.#processes.get(origin.parent);
      if (parent === undefined || !has(parent.variables, variable)) break;
      origin = parent;
    }
    return origin;
  }

  #costOf(entries: ReadonlySet<string>): number {
    let bytes = entries.size * PRESENCE_BYTES;
    for (const text of entries) if (!this.#numbers.has(text)) bytes += ENTRY_BYTES + text.length;
    return bytes;
  }

  #numberOf(text: string): number {
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    this.#numbers.set(text, this.#texts.length);
    return this.#texts.push(text) - 1;
  }
}

/** Texts that each end with a NUL. */
function textsIn(content: Buffer): string[] {
  if (content.length === 0) return [];
  const end = content.at(-1) === 0 ? content.length - 1 : content.length;
  return content.toString('latin1', 0, end).split('\0');
}

/** The arguments as a shell would need them, so that rules for commands recognise them. */
function shellText(words: readonly string[]): string {
  // A process may replace its arguments by a title.
  if (words.length === 1) return words[0] ?? '';
  return words
    .map((word) => (/^[\w@%+=:,./~-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`))
    .join(' ');
}

/** @param sorted in ascending order */
function has(sorted: Uint32Array, number: number): boolean {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0) < number) low = middle + 1;
    else high = middle;
  }
  return sorted[low] === number;
}
