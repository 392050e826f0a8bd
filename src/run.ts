/**
 * One run, phase by phase: configuration, agent, lock and store, the task's work, report, summary, goodbye. Every phase
 * is logged, and a phase that fails softly leaves its mark on the exit code. Exits nothing and reads no environment:
 * `main.ts` does.
 */
import { randomInt, randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type * as z from 'zod';
import { describeError, errorKind } from './errors.ts';
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
  type RunLock,
  type Store,
  defaultStateDirectory,
  openStateDirectory,
  openStore,
  takeRunLock,
} from './platform/index.ts';
import { type Outcome, type Task, severities } from './task.ts';
import type { Config, Environment } from './config/index.ts';
import type { AcknowledgingWriter, Courier, Transport } from './delivery/index.ts';
import type { ReportInput } from './report/index.ts';

/** What a run is given besides its arguments. */
export interface RunDependencies<Schema extends z.ZodObject> {
  /** Loads the task; not called when all that is asked for is the version. */
  readonly loadTask: () => Promise<Task<Schema>>;
  readonly version: string;
  readonly platform: Platform;
  readonly stdout: LineWriter & AcknowledgingWriter & { readonly isTTY?: boolean };
  readonly stderr: LineWriter;
  /** Aborted with the signal's name, `SIGINT` or `SIGTERM`, as its reason. */
  readonly signal: AbortSignal;
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
    const loaded = await loadConfig(argv, env, task, version);
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

/** What a run with state holds while it lasts. */
interface State {
  readonly directory: string;
  readonly lock: RunLock;
  readonly store: Store;
}

/** The state of one run. */
class Run<Schema extends z.ZodObject> {
  readonly #task: Task<Schema>;
  readonly #config: Config<Schema>;
  readonly #dependencies: RunDependencies<Schema>;
  readonly #logger: Logger;
  readonly #log: Log;
  readonly #startedAt: string;
  readonly #began: number;
  /** Every way in which this run should end; the worst one counts. */
  readonly #exits = new Set<ExitName>();
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
    this.#began = platform.clock.monotonic();
    this.#startedAt = new Date(platform.clock.now()).toISOString();
  }

  async execute(): Promise<number> {
    const { version, platform, stderr } = this.#dependencies;
    if (this.#config.dryRun) this.#logger.attach(terminalSink(stderr));
    this.#log(runEvents.started, { version, os: platform.os, dryRun: this.#config.dryRun });
    await this.#wait();
    const transport = await this.#openWay();
    this.#logger.seal();
    let outcome: Outcome | undefined;
    let state: State | undefined;
    try {
      state = await this.#openState();
      this.#begin(transport);
      outcome = await this.#work(state);
      await this.#report(outcome);
    } catch (error) {
      this.#begin(transport);
      this.#fail(runEvents.failed, error);
    }
    try {
      return await this.#end(outcome);
    } finally {
      state?.store.close();
      state?.lock.release();
    }
  }

  /** Spreads the starts of a fleet. */
  async #wait(): Promise<void> {
    const { jitter } = this.#config;
    if (jitter === undefined) return;
    const milliseconds = randomInt(jitter);
    this.#log(runEvents.waiting, { seconds: Math.round(milliseconds / 1000) });
    await setTimeout(milliseconds, undefined, { signal: this.#dependencies.signal }).catch(() => undefined);
  }

  /**
   * Connects to the agent, or takes standard output in its place. A failure is soft: the work is done all the same, and
   * the exit code tells.
   */
  async #openWay(): Promise<Transport | undefined> {
    const { dryRun, standalone, jobId, keeperApiBase, agentTimeout } = this.#config;
    if (dryRun) return undefined;
    const { platform, signal, stdout } = this.#dependencies;
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
        agentUser: this.#config.agentUser,
        os: platform.os,
        pid: platform.pid,
        log: this.#log,
        signal,
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

  /** The directory, the lock and the store, made if need be; undefined in a dry run, which keeps no state. */
  async #openState(): Promise<State | undefined> {
    const { platform } = this.#dependencies;
    if (this.#config.dryRun) return undefined;
    const directory = this.#config.stateDir ?? defaultStateDirectory(platform, `kepm-${this.#task.name}`);
    openStateDirectory(directory);
    const lock = await takeRunLock(platform, directory);
    try {
      const { Spool, deliveryEvents, spoolSchema } = await import('./delivery/index.ts');
      const { store, setAside } = await openStore(platform, directory, {
        spool: spoolSchema,
        [this.#task.name]: this.#task.storeSchema ?? [],
      });
      if (setAside !== undefined) this.#log(runEvents.storeSetAside, setAside);
      const spool = new Spool(store);
      this.#courier?.keepIn(spool);
      store.transaction(() => {
        const count = spool.takeLosses();
        if (count > 0) this.#log(deliveryEvents.lost, { count });
      });
      return { directory, lock, store };
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  async #work(state: State | undefined): Promise<Outcome> {
    const { platform, signal, version } = this.#dependencies;
    if (this.#config.priority === 'low') this.#lowerPriority();
    const passed = platform.clock.monotonic() - this.#began;
    const time = AbortSignal.timeout(Math.max(0, Math.round(this.#config.maxDuration - passed)));
    const outcome = await this.#task.execute({
      options: this.#config.task,
      platform,
      log: this.#log,
      signal: AbortSignal.any([signal, time]),
      stateDirectory: state?.directory,
      store: state?.store,
      version,
    });
    if (signal.aborted) this.#exits.add(signal.reason === 'SIGINT' ? 'interrupted' : 'terminated');
    else if (time.aborted) this.#log(runEvents.outOfTime, { seconds: this.#config.maxDuration / 1000 });
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

  /** Says how it went, waits for the acknowledgements, and returns the exit code. */
  async #end(outcome: Outcome | undefined): Promise<number> {
    const { platform } = this.#dependencies;
    const seconds = Math.round((platform.clock.monotonic() - this.#began) / 100) / 10;
    if (outcome !== undefined) this.#logSummary(outcome, seconds);
    const code = this.#exitCode();
    this.#logRaised(code !== 0, runEvents.ended, { code, seconds });
    await this.#closeWay(outcome, code, seconds);
    return this.#exitCode();
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
    const { denied, dropped, undelivered, isKept, important, brokenBy } = await courier.close();
    if (denied > 0) this.#exits.add('refused');
    if (undelivered === 0 && dropped === 0) return;
    this.#exits.add('unreachable');
    const fate = isKept ? ', and the next run will send them' : '';
    const isKnown = errorKind(brokenBy) !== 'internal';
    if (isKnown) this.#exits.add(exitFor(brokenBy));
    const reason = isKnown ? ` (${printable(redactor(this.#task.redact)(describeError(brokenBy)))})` : '';
    // The agent captures standard error with the exit code: where an operator can find them now.
    stderr.write(
      `${this.#task.name}: ${undelivered + dropped} records were not acknowledged${reason}${fate}; Warning and above:\n`,
    );
    for (const { payload } of important) stderr.write(`${payload}\n`);
  }

  /** Logs a failure and lets it count. */
  #fail(event: LogEvent, error: unknown): void {
    this.#exits.add(exitFor(error));
    this.#log(event, { kind: errorKind(error), error: describeError(error) });
  }

  #logRaised(isRaised: boolean, { raised, ...event }: LogEvent, fields: Fields): void {
    this.#log(isRaised && raised !== undefined ? { ...event, level: raised } : event, fields);
  }

  #exitCode(): number {
    return exitCodeOf(worstExit(this.#exits));
  }
}

/** The index in `severities` of the gravest finding; -1 when there is none. */
function worstSeverity({ findingCount }: Outcome): number {
  return severities.findLastIndex((severity) => findingCount[severity] > 0);
}

function isIncomplete({ coverage }: Outcome): boolean {
  return Object.keys(coverage.unexamined).length > 0;
}
