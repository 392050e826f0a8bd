/**
 * One run, phase by phase: configuration, agent, lock and store, the task's work, report, summary, goodbye. Every phase
 * is logged, and a phase that fails softly leaves its mark on the exit code. Exits nothing and reads no environment:
 * `main.ts` does.
 */
import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type * as z from 'zod';
import { describeError, errorKind } from '../exit/task-error.ts';
import { ExitTable, hostExitCode } from '../exit/exit-table.ts';
import {
  type Fields,
  type LineWriter,
  type Log,
  type LogEvent,
  Logger,
  printable,
  redactor,
  terminalSink,
} from '../log/index.ts';
import {
  type Platform,
  type ReadInput,
  asStateFailure,
  defaultStateDirectory,
  inputReader,
} from '../platform/index.ts';
import { Deadline } from './deadline.ts';
import { RunDelivery } from './run-delivery.ts';
import { runEvents } from './events.ts';
import { type RunState, openRunState } from './run-state.ts';
import type { FinishedRun, Task, TaskResult, TaskState } from '../task/task.ts';
import type { Config, Environment } from '../config/index.ts';
import type { AcknowledgingWriter } from '../delivery/index.ts';

/** What a run prints on. `StandardStream` is one. */
export type Printer = LineWriter & {
  /**
   * Waits until the reader has taken everything.
   * @param patience milliseconds that it may take nothing
   */
  flush?(patience: number, limit?: AbortSignal): Promise<unknown>;
};

/** What a run is given besides its arguments. */
export interface RunDependencies<Schema extends z.ZodObject> {
  /** Loads the task; not called when all that is asked for is the version. */
  readonly loadTask: () => Promise<Task<Schema>>;
  readonly version: string;
  readonly platform: Platform;
  readonly stdout: Printer & AcknowledgingWriter & { readonly isTTY?: boolean };
  readonly stderr: Printer;
  /** Aborted with the signal's name, `SIGINT` or `SIGTERM`, as its reason. */
  readonly signal: AbortSignal;
  /** Resolves with an error that nothing has caught. The run reports it, and ends. */
  readonly crash?: Promise<unknown>;
}

/** Runs the task once. Never throws: what goes wrong ends in one line on standard error and in the exit code. */
export async function run<Schema extends z.ZodObject>(
  argv: readonly string[],
  env: Environment,
  dependencies: RunDependencies<Schema>,
): Promise<number> {
  const { version, stdout, stderr } = dependencies;
  if (argv.length === 1 && argv[0] === '--version') {
    // Before anything is loaded: package managers and agents ask this often.
    stdout.write(`${version}\n`);
    return hostExitCode('ok');
  }
  const task = await dependencies.loadTask();
  try {
    const { loadConfig } = await import('../config/index.ts');
    const loaded = await loadConfig(argv, env, task, version, dependencies.platform, dependencies.signal);
    if ('text' in loaded) {
      stdout.write(loaded.text);
      return hostExitCode('ok');
    }
    const { report } = loaded.config;
    if (report !== undefined) (await import('./report-file.ts')).reportFormatOf(report, task.reportFormats);
    return await new Run(task, loaded.config, dependencies).execute();
  } catch (error) {
    stderr.write(`${task.name}: ${shownError(task, error)}\n`);
    const exits = new ExitTable(task.exitCodes);
    return exits.codeOf(exits.exitFor(error));
  }
}

/** The state of one run. */
class Run<Schema extends z.ZodObject> {
  readonly #task: Task<Schema>;
  readonly #config: Config<Schema>;
  readonly #dependencies: RunDependencies<Schema>;
  readonly #logger: Logger;
  readonly #log: Log;
  readonly #readInput: ReadInput;
  readonly #startedAt: string;
  readonly #began: number;
  /** Every way in which this run should end; the worst one counts. */
  readonly #exits = new Set<string>();
  readonly #exitTable: ExitTable;
  readonly #deadline: Deadline;
  readonly #delivery: RunDelivery;
  #hasStateFailed = false;

  constructor(task: Task<Schema>, config: Config<Schema>, dependencies: RunDependencies<Schema>) {
    const { platform } = dependencies;
    this.#task = task;
    this.#exitTable = new ExitTable(task.exitCodes);
    this.#config = config;
    this.#dependencies = dependencies;
    this.#logger = new Logger({
      clock: platform.clock,
      minimum: config.logLevel,
      redact: redactor(task.redact),
    });
    this.#log = this.#logger.log;
    this.#began = platform.clock.monotonic();
    this.#startedAt = new Date(platform.clock.now()).toISOString();
    const { signal, crash, stdout, stderr } = dependencies;
    this.#deadline = new Deadline({ signal, maxDuration: config.maxDuration, crash });
    this.#readInput = inputReader({
      elevated: platform.elevated,
      allowUntrusted: config.allowUntrustedFiles,
      signal: this.#deadline.workEnds,
    });
    this.#delivery = new RunDelivery({
      source: task.name,
      config,
      exits: this.#exitTable,
      platform,
      stdout,
      stderr,
      logger: this.#logger,
      readInput: this.#readInput,
      deadline: this.#deadline,
      show: this.#show,
      onFailure: (event, error) => this.#fail(event, error),
      onStateFailure: (error) => this.#onStateFailure(error),
    });
  }

  async execute(): Promise<number> {
    const { version, platform, stderr } = this.#dependencies;
    if (this.#config.dryRun) this.#logger.attach(terminalSink(stderr));
    this.#log(runEvents.started, { version, os: platform.os, dryRun: this.#config.dryRun });
    await this.#wait();
    await this.#delivery.connect();
    this.#logger.seal();
    const deadline = this.#deadline;
    let result: TaskResult | undefined;
    let state: RunState | undefined;
    try {
      await this.#requireReportFolder();
      state = await this.#openState();
      this.#delivery.begin();
      result = await deadline.orCrash(deadline.orLimit(this.#work(state)));
      await deadline.orCrash(this.#report(result));
    } catch (error) {
      this.#delivery.begin();
      this.#fail(runEvents.failed, error);
    }
    await this.#end(result);
    state?.close();
    await this.#flush();
    return this.#exitCode();
  }

  /** Waits until the readers of the streams have taken what was printed. */
  async #flush(): Promise<void> {
    const { stdout, stderr } = this.#dependencies;
    const { agentTimeout } = this.#config;
    await Promise.all(
      [stdout, stderr].map(async (stream) => stream.flush?.(agentTimeout, this.#deadline.limit)),
    );
  }

  /** Spreads the starts of a fleet. */
  async #wait(): Promise<void> {
    const { jitter } = this.#config;
    if (jitter === undefined) return;
    const milliseconds = randomInt(jitter);
    this.#log(runEvents.waiting, { seconds: Math.round(milliseconds / 1000) });
    await sleep(milliseconds, undefined, { signal: this.#deadline.ending }).catch(() => undefined);
  }

  /** Undefined in a dry run, which keeps no state. */
  async #openState(): Promise<RunState | undefined> {
    const { platform } = this.#dependencies;
    if (this.#config.dryRun) return undefined;
    const directory = this.#config.stateDir ?? defaultStateDirectory(platform, `kepm-${this.#task.name}`);
    const { Spool, deliveryEvents, spoolSchema } = await import('../delivery/index.ts');
    const schemas = { spool: spoolSchema, [this.#task.name]: this.#task.storeSchema ?? [] };
    const state = await openRunState(
      platform,
      directory,
      schemas,
      this.#onStateFailure,
      this.#deadline.workEnds,
    );
    const { store, setAside } = state;
    if (setAside !== undefined) this.#log(runEvents.storeSetAside, setAside);
    if (store === undefined) return state;
    try {
      const spool = new Spool(store);
      this.#delivery.persistTo(spool);
      store.transaction(() => {
        const count = spool.takeLosses();
        if (count > 0) this.#log(deliveryEvents.lost, { count });
      });
    } catch (error) {
      this.#onStateFailure(asStateFailure('the store', store.path, error));
    }
    return state;
  }

  /** An error as standard error may show it: without secrets, and without what drives a terminal. */
  readonly #show = (error: unknown): string => shownError(this.#task, error);

  /** Only the first failure is logged: the others have the same cause, or the same remedy. */
  readonly #onStateFailure = (error: unknown): void => {
    if (this.#hasStateFailed) return;
    this.#hasStateFailed = true;
    this.#fail(runEvents.stateFailed, error);
  };

  async #work(run: RunState | undefined): Promise<TaskResult> {
    const { platform, signal, version } = this.#dependencies;
    if (this.#config.priority === 'low') this.#lowerPriority();
    const state: TaskState | undefined = run && {
      directory: run.directory,
      store: run.store,
      onFailure: this.#onStateFailure,
    };
    const result = await this.#task.execute({
      options: this.#config.task,
      platform,
      log: this.#log,
      announce: this.#logger.announce,
      signal: this.#deadline.workEnds,
      readInput: this.#readInput,
      state,
      version,
    });
    if (!signal.aborted && this.#deadline.outOfTime.aborted) {
      this.#log(runEvents.outOfTime, { seconds: this.#config.maxDuration / 1000 });
    }
    for (const exit of result.exits ?? []) this.#exits.add(exit);
    return result;
  }

  #lowerPriority(): void {
    try {
      this.#dependencies.platform.lowerPriority();
    } catch (error) {
      this.#log(runEvents.priorityKept, { error: describeError(error) });
    }
  }

  /** Before hours of work, not after them. */
  async #requireReportFolder(): Promise<void> {
    const { report } = this.#config;
    if (report === undefined) return;
    const { requireReportFolder } = await import('./report-file.ts');
    await requireReportFolder(report, this.#deadline.workEnds);
  }

  async #report({ report }: TaskResult): Promise<void> {
    const { report: path, dryRun } = this.#config;
    if (report === undefined) return;
    if (path !== undefined) {
      const { reportFormatOf, writeReport } = await import('./report-file.ts');
      const text = report.file(reportFormatOf(path, this.#task.reportFormats), this.#finishedRun());
      await writeReport(path, text, this.#deadline.workEnds);
      this.#log(runEvents.reportWritten, { path });
    }
    if (dryRun) {
      const { stdout } = this.#dependencies;
      stdout.write(report.text(this.#finishedRun(), { colour: stdout.isTTY === true }));
    }
  }

  #finishedRun(): FinishedRun {
    const { version, platform } = this.#dependencies;
    const exitCode = this.#exitCode();
    return {
      tool: { name: this.#task.name, version },
      host: { name: platform.hostname, os: platform.os },
      startedAt: this.#startedAt,
      endedAt: new Date(platform.clock.now()).toISOString(),
      exitCode,
      exitMeaning: this.#exitTable.meaningOf(exitCode),
    };
  }

  /** Logs how the run went, and waits for the acknowledgements. */
  async #end(result: TaskResult | undefined): Promise<void> {
    const { platform } = this.#dependencies;
    const seconds = Math.round((platform.clock.monotonic() - this.#began) / 100) / 10;
    if (result !== undefined) {
      // On a default agent, a summary without news may be filtered away; one that needs attention may not.
      this.#logRaised(result.needsAttention === true, runEvents.summary, { ...result.summary, seconds });
    }
    const code = this.#exitCode();
    this.#logRaised(code !== 0, runEvents.ended, { code, seconds });
    const summary = result?.summary ?? {};
    const exits = await this.#delivery.flushAndDisconnect({ code, seconds, summary });
    for (const exit of exits) this.#exits.add(exit);
  }

  /**
   * Logs a failure and lets it count. A failure of this machine or this program is also a line on standard error, in case the
   * records cannot be delivered.
   */
  #fail(event: LogEvent, error: unknown): void {
    const { dryRun } = this.#config;
    this.#exits.add(this.#exitTable.exitFor(error));
    const kind = errorKind(error);
    this.#log(event, { kind, error: describeError(error) });
    if (dryRun || (kind !== 'cannot-write' && kind !== 'internal')) return;
    const { stderr } = this.#dependencies;
    stderr.write(`${this.#task.name}: ${this.#show(error)}\n`);
  }

  #logRaised(isRaised: boolean, { raised, ...event }: LogEvent, fields: Fields): void {
    this.#log(isRaised && raised !== undefined ? { ...event, level: raised } : event, fields);
  }

  #exitCode(): number {
    const { signal } = this.#dependencies;
    if (signal.aborted) this.#exits.add(signal.reason === 'SIGINT' ? 'interrupted' : 'terminated');
    return this.#exitTable.codeOf(this.#exitTable.worst(this.#exits));
  }
}

function shownError({ redact }: Pick<Task, 'redact'>, error: unknown): string {
  return printable(redactor(redact)(describeError(error)));
}
