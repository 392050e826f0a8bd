/**
 * One run, phase by phase: configuration, agent, state and lock, the task's work, report, summary, goodbye. Every phase
 * is logged, and a phase that fails softly leaves its mark on the exit code. Exits nothing and reads no environment:
 * `main.ts` does.
 */
import { randomUUID } from 'node:crypto';
import type * as z from 'zod';
import { describeError, errorKind } from './errors.ts';
import { type ExitName, exitCodeOf, exitFor, worstExit } from './exit-codes.ts';
import {
  type Fields,
  type LineWriter,
  type Log,
  type LogEvent,
  Logger,
  atLeast,
  redactor,
  terminalSink,
} from './log/index.ts';
import {
  type Platform,
  type RunLock,
  defaultStateDirectory,
  openStateDirectory,
  takeRunLock,
} from './platform/index.ts';
import { type Outcome, type Task, severities } from './task.ts';
import type { AgentLink } from './agent/index.ts';
import type { Config, Environment } from './config/index.ts';
import type { ReportInput } from './report/index.ts';

/** What a run is given besides its arguments. */
export interface RunDependencies<Schema extends z.ZodObject> {
  /** Loads the task; not called when all that is asked for is the version. */
  readonly loadTask: () => Promise<Task<Schema>>;
  readonly version: string;
  readonly platform: Platform;
  readonly stdout: LineWriter & { readonly isTTY?: boolean };
  readonly stderr: LineWriter;
  /** Aborted with the signal's name, `SIGINT` or `SIGTERM`, as its reason. */
  readonly signal: AbortSignal;
}

/** The events that every run logs, whatever its task. */
export const runEvents = {
  started: { id: 'run.started', level: 'Information', text: 'Run started' },
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
    stderr.write(`${task.name}: ${redactor(task.redact)(describeError(error))}\n`);
    return exitCodeOf(exitFor(error));
  }
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
  #link: AgentLink | undefined;

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
    await this.#openLink();
    this.#logger.seal();
    let outcome: Outcome | undefined;
    let lock: RunLock | undefined;
    try {
      const stateDirectory = this.#openState();
      if (stateDirectory !== undefined) lock = await takeRunLock(platform, stateDirectory);
      outcome = await this.#work(stateDirectory);
      await this.#report(outcome);
    } catch (error) {
      this.#fail(runEvents.failed, error);
    } finally {
      lock?.release();
    }
    return await this.#end(outcome);
  }

  /** Connects to the agent. A failure is soft: the work is done all the same, and the exit code tells. */
  async #openLink(): Promise<void> {
    const { dryRun, jobId, keeperApiBase } = this.#config;
    if (dryRun || jobId === undefined || keeperApiBase === undefined) return;
    const { platform, signal } = this.#dependencies;
    const { AgentLink, agentEvents } = await import('./agent/index.ts');
    this.#link = new AgentLink({
      ...this.#config,
      keeperApiBase,
      caFile: this.#config.caFile,
      jobId,
      jobName: this.#config.jobName ?? jobId,
      platform,
      payload: {
        names: this.#config.payloadFields,
        source: this.#task.name,
        context: { run: randomUUID(), job: jobId, host: platform.hostname },
      },
      log: this.#log,
      signal,
    });
    this.#logger.attach(this.#link);
    try {
      await this.#link.open();
    } catch (error) {
      if (errorKind(error) === 'config') throw error;
      this.#fail(agentEvents.notReached, error);
    }
  }

  /** The directory for state, made if need be; undefined in a dry run, which keeps none. */
  #openState(): string | undefined {
    const { platform } = this.#dependencies;
    if (this.#config.dryRun) return undefined;
    const directory = this.#config.stateDir ?? defaultStateDirectory(platform, `kepm-${this.#task.name}`);
    openStateDirectory(directory);
    return directory;
  }

  async #work(stateDirectory: string | undefined): Promise<Outcome> {
    const { platform, signal } = this.#dependencies;
    if (this.#config.priority === 'low') this.#lowerPriority();
    const time = AbortSignal.timeout(this.#config.maxDuration);
    const outcome = await this.#task.execute({
      options: this.#config.task,
      platform,
      log: this.#log,
      signal: AbortSignal.any([signal, time]),
      stateDirectory,
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
    await this.#closeLink(outcome, code, seconds);
    return this.#exitCode();
  }

  /** A clean run's summary may be filtered away on a default install; one with something to act on may not. */
  #logSummary(outcome: Outcome, seconds: number): void {
    const { folders, files, bytes, skipped, unexamined } = outcome.coverage;
    const isQuiet = worstSeverity(outcome) === -1 && !isIncomplete(outcome);
    this.#logRaised(!isQuiet, runEvents.summary, {
      findings: outcome.findingCount,
      files,
      folders,
      bytes,
      skipped,
      unexamined,
      ...(Object.keys(outcome.suppressed).length > 0 && { suppressed: outcome.suppressed }),
      seconds,
    });
  }

  async #closeLink(outcome: Outcome | undefined, code: number, seconds: number): Promise<void> {
    const link = this.#link;
    if (link === undefined) return;
    const { stderr } = this.#dependencies;
    const { eventTopic } = this.#config;
    if (eventTopic !== undefined) {
      const findings = outcome?.findingCount ?? null;
      link.publish(
        eventTopic,
        JSON.stringify({ event: 'run.ended', source: this.#task.name, code, seconds, findings }),
      );
    }
    const { denied, dropped, undelivered } = await link.close();
    if (denied > 0) this.#exits.add('refused');
    if (undelivered.length === 0 && dropped === 0) return;
    this.#exits.add('unreachable');
    // The agent captures standard error with the exit code: the last place where an operator can find them.
    stderr.write(
      `${this.#task.name}: ${undelivered.length + dropped} records were not acknowledged; Warning and above:\n`,
    );
    const important = undelivered.flatMap(({ record }) =>
      record && atLeast(record.level, 'Warning') ? [record] : [],
    );
    const fallback = terminalSink(stderr);
    for (const record of important.slice(0, MAX_FALLBACK_LINES)) fallback.write(record);
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
