/**
 * The jobs of an agent: documents, running jobs, past runs, triggers. Connects store, runner and scheduler, and warns about features of a
 * document that this agent does not support.
 */
import type { JobDocument } from '../../../src/host/job/schema.ts';
import type { Audit } from '../audit.ts';
import type { History } from '../history.ts';
import type { PluginStore } from '../settings/plugin-store.ts';
import { contextOf } from './context-values.ts';
import { findExecutable } from './executable.ts';
import type { JobRun, JobRunner, StartedRun, Trigger } from './job-runner.ts';
import { type JobStore, type LoadedJobs, checkJob, runsHere } from './job-store.ts';
import type { Scheduler } from './scheduler.ts';

/** The result of a validation. Problems make a job unusable; warnings do not. */
export interface Validation {
  readonly valid: boolean;
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}

export interface JobServiceOptions {
  readonly root: string;
  /** The agent's own `PATH`. */
  readonly path: string;
  readonly store: JobStore;
  readonly plugins: PluginStore;
  readonly runner: JobRunner;
  readonly audit: Audit;
  readonly runs: History<JobRun>;
}

export class JobService {
  readonly #options: JobServiceOptions;
  readonly #running = new Set<Promise<JobRun>>();
  readonly #reported = new Set<string>();
  #scheduler: Scheduler | undefined;

  constructor(options: JobServiceOptions) {
    this.#options = options;
  }

  get jobs(): ReadonlyMap<string, JobDocument> {
    return this.#options.store.jobs;
  }

  /** From now on, the scheduler receives changes and events. */
  attach(scheduler: Scheduler): void {
    this.#scheduler = scheduler;
  }

  start(job: JobDocument, trigger: Trigger, values: ReadonlyMap<string, string>): StartedRun {
    const { runner, runs } = this.#options;
    const started = runner.start(job, trigger, values);
    const ended = started.done.then((run) => {
      runs.add(run);
      this.#running.delete(ended);
      return run;
    });
    this.#running.add(ended);
    return { ...started, done: ended };
  }

  lastRun(jobId: string): JobRun | undefined {
    return this.#options.runs.items.findLast((run) => run.jobId === jobId);
  }

  /** Resolves when no job is running. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  /**
   * An accepted publication: runs the jobs whose `events` name its topic and, on a job's event topic, those that name its
   * `eventType`. How KEPM matches names of events is not documented.
   */
  published(topic: string, payload: unknown): void {
    const context = new Map(contextOf(payload));
    const eventType = context.get('eventType');
    this.#scheduler?.raise(topic, context);
    const isEventTopic = [...this.jobs.values()].some((job) => eventTopicOf(job) === topic);
    // Only the agent itself raises Startup.
    if (isEventTopic && eventType !== undefined && eventType !== topic && eventType !== 'Startup') {
      this.#scheduler?.raise(eventType, context);
    }
  }

  reload(): LoadedJobs {
    const { audit, plugins, store } = this.#options;
    const pluginProblems = plugins.reload();
    const loaded = store.reload();
    for (const problem of pluginProblems) this.#report(problem, () => audit.warn('job', problem));
    for (const { file, problems } of loaded.rejected) {
      const reason = `Jobs/${file}: ${problems.join('; ')}`;
      this.#report(reason, () => audit.add('job', reason));
    }
    for (const job of store.jobs.values()) {
      for (const warning of this.#warnings(job)) {
        this.#report(`${job.id}: ${warning}`, () => audit.warn('job', warning, { jobId: job.id }));
      }
    }
    this.#scheduler?.jobsChanged();
    return loaded;
  }

  write(id: string, document: unknown): void {
    this.#options.store.write(id, document);
    this.reload();
  }

  remove(id: string): void {
    this.#options.store.remove(id);
    this.reload();
  }

  /** The problems of a document. The executable must exist only if `osFilter` allows the job to run here. */
  validate(document: unknown): Validation {
    const { job, problems } = checkJob(document);
    if (job === undefined) return { valid: false, problems, warnings: [] };
    const missing = runsHere(job) ? this.#missingExecutables(job) : [];
    return { valid: missing.length === 0, problems: missing, warnings: this.#warnings(job) };
  }

  #missingExecutables(job: JobDocument): string[] {
    return job.tasks.flatMap((task) => {
      const found = findExecutable(task, this.#search());
      return found.path === undefined ? [`tasks.${task.id}: no executable at ${found.tried.join(', ')}`] : [];
    });
  }

  #warnings(job: JobDocument): string[] {
    const warnings: string[] = [];
    const { intervalMinutes, cronExpression } = job.schedule ?? {};
    if (job.schedule !== undefined && intervalMinutes === undefined && cronExpression === undefined) {
      warnings.push('schedule: the local agent knows intervalMinutes and cronExpression only');
    }
    const { allowedPublications = [], allowedSubscriptions = [] } = job.mqttTopics ?? {};
    if (allowedPublications.length + allowedSubscriptions.length === 0) {
      warnings.push(
        'mqttTopics has no entries: KEEPER_JOB_ID and KEEPER_JOB_NAME are not set, and every publication will be denied',
      );
    }
    if (job['condition'] !== undefined) warnings.push('condition is not evaluated by the local agent');
    for (const task of job.tasks) {
      if (task['SkipWhenPluginSettingFalse'] !== undefined) {
        warnings.push(`tasks.${task.id}: SkipWhenPluginSettingFalse is not evaluated by the local agent`);
      }
      const { path } = findExecutable(task, this.#search());
      const plugins = path === undefined ? [] : this.#options.plugins.withExecutable(path);
      if (plugins.length > 0) {
        const names = plugins.join(', ');
        warnings.push(
          `tasks.${task.id}: ${path} is also the executable of plugin ${names}; client ids will clash`,
        );
      }
    }
    return warnings;
  }

  #search() {
    const { root, path } = this.#options;
    return { root, path, variables: new Map([['approot', root]]) };
  }

  /** Reports each warning once, however often the documents are read. */
  #report(text: string, say: () => void): void {
    if (this.#reported.has(text)) return;
    this.#reported.add(text);
    say();
  }
}

/** The topic of a job's events (KEPM documentation, "Job examples"). */
function eventTopicOf({ id, eventTopic }: JobDocument): string {
  return eventTopic ?? `Jobs/${id}/events`;
}
