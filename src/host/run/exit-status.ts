/** The exit status of a run: the worst of everything that happened in it. */
import { ExitTable, type TaskExit } from '../exit/exit-table.ts';

export class ExitStatus {
  readonly table: ExitTable;
  readonly #signal: AbortSignal;
  readonly #own: ReadonlySet<string>;
  readonly #names = new Set<string>();

  /** @param signal aborted with `SIGINT` or `SIGTERM` as its reason */
  constructor(own: readonly TaskExit[] = [], signal: AbortSignal) {
    this.table = new ExitTable(own);
    this.#signal = signal;
    this.#own = new Set(own.map(({ name }) => name));
  }

  /** Adds exits of the host, by name. */
  add(names: readonly string[]): void {
    for (const name of names) this.#names.add(name);
  }

  /**
   * Adds the exits that a task returned.
   * @throws TypeError for a name that is not one of the task's exits: ignoring it would hide a failure
   */
  addReturned(names: readonly string[] = []): void {
    for (const name of names) {
      if (!this.#own.has(name)) throw new TypeError(`the task has no exit "${name}" among its exitCodes`);
      this.#names.add(name);
    }
  }

  addError(error: unknown): void {
    this.#names.add(this.table.exitFor(error));
  }

  /** The exit code so far. */
  get code(): number {
    if (this.#signal.aborted)
      this.#names.add(this.#signal.reason === 'SIGINT' ? 'interrupted' : 'terminated');
    return this.table.codeOf(this.table.worst(this.#names));
  }
}
