/**
 * Runs a job: its tasks one after the other, each in its own process (KEPM documentation, "Custom job guide", "Jobs and
 * applications"). It decides whether a job may run, a task's command line and environment, and the effect of a failure. The
 * scheduler and callers decide when a job runs.
 */
import type { JobDocument, JobTask } from '../../../src/host/job/schema.ts';
import type { Audit } from '../audit.ts';
import type { ProcessRegistry } from '../trust/process-registry.ts';
import { splitArguments, substitute } from './argument-line.ts';
import { scalarText, stdoutContext } from './context-values.ts';
import { findExecutable } from './executable.ts';
import { runsHere } from './job-store.ts';
import { OUTPUT_LIMIT, type TaskOutput } from './task-output.ts';
import { type RunningTask, type TaskRun, refusedTask, startTask } from './task-process.ts';

/** Why a job runs: `Startup`, `interval`, `cron`, `api`, or the name of an event. */
export type Trigger = string;

/** One run of a job. Times are milliseconds since 1970. */
export interface JobRun {
  readonly runId: number;
  readonly jobId: string;
  readonly trigger: Trigger;
  readonly tasks: readonly TaskRun[];
  /** Exit code of the first failed task, otherwise 0. Null if a signal ended that task, or nothing was started. */
  readonly exitCode: number | null;
  /** Why the job did not run at all. */
  readonly skipped?: string;
  readonly startedAt: number;
  readonly endedAt: number;
}

/** A run. A skipped one has the reason and no tasks. */
export interface StartedRun {
  readonly runId: number;
  readonly skipped?: string;
  readonly done: Promise<JobRun>;
}

export interface JobRunnerOptions {
  readonly root: string;
  /** The value of `{KeeperApiBaseUrl}`; undefined if it is not substituted. */
  readonly apiBase: () => string | undefined;
  readonly environment: Readonly<Record<string, string>>;
  readonly registry: ProcessRegistry;
  readonly audit: Audit;
  readonly reapChildren: boolean;
  readonly onOutput?: ((output: TaskOutput) => void) | undefined;
}

export class JobRunner {
  readonly #options: JobRunnerOptions;
  readonly #running = new Map<number, RunningTask | undefined>();
  #runs = 0;
  #isStopped = false;

  constructor(options: JobRunnerOptions) {
    this.#options = options;
  }

  /**
   * Starts a run. `values` are parameters or an event's context, by name. `done` never rejects: failures are part of the result.
   */
  start(job: JobDocument, trigger: Trigger, values: ReadonlyMap<string, string>): StartedRun {
    this.#runs += 1;
    const runId = this.#runs;
    const variables = this.#variables(job, values);
    const skipped = this.#reasonToSkip(job, variables);
    const run = { runId, jobId: job.id, trigger, startedAt: Date.now() };
    if (skipped !== undefined) {
      const done = Promise.resolve({ ...run, tasks: [], exitCode: null, skipped, endedAt: run.startedAt });
      return { runId, skipped, done };
    }
    this.#running.set(runId, undefined);
    const done = this.#runTasks(runId, job, variables).then((tasks) => {
      this.#running.delete(runId);
      return { ...run, tasks, exitCode: exitCodeOf(tasks), endedAt: Date.now() };
    });
    return { runId, done };
  }

  /** Kills running tasks and starts no others. */
  stop(): void {
    this.#isStopped = true;
    for (const task of this.#running.values()) task?.kill();
  }

  #reasonToSkip(job: JobDocument, variables: ReadonlyMap<string, string>): string | undefined {
    if (this.#isStopped) return 'the agent is stopping';
    if (!job.enabled) return 'the job is not enabled';
    if (!runsHere(job)) return 'osFilter excludes this operating system';
    const missing = job.parameters.filter(
      (parameter) => parameter['required'] === true && !variables.has(parameter.name),
    );
    if (missing.length === 0) return undefined;
    const reason = `required parameters have no value: ${missing.map(({ name }) => name).join(', ')}`;
    this.#options.audit.add('task', reason, { jobId: job.id });
    return reason;
  }

  /** Tokens of task arguments. Parameters cannot override the agent's own tokens. */
  #variables(job: JobDocument, values: ReadonlyMap<string, string>): Map<string, string> {
    const { root, apiBase } = this.#options;
    const variables = new Map<string, string>();
    for (const { name, default: value, defaultValue = value } of job.parameters) {
      const text = scalarText(defaultValue);
      if (text !== undefined) variables.set(name, text);
    }
    for (const [name, value] of values) variables.set(name, value);
    const base = apiBase();
    if (base === undefined) variables.delete('KeeperApiBaseUrl');
    else variables.set('KeeperApiBaseUrl', base);
    return variables.set('approot', root);
  }

  async #runTasks(runId: number, job: JobDocument, variables: Map<string, string>): Promise<TaskRun[]> {
    const tasks: TaskRun[] = [];
    for (const task of job.tasks) {
      const result = await this.#runTask(runId, job, task, variables);
      tasks.push(result);
      if (result.exitCode !== 0 && !task.continueOnFailure) break;
      for (const [name, value] of stdoutContext(task, result.stdout)) variables.set(name, value);
    }
    return tasks;
  }

  async #runTask(
    runId: number,
    job: JobDocument,
    task: JobTask,
    variables: ReadonlyMap<string, string>,
  ): Promise<TaskRun> {
    const { root, environment, registry, reapChildren, onOutput } = this.#options;
    if (this.#isStopped) return refusedTask(task.id, 'the agent is stopping');
    if (task.ExecutionType !== 'Service') {
      return this.#refuse(
        job,
        task,
        `ExecutionType ${task.ExecutionType}: the local agent runs Service only`,
      );
    }
    const found = findExecutable(task, { root, path: environment['PATH'] ?? '', variables });
    if (found.path === undefined) {
      return this.#refuse(job, task, `no executable; looked for ${found.tried.join(', ')}`);
    }
    const line = substitute(task.arguments, variables);
    if (line.unknown.length > 0) {
      const reason = `arguments hold tokens that nothing gives a value: ${line.unknown.join(', ')}`;
      this.#options.audit.warn('job', reason, { jobId: job.id });
    }
    const running = startTask(
      {
        taskId: task.id,
        jobId: job.id,
        executable: found.path,
        arguments: splitArguments(line.text),
        environment: { ...environment, ...identity(job) },
        workingDirectory: root,
        timeout: task.timeoutSeconds === undefined ? undefined : task.timeoutSeconds * 1000,
      },
      { registry, reapChildren, onOutput },
    );
    this.#running.set(runId, running);
    const result = await running.done;
    this.#report(job, task, result);
    return result;
  }

  #report({ id: jobId }: JobDocument, { timeoutSeconds }: JobTask, result: TaskRun): void {
    const { audit } = this.#options;
    const { taskId, timedOut, isOutputCut } = result;
    if (timedOut)
      audit.add('task', `${taskId}: timed out after ${timeoutSeconds} s and was killed`, { jobId });
    if (isOutputCut) {
      audit.warn('task', `${taskId}: output was cut at ${OUTPUT_LIMIT / 1024 / 1024} MiB`, { jobId });
    }
  }

  #refuse(job: JobDocument, task: JobTask, reason: string): TaskRun {
    this.#options.audit.add('task', reason, { jobId: job.id });
    return refusedTask(task.id, reason);
  }
}

/** Set only for a job with at least one entry in `mqttTopics` (KEPM documentation, "Custom tooling overview"). */
function identity({ id, name, mqttTopics }: JobDocument): Record<string, string> {
  const entries =
    (mqttTopics?.allowedPublications.length ?? 0) + (mqttTopics?.allowedSubscriptions.length ?? 0);
  return entries === 0 ? {} : { KEEPER_JOB_ID: id, KEEPER_JOB_NAME: name };
}

function exitCodeOf(tasks: readonly TaskRun[]): number | null {
  if (tasks.length === 0) return null;
  const failed = tasks.find(({ exitCode }) => exitCode !== 0);
  return failed === undefined ? 0 : failed.exitCode;
}
