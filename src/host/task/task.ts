/** The seam between the host and its task. An integrator keeps everything below `src/host/` and writes a `Task`. */
import type * as z from 'zod';
import type { TaskExit } from '../exit/exit-table.ts';
import type { Announce, Fields, Log, LogEvent, TextStyle } from '../log/index.ts';
import type { Os, Platform, ReadInput, Store } from '../platform/index.ts';
import type { Check, CheckContext } from './check.ts';
import type { Example, HelpTopic } from './help.ts';
import type { ShowProgress } from './progress.ts';
import type { ReportFormats } from './report-format.ts';
import type { TaskCommand } from './task-command.ts';
import type { WrongValue } from './wrong-value.ts';

/** The state of a task, kept between runs. */
export interface TaskState {
  /** Absolute path without links. It exists and is private to this user. */
  readonly directory: string;
  /**
   * The store in that directory, with the tables of `storeSchema`. Records that are logged within one of its transactions are
   * delivered if and only if the transaction is committed, in this run or a later one. Undefined if the store is unusable.
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

/** A report that goes to standard output while the task works: only in a dry run. */
export interface ReportStream {
  /** One of the task's `reportFormats` that is streamed. */
  readonly format: string;
  /** Writes the next part. It waits for nothing; what a reader does not accept for too long ends the output. */
  write(text: string): void;
}

/** What a run passes to its task. */
export interface TaskContext<Options> {
  readonly options: Options;
  readonly platform: Platform;
  readonly log: Log;
  /** For records that must never be dropped: returns whether the record was accepted. */
  readonly announce: Announce;
  /** For a person who waits at a terminal. */
  readonly progress: ShowProgress;
  /**
   * Reads a file that an option names. Do not open such files in any other way: this protects the run from files that hang or that
   * other users can change.
   */
  readonly readInput: ReadInput;
  readonly wrongValue: WrongValue;
  /** Set if a streamed report was asked for. `TaskReport.streamed` completes it. */
  readonly stream?: ReportStream | undefined;
  /** Aborted when the work must end early: a signal, or the end of `--max-duration`. */
  readonly signal: AbortSignal;
  /** Undefined in a dry run, which keeps no state. */
  readonly state: TaskState | undefined;
  /**
   * The directory of `state`, which exists and is private to this user. A dry run has one too, for what must be the same in every
   * run, such as a key; it is created on the first call. Other runs may use it at the same time.
   * @throws TaskError `cannot-write` when it cannot be created, or when others can access it
   */
  readonly stateDirectory: () => Promise<string>;
  /** Announce again everything that earlier runs announced and that still holds (`--retell`). */
  readonly retell: boolean;
  /** Version of the executable. A task whose state depends on its code must recreate the state when the version changes. */
  readonly version: string;
}

/** The run, for reports. */
export interface FinishedRun {
  readonly tool: { readonly name: string; readonly version: string };
  /** The machine. `os` decides how paths are read. */
  readonly host: { readonly name: string; readonly os: Os };
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly endedAt: string;
  readonly exitCode: number;
  /** The meaning of `exitCode` in the table of exit codes. */
  readonly exitMeaning: string;
}

/** Renders the outcome of a run. */
export interface TaskReport {
  /** For people, on standard output at the end of a dry run, unless a report goes there: lines that end with a line feed. */
  text(run: FinishedRun, style: TextStyle): string;
  /** A whole report. @param format one of the task's `reportFormats` */
  file(format: string, run: FinishedRun): string | Promise<string>;
  /** The end of a report that was written to `TaskContext.stream`. Required of a task with a streamed format. */
  streamed?(format: string, run: FinishedRun): string | Promise<string>;
}

/** The outcome of a task's work. */
export interface TaskResult {
  /** Fields of the `run.summary` record and of the message on `--event-topic`; the host adds the duration. */
  readonly summary: Fields;
  /** Raises the summary to Warning: an agent with default settings drops lower levels. */
  readonly needsAttention?: boolean;
  /** Names of the task's exits that apply: verdicts, and failures that concern only a part of the work. */
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
  /** All events that the task logs, for the documentation. */
  readonly events: readonly LogEvent[];
  /** The task's own exit codes, worst first. */
  readonly exitCodes?: readonly TaskExit[];
  /** Formats of `--report`, by name. Without any, there is no `--report`. */
  readonly reportFormats?: ReportFormats;
  /** SQL steps that create and migrate the task's tables in the store. Append new steps; never change a released one. */
  readonly storeSchema?: readonly string[];
  /** Replaces secrets in records, errors and the summary. A task redacts its reports itself. */
  readonly redact?: (text: string) => string;
  /**
   * Why these options make any run a dry run, with no agent and no state: the name of the option, as in `--staged`.
   * Undefined for all others.
   * @throws TaskError `usage` for options that contradict each other
   */
  dryRunBecause?(options: z.output<Schema>): string | undefined;
  /** What `doctor` checks besides the agent: that the inputs of a run can be used. Changes nothing. */
  checks?(context: CheckContext<z.output<Schema>>): AsyncIterable<Check>;
  /** Commands besides the work, by their words: `rules list`. */
  readonly commands?: Readonly<Record<string, TaskCommand>>;
  /** The command for the work itself, such as `scan`, which may be left out. */
  readonly defaultCommand?: { readonly word: string; readonly description: string };
  /** The most frequent uses, for `-h` and `--help`. */
  readonly examples?: readonly Example[];
  /** Topics of the command `help`, by name, besides those of the host. */
  readonly topics?: Readonly<Record<string, HelpTopic>>;
  /**
   * What people may type by mistake: for an option (`--json`), a clause that says what to do instead; for a command (`check`), the one
   * that is meant.
   */
  readonly synonyms?: Readonly<Record<string, string>>;
  /**
   * Refuses options that contradict each other, before a run begins.
   * @throws TaskError `usage` or `config` that names the options and the remedy
   */
  refuse?(options: z.output<Schema>, run: { readonly dryRun: boolean }): void;
  /** Does the work. When `signal` aborts, it must soon return what it has. */
  execute(context: TaskContext<z.output<Schema>>): Promise<TaskResult>;
}
