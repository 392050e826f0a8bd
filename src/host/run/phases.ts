/**
 * One run, phase by phase: agent, lock and store, the task's work, report, summary, disconnection. Every phase is logged. If a phase
 * fails and the run continues, the exit code shows it.
 */
import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type * as z from 'zod';
import type { Config, Environment } from '../config/index.ts';
import { describeError, errorKind } from '../exit/task-error.ts';
import {
  type Fields,
  type Log,
  type LogEvent,
  Logger,
  printable,
  redactFields,
  redactor,
} from '../log/index.ts';
import { type ReadInput, defaultStateDirectory, inputReader } from '../platform/index.ts';
import type { Task, TaskResult, TaskState } from '../task/task.ts';
import { Deadline } from './deadline.ts';
import { runEvents } from '../task/run-events.ts';
import { ExitStatus } from './exit-status.ts';
import { RunDelivery } from './run-delivery.ts';
import { RunReports } from './run-reports.ts';
import { type RunState, commitTo, openRunDirectory, openRunState } from './run-state.ts';
import { Terminal } from './terminal.ts';
import type { Surroundings } from '../task/surroundings.ts';

/** One run, after its configuration. Can be executed once. */
export class Run<Schema extends z.ZodObject> {
  readonly #task: Task<Schema>;
  readonly #config: Config<Schema>;
  readonly #surroundings: Surroundings;
  readonly #logger: Logger;
  readonly #log: Log;
  readonly #terminal: Terminal;
  readonly #readInput: ReadInput;
  readonly #began: number;
  readonly #exit: ExitStatus;
  readonly #reports: RunReports;
  readonly #deadline: Deadline;
  readonly #delivery: RunDelivery;
  #hasStateFailed = false;

  constructor(task: Task<Schema>, config: Config<Schema>, surroundings: Surroundings, env: Environment) {
    const { platform } = surroundings;
    this.#task = task;
    this.#exit = new ExitStatus(task.exitCodes, surroundings.signal);
    this.#config = config;
    this.#surroundings = surroundings;
    const redact = redactor(task.redact);
    this.#logger = new Logger({ clock: platform.clock, minimum: config.logLevel, redact });
    this.#terminal = new Terminal({
      ...surroundings,
      name: task.name,
      env,
      config,
      events: [...Object.values(runEvents), ...task.events],
      redact,
    });
    this.#log = this.#logger.log;
    this.#began = platform.clock.monotonic();
    const { signal, crash, stdout, stderr } = surroundings;
    this.#deadline = new Deadline({ signal, maxDuration: config.maxDuration, crash });
    this.#readInput = inputReader({
      elevated: platform.elevated,
      allowUntrusted: config.allowUntrustedFiles,
      signal: this.#deadline.workEnds,
    });
    this.#reports = new RunReports({
      task,
      version: surroundings.version,
      platform,
      values: config.report,
      dryRun: config.dryRun,
      terminal: this.#terminal,
      stdout,
      exit: this.#exit,
      log: this.#log,
      onFailure: (error) => this.#fail(runEvents.failed, error),
      signal: this.#deadline.workEnds,
    });
    this.#delivery = new RunDelivery({
      source: task.name,
      config,
      exits: this.#exit.table,
      platform,
      stdout,
      stderr,
      logger: this.#logger,
      readInput: this.#readInput,
      deadline: this.#deadline,
      show: this.#show,
      redact: redactor(task.redact),
      onFailure: (event, error) => this.#fail(event, error),
      onStateFailure: (error) => this.#onStateFailure(error),
    });
  }

  async execute(): Promise<number> {
    const { version, platform } = this.#surroundings;
    if (this.#config.dryRun) this.#logger.attach(this.#terminal.sink);
    this.#log(runEvents.started, { version, os: platform.os, dryRun: this.#config.dryRun });
    await this.#wait();
    await this.#delivery.connect();
    this.#logger.seal();
    const deadline = this.#deadline;
    let result: TaskResult | undefined;
    let state: RunState | undefined;
    try {
      await this.#reports.requireWritable();
      state = await this.#openState();
      this.#delivery.begin();
      const work = deadline.orCrash(deadline.orLimit(this.#work(state)));
      result = await work.finally(() => this.#terminal.endProgress());
      await deadline.orCrash(this.#reports.write(result));
    } catch (error) {
      this.#delivery.begin();
      this.#fail(runEvents.failed, error);
    }
    await this.#end(result);
    state?.close();
    await this.#flush();
    return this.#exit.code;
  }

  /** Waits until the readers of the streams have received all output. */
  async #flush(): Promise<void> {
    const { stdout, stderr } = this.#surroundings;
    const { agentTimeout } = this.#config;
    await Promise.all(
      [stdout, stderr].map(async (stream) => stream.flush?.(agentTimeout, this.#deadline.limit)),
    );
  }

  /** Spreads the starts of a fleet of machines. */
  async #wait(): Promise<void> {
    const { jitter } = this.#config;
    if (jitter === undefined) return;
    const milliseconds = randomInt(jitter);
    this.#log(runEvents.waiting, { seconds: Math.round(milliseconds / 1000) });
    await sleep(milliseconds, undefined, { signal: this.#deadline.ending }).catch(() => undefined);
  }

  /** Undefined in a dry run, which keeps no state. */
  async #openState(): Promise<RunState | undefined> {
    const { platform } = this.#surroundings;
    if (this.#config.dryRun) return undefined;
    const { spoolSchema } = await import('../delivery/index.ts');
    const schemas = { spool: spoolSchema, [this.#task.name]: this.#task.storeSchema ?? [] };
    const state = await openRunState(
      platform,
      this.#stateDirectory,
      schemas,
      this.#onStateFailure,
      this.#deadline.workEnds,
    );
    const { store, setAside } = state;
    if (setAside !== undefined) this.#log(runEvents.storeSetAside, setAside);
    if (store !== undefined) await this.#delivery.persistTo(store);
    return state;
  }

  get #stateDirectory(): string {
    const { platform } = this.#surroundings;
    return this.#config.stateDir ?? defaultStateDirectory(platform, `kepm-${this.#task.name}`);
  }

  /** An error for standard error: without secrets, and without control characters. */
  readonly #show = (error: unknown): string => shownError(this.#task, error);

  /** Logs only the first failure: the others have the same cause or the same remedy. */
  readonly #onStateFailure = (error: unknown): void => {
    if (this.#hasStateFailed) return;
    this.#hasStateFailed = true;
    this.#fail(runEvents.stateFailed, error);
  };

  async #work(run: RunState | undefined): Promise<TaskResult> {
    const { platform, signal, version } = this.#surroundings;
    if (this.#config.priority === 'low') this.#lowerPriority();
    const state: TaskState | undefined = run && {
      directory: run.directory,
      store: run.store,
      onFailure: this.#onStateFailure,
      commit: (action) => commitTo(run.store, action, this.#onStateFailure),
    };
    const result = await this.#task.execute({
      options: this.#config.task,
      platform,
      log: this.#log,
      announce: this.#logger.announce,
      progress: this.#reports.isOnScreen ? () => undefined : this.#terminal.progress,
      signal: this.#deadline.workEnds,
      readInput: this.#readInput,
      wrongValue: this.#config.wrongValue,
      state,
      stateDirectory: async () =>
        run?.directory ?? openRunDirectory(platform, this.#stateDirectory, this.#deadline.workEnds),
      retell: this.#config.retell,
      stream: this.#reports.stream,
      version,
    });
    if (!signal.aborted && this.#deadline.outOfTime.aborted) {
      this.#log(runEvents.outOfTime, { seconds: this.#config.maxDuration / 1000 });
    }
    this.#exit.addReturned(result.exits);
    return result;
  }

  #lowerPriority(): void {
    try {
      this.#surroundings.platform.lowerPriority();
    } catch (error) {
      this.#log(runEvents.priorityKept, { error: describeError(error) });
    }
  }

  /** Logs how the run went, and waits for the acknowledgements. */
  async #end(result: TaskResult | undefined): Promise<void> {
    const { platform } = this.#surroundings;
    const seconds = Math.round((platform.clock.monotonic() - this.#began) / 100) / 10;
    if (result !== undefined) {
      // An agent with default settings drops Information: fine for a summary, unless it needs attention.
      this.#logRaised(result.needsAttention === true, runEvents.summary, { ...result.summary, seconds });
    }
    const { by: confirmedBy, exits } = await this.#delivery.confirm();
    this.#exit.add(exits);
    const { code } = this.#exit;
    this.#logRaised(code !== 0, runEvents.ended, { code, seconds, confirmedBy });
    const summary = redactFields(result?.summary ?? {}, redactor(this.#task.redact));
    this.#exit.add(await this.#delivery.flushAndDisconnect({ code, seconds, summary, confirmedBy }));
  }

  /**
   * Logs a failure and adds it to the exit status. It is also written to standard error in a dry run, and otherwise if it is a failure
   * of this machine or this program, in case the records cannot be delivered.
   */
  #fail(event: LogEvent, error: unknown): void {
    const { dryRun } = this.#config;
    this.#exit.addError(error);
    const kind = errorKind(error);
    this.#log(event, { kind, error: describeError(error) });
    if (dryRun || kind === 'cannot-write' || kind === 'internal') this.#terminal.fail(this.#show(error));
  }

  #logRaised(isRaised: boolean, { raised, ...event }: LogEvent, fields: Fields): void {
    this.#log(isRaised && raised !== undefined ? { ...event, level: raised } : event, fields);
  }
}

/** An error for standard error: without secrets, and without control characters. */
export function shownError({ redact }: Pick<Task, 'redact'>, error: unknown): string {
  return printable(redactor(redact)(describeError(error)));
}
