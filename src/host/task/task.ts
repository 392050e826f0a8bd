/** The seam between the host and its task. An integrator keeps everything below `src/host/` and writes a `Task`. */
import type * as z from 'zod';
import type { TaskExit } from '../exit/exit-table.ts';
import type { Announce, Fields, Log, LogEvent } from '../log/index.ts';
import type { Os, Platform, ReadInput, Store } from '../platform/index.ts';

/** The state of a task, kept between runs. */
export interface TaskState {
  /** It exists and is private to this user; without links. */
  readonly directory: string;
  /**
   * The store in that directory, with the tables of `storeSchema`. Records that are logged within one of its transactions are
   * delivered exactly if the transaction is committed, in this run or a later one. Undefined when the store cannot be used.
   */
  readonly store: Store | undefined;
  /**
   * Reports that state cannot be read or written: the run will end with `cannot-write`, and the work continues. What cannot be
   * stored must not be announced, because the next run finds and announces it.
   */
  readonly onFailure: (error: unknown) => void;
  /**
   * Runs the action, which must be synchronous, in one transaction of the store.
   * @returns false when the store cannot be used: nothing was written or announced then, and the failure has been reported
   */
  readonly commit: (action: (store: Store) => void) => boolean;
}

/** What a run gives its task. */
export interface TaskContext<Options> {
  readonly options: Options;
  readonly platform: Platform;
  readonly log: Log;
  /** For records that must never be dropped: returns whether the record was accepted. */
  readonly announce: Announce;
  /**
   * Reads a file that an option names. Such files must not be opened in any other way, so that none of them can hang or mislead
   * the run.
   */
  readonly readInput: ReadInput;
  /** Aborted when the work must end early: a signal, or the end of `--max-duration`. */
  readonly signal: AbortSignal;
  /** Undefined in a dry run, which keeps no state. */
  readonly state: TaskState | undefined;
  /** The executable's version. A task whose state depends on its code creates the state anew when this changes. */
  readonly version: string;
}

/** A run that has ended, as reports describe it. */
export interface FinishedRun {
  readonly tool: { readonly name: string; readonly version: string };
  /** The machine. `os` decides how paths are read. */
  readonly host: { readonly name: string; readonly os: Os };
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly endedAt: string;
  readonly exitCode: number;
  /** What the table of exit codes says of `exitCode`. */
  readonly exitMeaning: string;
}

/** Renders what a run came to. */
export interface TaskReport {
  /** For a person, on standard output at the end of a dry run: lines, each ended by a line feed. */
  text(run: FinishedRun, how: { readonly colour: boolean }): string;
  /** The text of a report file. @param format one of the task's `reportFormats` */
  file(format: string, run: FinishedRun): string;
}

/** What a task's work came to. */
export interface TaskResult {
  /** Fields of the `run.summary` record and of the message on `--event-topic`; the host adds how long it took. */
  readonly summary: Fields;
  /** Raises the summary to Warning, which an agent with default settings keeps. */
  readonly needsAttention?: boolean;
  /** Names of the task's verdicts that apply. */
  readonly exits?: readonly string[];
  /** Required of a task with `reportFormats`. */
  readonly report?: TaskReport;
}

/** The periodic work of one executable. */
export interface Task<Schema extends z.ZodObject = z.ZodObject> {
  /** kebab-case: the executable's name, the source of its records, the prefix of its environment variables. */
  readonly name: string;
  readonly description: string;
  /** The task's own options: flags, variables, keys of the configuration file and `--help` are derived from them. */
  readonly options: Schema;
  /** Every event that the task logs, for the operator's table. */
  readonly events: readonly LogEvent[];
  /** The task's own ways to end, worst first. */
  readonly exitCodes?: readonly TaskExit[];
  /** What `--report` can write: file extensions and what they stand for (`.json`: `JSON`). Without any, there is no `--report`. */
  readonly reportFormats?: Readonly<Record<`.${string}`, string>>;
  /** SQL that creates the task's tables in the store, step by step; a step that was released never changes. */
  readonly storeSchema?: readonly string[];
  /** Replaces what the task knows as a secret in any text that leaves the process. */
  readonly redact?: (text: string) => string;
  /** Does the work. Must return soon after `signal` aborts, with what it has. */
  execute(context: TaskContext<z.output<Schema>>): Promise<TaskResult>;
}
