/**
 * The table of exit codes: the host's rows and those of the task. `--help`, the documentation, `deploy` and a test use it. Codes follow
 * sysexits(3) where one fits. 1 is left to Node, for unexpected errors; 4 is never used, because broken packed executables end
 * with it.
 */
import { type ErrorKind, errorKind } from './task-error.ts';

/** One way for a run to end. */
export interface ExitRow {
  readonly name: string;
  readonly code: number;
  readonly meaning: string;
}

/** A way to end that a task adds. */
export interface TaskExit extends ExitRow {
  /**
   * A `failure` is thrown as a `TaskError` of this name and ranks just above `cannot-write`. A `verdict` on completed work is
   * returned in `TaskResult.exits` and ranks just above `ok`.
   */
  readonly kind: 'failure' | 'verdict';
}

interface HostRow extends ExitRow {
  /** The kind of error that ends in this row. */
  readonly kind?: ErrorKind;
}

/** Worst first. The task's failures rank between these and `belowTask`, its verdicts after `belowTask`. */
const aboveTask = [
  { name: 'internal', code: 70, meaning: 'internal error', kind: 'internal' },
  { name: 'usage', code: 64, meaning: 'invalid option or argument', kind: 'usage' },
  {
    name: 'config',
    code: 78,
    meaning: 'invalid configuration, or not started by the agent (and no --dry-run or --standalone)',
    kind: 'config',
  },
  { name: 'terminated', code: 143, meaning: 'stopped by SIGTERM, with every record flushed' },
  { name: 'interrupted', code: 130, meaning: 'stopped by SIGINT (Ctrl+C), with every record flushed' },
  { name: 'busy', code: 75, meaning: 'another run is in progress', kind: 'busy' },
] as const satisfies readonly HostRow[];

const belowTask = [
  { name: 'cannot-write', code: 73, meaning: 'state or report could not be written', kind: 'cannot-write' },
  {
    name: 'refused',
    code: 77,
    meaning: 'the agent denied access or silently dropped records, or its port belongs to another user',
    kind: 'agent-refused',
  },
  { name: 'bad-reply', code: 76, meaning: 'the agent sent an invalid response', kind: 'agent-reply' },
  {
    name: 'unreachable',
    code: 69,
    meaning: 'the agent, its broker or its logger is unreachable',
    kind: 'agent-unreachable',
  },
  {
    name: 'unconfirmed',
    code: 74,
    meaning: 'records were published, but there is no proof that the agent accepted them',
  },
] as const satisfies readonly HostRow[];

const ok = { name: 'ok', code: 0, meaning: 'the run completed' } as const satisfies HostRow;

/** The host's rows, worst first. */
export const hostExits = [...aboveTask, ...belowTask, ok] as const;

/** The name of one of the host's rows. */
export type HostExit = (typeof hostExits)[number]['name'];

/** Codes with another meaning: 1 is Node's, 4 a broken executable's, 128 and above are for signals. */
const reserved = new Set([1, 4]);
const MOST = 127;

/** The exit codes of one task. */
export class ExitTable {
  /** Worst first: when several apply, the first one is the run's. */
  readonly rows: readonly (HostRow | TaskExit)[];
  readonly #verdicts: ReadonlySet<number>;

  /**
   * @param own the task's rows, worst first
   * @throws TypeError that names a row whose name or code is taken, reserved or out of range
   */
  constructor(own: readonly TaskExit[] = []) {
    const verdicts = own.filter(({ kind }) => kind === 'verdict');
    const failures = own.filter(({ kind }) => kind === 'failure');
    this.rows = [...aboveTask, ...failures, ...belowTask, ...verdicts, ok];
    this.#verdicts = new Set([ok.code, ...verdicts.map(({ code }) => code)]);
    for (const row of own) requireFree(row, this.rows);
  }

  /** The name of the row for a thrown value. */
  exitFor(error: unknown): string {
    const kind = errorKind(error);
    return (
      this.rows.find((row) => (row.kind === 'failure' ? row.name : row.kind) === kind)?.name ?? 'internal'
    );
  }

  /** The worst of several names; `ok` for none. */
  worst(names: Iterable<string>): string {
    const all = new Set(names);
    return this.rows.find(({ name }) => all.has(name))?.name ?? ok.name;
  }

  /** The exit code of a row. An unknown name counts as `internal`. */
  codeOf(name: string): number {
    return this.rows.find((row) => row.name === name)?.code ?? hostExitCode('internal');
  }

  /** The meaning of a code, as `--help` and reports show it. */
  meaningOf(code: number): string {
    return this.rows.find((row) => row.code === code)?.meaning ?? 'not in the table of exit codes';
  }

  /** True when the work was done: `ok` or one of the task's verdicts. */
  isCompleted(code: number): boolean {
    return this.#verdicts.has(code);
  }
}

/** The exit code of one of the host's rows, for use before the task is loaded. */
export function hostExitCode(name: HostExit): number {
  return hostExits.find((row) => row.name === name)?.code ?? 70;
}

function requireFree({ name, code }: TaskExit, rows: readonly ExitRow[]): void {
  const isTaken = rows.filter((row) => row.name === name || row.code === code).length > 1;
  if (isTaken) throw new TypeError(`exit code ${code} (${name}): another exit has this name or code`);
  if (!Number.isInteger(code) || code < 2 || code > MOST || reserved.has(code)) {
    throw new TypeError(`exit code ${code} (${name}): use a whole number from 2 to ${MOST}, except 4`);
  }
}
