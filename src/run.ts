/**
 * One run, phase by phase: configuration, agent, lock and store, the task's work, report, summary, goodbye. Every phase
 * is logged, and a phase that fails softly leaves its mark on the exit code. Exits nothing and reads no environment:
 * `main.ts` does.
 */
import { randomInt, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type * as z from 'zod';
import { TaskError, describeError, errorKind } from './errors.ts';
import { type ExitName, exitCodeOf, exitFor, worstExit } from './exit-codes.ts';
import {
  type Fields,
  type LineWriter,
  type Log,
  type LogEvent,
  Logger,
  printable,
  redactor,
  terminalSink,
} from './log/index.ts';
import {
  type Platform,
  type ReadInput,
  asStateFailure,
  cannotWrite,
  defaultStateDirectory,
  inputReader,
} from './platform/index.ts';
import { type RunState, openRunState } from './run-state.ts';
import { type Outcome, type Task, severities } from './task.ts';
import type { Config, Environment } from './config/index.ts';
import type { AcknowledgingWriter, Courier, Transport } from './delivery/index.ts';
import type { ReportInput } from './report/index.ts';

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
  /** Resolves with an error that nothing has caught. The run says so, and ends. */
  readonly crash?: Promise<unknown>;
}

/** The events that every run logs, whatever its task. */
export const runEvents = {
  started: { id: 'run.started', level: 'Information', text: 'Run started' },
  waiting: { id: 'run.waiting', level: 'Information', text: 'Waiting for --jitter before the start' },
  storeSetAside: {
    id: 'run.store-set-aside',
    level: 'Warning',
    text: 'The store could not be used and begins anew; what was known is found again',
  },
  stateFailed: {
    id: 'run.state-failed',
    level: 'Error',
    text: 'State cannot be kept; findings that are not stored are announced by the next run',
  },
  failed: { id: 'run.failed', level: 'Error', text: 'Run failed' },
  priorityKept: {
    id: 'run.priority-kept',
    level: 'Information',
    text: 'CPU priority could not be lowered',
  },
  outOfTime: { id: 'run.out-of-time', level: 'Warning', text: 'Work stopped at --max-duration' },
  reportWritten: { id: 'run.report-written', level: 'Information', text: 'Report written' },
  summary: { id: 'run.summary', level: 'Information', raised: 'Warning', text: 'Summary' },
  ended: { id: 'run.ended', level: 'Information', raised: 'Warning', text: 'Run ended' },
} as const satisfies Record<string, LogEvent>;

/** Records that could not be delivered and are shown on standard error, where the agent captures them. */
const MAX_FALLBACK_LINES = 200;

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
    return exitCodeOf('ok');
  }
  const task = await dependencies.loadTask();
  try {
    const { loadConfig } = await import('./config/index.ts');
    const loaded = await loadConfig(argv, env, task, version, dependencies.platform);
    if ('text' in loaded) {
      stdout.write(loaded.text);
      return exitCodeOf('ok');
    }
    const { report } = loaded.config;
    if (report !== undefined) (await import('./report/index.ts')).reportFormatOf(report);
    return await new Run(task, loaded.config, dependencies).execute();
  } catch (error) {
    stderr.write(`${task.name}: ${printable(redactor(task.redact)(describeError(error)))}\n`);
    return exitCodeOf(exitFor(error));
  }
}

/** Milliseconds that a run may take to end once it must, by a signal or at `--max-duration`. */
const ENDING_MS = 1200;

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
  readonly #exits = new Set<ExitName>();
  readonly #outOfTime: AbortSignal;
  /** The work must end: a signal came, or the time is up. */
  readonly #ending: AbortSignal;
  /** Some time after that: nothing is waited for any more. */
  readonly #limit = new AbortController();
  readonly #crashed = new AbortController();
  #hasStateFailed = false;
  #courier: Courier | undefined;

  constructor(task: Task<Schema>, config: Config<Schema>, dependencies: RunDependencies<Schema>) {
    const { platform } = dependencies;
    this.#task = task;
    this.#config = config;
    this.#dependencies = dependencies;
    this.#logger = new Logger({
      clock: platform.clock,
      minimum: config.logLevel,
      redact: redactor(task.redact),
    });
    this.#log = this.#logger.log;
    this.#readInput = inputReader({
      elevated: platform.elevated,
      allowUntrusted: config.allowUntrustedFiles,
    });
    this.#began = platform.clock.monotonic();
    this.#startedAt = new Date(platform.clock.now()).toISOString();
    this.#outOfTime = AbortSignal.timeout(config.maxDuration);
    this.#ending = AbortSignal.any([dependencies.signal, this.#outOfTime]);
    const limit = () => void setTimeout(() => this.#limit.abort(), ENDING_MS).unref();
    if (this.#ending.aborted) limit();
    else this.#ending.addEventListener('abort', limit, { once: true });
  }

  async execute(): Promise<number> {
    const { version, platform, stderr } = this.#dependencies;
    if (this.#config.dryRun) this.#logger.attach(terminalSink(stderr));
    this.#log(runEvents.started, { version, os: platform.os, dryRun: this.#config.dryRun });
    await this.#wait();
    const transport = await this.#openWay();
    this.#logger.seal();
    let outcome: Outcome | undefined;
    let state: RunState | undefined;
    try {
      state = await this.#openState();
      this.#begin(transport);
      outcome = await this.#orCrash(this.#orLimit(this.#work(state)));
      await this.#orCrash(this.#report(outcome));
    } catch (error) {
      this.#begin(transport);
      this.#fail(runEvents.failed, error);
    }
    await this.#end(outcome);
    state?.close();
    await this.#flush();
    return this.#exitCode();
  }

  /** Rejects with an error that nothing has caught. */
  async #orCrash<Result>(work: Promise<Result>): Promise<Result> {
    const { crash } = this.#dependencies;
    if (crash === undefined) return work;
    const crashed = crash.then((error) => {
      this.#crashed.abort();
      throw error;
    });
    return Promise.race([work, crashed]);
  }

  /** Rejects when the work does not end although it must. */
  async #orLimit<Result>(work: Promise<Result>): Promise<Result> {
    const { promise: late, reject } = Promise.withResolvers<never>();
    const onLimit = () => reject(new TaskError('internal', 'the work did not end in time'));
    this.#limit.signal.addEventListener('abort', onLimit, { once: true });
    try {
      return await Promise.race([work, late]);
    } finally {
      this.#limit.signal.removeEventListener('abort', onLimit);
    }
  }

  /** Waits for whoever reads what was printed. */
  async #flush(): Promise<void> {
    const { stdout, stderr } = this.#dependencies;
    const { agentTimeout } = this.#config;
    await Promise.all(
      [stdout, stderr].map(async (stream) => stream.flush?.(agentTimeout, this.#limit.signal)),
    );
  }

  /** Spreads the starts of a fleet. */
  async #wait(): Promise<void> {
    const { jitter } = this.#config;
    if (jitter === undefined) return;
    const milliseconds = randomInt(jitter);
    this.#log(runEvents.waiting, { seconds: Math.round(milliseconds / 1000) });
    await sleep(milliseconds, undefined, { signal: this.#ending }).catch(() => undefined);
  }

  /**
   * Connects to the agent, or takes standard output in its place. A failure is soft: the work is done all the same, and
   * the exit code tells.
   */
  async #openWay(): Promise<Transport | undefined> {
    const { dryRun, standalone, jobId, keeperApiBase, agentTimeout } = this.#config;
    if (dryRun) return undefined;
    const { platform, stdout } = this.#dependencies;
    const { Courier, jsonLines } = await import('./delivery/index.ts');
    this.#courier = new Courier({
      payload: {
        names: this.#config.payloadFields,
        source: this.#task.name,
        context: {
          run: randomUUID(),
          ...(jobId !== undefined && { job: jobId }),
          host: platform.hostname,
        },
      },
      timeout: agentTimeout,
      limit: this.#limit.signal,
      told: MAX_FALLBACK_LINES,
    });
    this.#logger.attach(this.#courier);
    if (standalone) return jsonLines(stdout);
    if (jobId === undefined || keeperApiBase === undefined) return undefined;
    const { agentEvents, connectToAgent } = await import('./agent/index.ts');
    try {
      return await connectToAgent({
        ...this.#config,
        keeperApiBase,
        jobId,
        jobName: this.#config.jobName ?? jobId,
        caFile: this.#config.caFile,
        readInput: this.#readInput,
        agentUser: this.#config.agentUser,
        os: platform.os,
        pid: platform.pid,
        log: this.#log,
        signal: this.#ending,
      });
    } catch (error) {
      if (errorKind(error) === 'config') throw error;
      this.#fail(agentEvents.notReached, error);
      return undefined;
    }
  }

  /** Records leave from here on: not before it is known whether earlier runs have left any. */
  #begin(transport: Transport | undefined): void {
    if (transport !== undefined) this.#courier?.begin(transport);
  }

  /** Undefined in a dry run, which keeps no state. */
  async #openState(): Promise<RunState | undefined> {
    const { platform } = this.#dependencies;
    if (this.#config.dryRun) return undefined;
    const directory = this.#config.stateDir ?? defaultStateDirectory(platform, `kepm-${this.#task.name}`);
    const { Spool, deliveryEvents, spoolSchema } = await import('./delivery/index.ts');
    const schemas = { spool: spoolSchema, [this.#task.name]: this.#task.storeSchema ?? [] };
    const state = await openRunState(platform, directory, schemas, this.#onStateFailure);
    const { store, setAside } = state;
    if (setAside !== undefined) this.#log(runEvents.storeSetAside, setAside);
    if (store === undefined) return state;
    try {
      const spool = new Spool(store);
      this.#courier?.keepIn(spool);
      store.transaction(() => {
        const count = spool.takeLosses();
        if (count > 0) this.#log(deliveryEvents.lost, { count });
      });
    } catch (error) {
      this.#onStateFailure(asStateFailure('the store', store.path, error));
    }
    return state;
  }

  /** The first failure is logged; the others have the same cause, or the same remedy. */
  readonly #onStateFailure = (error: unknown): void => {
    if (this.#hasStateFailed) return;
    this.#hasStateFailed = true;
    this.#fail(runEvents.stateFailed, error);
  };

  async #work(state: RunState | undefined): Promise<Outcome> {
    const { platform, signal, version } = this.#dependencies;
    if (this.#config.priority === 'low') this.#lowerPriority();
    const outcome = await this.#task.execute({
      options: this.#config.task,
      platform,
      log: this.#log,
      announce: this.#logger.announce,
      signal: AbortSignal.any([this.#ending, this.#crashed.signal]),
      readInput: this.#readInput,
      stateDirectory: state?.directory,
      store: state?.store,
      onStateFailure: this.#onStateFailure,
      version,
    });
    if (!signal.aborted && this.#outOfTime.aborted) {
      this.#log(runEvents.outOfTime, { seconds: this.#config.maxDuration / 1000 });
    }
    if (
      this.#config.failOn !== undefined &&
      worstSeverity(outcome) >= severities.indexOf(this.#config.failOn)
    ) {
      this.#exits.add('findings');
    }
    if (this.#config.strict && isIncomplete(outcome)) this.#exits.add('incomplete');
    return outcome;
  }

  #lowerPriority(): void {
    try {
      this.#dependencies.platform.lowerPriority();
    } catch (error) {
      this.#log(runEvents.priorityKept, { error: describeError(error) });
    }
  }

  async #report(outcome: Outcome): Promise<void> {
    const { report, dryRun } = this.#config;
    if (report === undefined && !dryRun) return;
    const { renderText, writeReport } = await import('./report/index.ts');
    const input = this.#reportInput(outcome);
    if (report !== undefined) {
      await writeReport(report, input);
      this.#log(runEvents.reportWritten, { path: report });
    }
    if (dryRun) {
      const { stdout } = this.#dependencies;
      stdout.write(renderText(input, { colour: stdout.isTTY === true }));
    }
  }

  #reportInput(outcome: Outcome): ReportInput {
    const { version, platform } = this.#dependencies;
    return {
      tool: { name: this.#task.name, version },
      host: { name: platform.hostname, os: platform.os },
      startedAt: this.#startedAt,
      endedAt: new Date(platform.clock.now()).toISOString(),
      exitCode: this.#exitCode(),
      outcome,
    };
  }

  /** Logs how the run went, and waits for the acknowledgements. */
  async #end(outcome: Outcome | undefined): Promise<void> {
    const { platform } = this.#dependencies;
    const seconds = Math.round((platform.clock.monotonic() - this.#began) / 100) / 10;
    if (outcome !== undefined) this.#logSummary(outcome, seconds);
    const code = this.#exitCode();
    this.#logRaised(code !== 0, runEvents.ended, { code, seconds });
    await this.#closeWay(outcome, code, seconds);
  }

  /** The summary of a run without news may be filtered away on a default install; one with something to act on may not. */
  #logSummary(outcome: Outcome, seconds: number): void {
    const { folders, files, unchanged, bytes, skipped, unexamined } = outcome.coverage;
    const { lifecycle } = outcome;
    const isNews = lifecycle === undefined ? worstSeverity(outcome) !== -1 : lifecycle.new > 0;
    this.#logRaised(isNews || isIncomplete(outcome), runEvents.summary, {
      findings: outcome.findingCount,
      ...(lifecycle !== undefined && { lifecycle: { ...lifecycle } }),
      files,
      unchanged,
      folders,
      bytes,
      skipped,
      unexamined,
      ...(Object.keys(outcome.suppressed).length > 0 && { suppressed: outcome.suppressed }),
      seconds,
    });
  }

  async #closeWay(outcome: Outcome | undefined, code: number, seconds: number): Promise<void> {
    const courier = this.#courier;
    if (courier === undefined) return;
    const { stderr } = this.#dependencies;
    const { eventTopic, standalone } = this.#config;
    if (eventTopic !== undefined && !standalone) {
      const findings = outcome?.findingCount ?? null;
      courier.publish(
        eventTopic,
        JSON.stringify({ event: 'run.ended', source: this.#task.name, code, seconds, findings }),
      );
    }
    const { denied, kept, lost, important, storeFailure, brokenBy } = await courier.close();
    if (storeFailure !== undefined) this.#onStateFailure(cannotWrite('the store', 'state.db', storeFailure));
    if (denied > 0) this.#exits.add('refused');
    if (kept === 0 && lost === 0) return;
    this.#exits.add('unreachable');
    const isKnown = errorKind(brokenBy) !== 'internal';
    if (isKnown) this.#exits.add(exitFor(brokenBy));
    const reason = isKnown ? ` (${printable(redactor(this.#task.redact)(describeError(brokenBy)))})` : '';
    // The agent captures standard error with the exit code: where an operator can find them now.
    stderr.write(
      `${this.#task.name}: ${kept + lost} records were not acknowledged${reason}${fateOf(kept, lost)}; Warning and above:\n`,
    );
    for (const { payload } of important) stderr.write(`${payload}\n`);
  }

  /**
   * Logs a failure and lets it count. What is wrong with this machine, or with this program, is also a line on standard error:
   * that is all there is when the records cannot leave.
   */
  #fail(event: LogEvent, error: unknown): void {
    const { dryRun } = this.#config;
    this.#exits.add(exitFor(error));
    const kind = errorKind(error);
    this.#log(event, { kind, error: describeError(error) });
    if (dryRun || (kind !== 'cannot-write' && kind !== 'internal')) return;
    const { stderr } = this.#dependencies;
    stderr.write(`${this.#task.name}: ${redactor(this.#task.redact)(describeError(error))}\n`);
  }

  #logRaised(isRaised: boolean, { raised, ...event }: LogEvent, fields: Fields): void {
    this.#log(isRaised && raised !== undefined ? { ...event, level: raised } : event, fields);
  }

  #exitCode(): number {
    const { signal } = this.#dependencies;
    if (signal.aborted) this.#exits.add(signal.reason === 'SIGINT' ? 'interrupted' : 'terminated');
    return exitCodeOf(worstExit(this.#exits));
  }
}

/** What becomes of records that were not acknowledged. */
function fateOf(kept: number, lost: number): string {
  if (lost === 0) return ', and the next run will send them';
  if (kept === 0) return ', and all of them are lost';
  return `: the next run will send ${kept} of them, and ${lost} are lost`;
}

/** The index in `severities` of the gravest finding; -1 when there is none. */
function worstSeverity({ findingCount }: Outcome): number {
  return severities.findLastIndex((severity) => findingCount[severity] > 0);
}

function isIncomplete({ coverage }: Outcome): boolean {
  return Object.keys(coverage.unexamined).length > 0;
}
