/**
 * When jobs run: at the agent's start, at intervals, by cron expression, on events (KEPM documentation, "Jobs definition
 * and format", "Job examples"). It only decides when; the runner runs the jobs.
 *
 * The documentation has two definitions of `intervalMinutes`: from the completion of the previous interval run, or every N minutes from
 * the start of the scheduler. A switch selects one. In both, a Startup run does not count.
 */
import type { JobDocument } from '../../../src/host/job/schema.ts';
import type { AgentClock } from '../clock.ts';
import { nextCronTime } from './cron.ts';
import { runsHere } from './job-store.ts';

export type IntervalBase = 'completion' | 'fixed-rate';

export interface SchedulerOptions {
  readonly clock: AgentClock;
  /** IANA name for cron expressions; KEPM's is not documented. */
  readonly timeZone: string;
  readonly intervalBase: IntervalBase;
  /** Milliseconds between two checks for due jobs, at full multiples. */
  readonly tick: number;
  readonly jobs: () => ReadonlyMap<string, JobDocument>;
  /** Runs a job; resolves when it has ended. */
  readonly start: (
    job: JobDocument,
    trigger: string,
    values: ReadonlyMap<string, string>,
  ) => Promise<unknown>;
}

/** The state of a job's schedule. */
interface Timetable {
  /** The schedule as written in the document; a changed one restarts. */
  readonly schedule: string;
  due: number | undefined;
}

/** The event that the agent itself raises once, at its start. */
const STARTUP = 'Startup';

export class Scheduler {
  readonly #options: SchedulerOptions;
  readonly #timetables = new Map<string, Timetable>();
  #cancel: (() => void) | undefined;

  constructor(options: SchedulerOptions) {
    this.#options = options;
  }

  /** Starts the timers and runs the Startup jobs. Called once, when everything else is ready. */
  begin({ withStartup }: { readonly withStartup: boolean }): void {
    this.jobsChanged();
    this.#wait();
    if (withStartup) this.raise(STARTUP, new Map());
  }

  stop(): void {
    this.#cancel?.();
  }

  /** Jobs were reloaded: new and changed schedules start now, the others continue. */
  jobsChanged(): void {
    const jobs = this.#options.jobs();
    for (const id of this.#timetables.keys()) if (!jobs.has(id)) this.#timetables.delete(id);
    for (const job of jobs.values()) {
      const schedule = JSON.stringify(job.schedule);
      const known = this.#timetables.get(job.id);
      if (known?.schedule === schedule) continue;
      const now = this.#options.clock.now();
      this.#timetables.set(job.id, { schedule, due: this.#next(job, now) });
    }
  }

  /** Runs the jobs that list this event, by priority. */
  raise(eventType: string, values: ReadonlyMap<string, string>): void {
    for (const job of this.#eligible()) {
      if (job.events.some((event) => event.eventType === eventType)) {
        void this.#options.start(job, eventType, values);
      }
    }
  }

  #wait(): void {
    const { clock, tick } = this.#options;
    this.#cancel = clock.after(tick - (clock.now() % tick), () => {
      this.#look();
      this.#wait();
    });
  }

  #look(): void {
    const now = this.#options.clock.now();
    for (const job of this.#eligible()) {
      const timetable = this.#timetables.get(job.id);
      if (timetable?.due !== undefined && timetable.due <= now) this.#run(job, timetable);
    }
  }

  #run(job: JobDocument, timetable: Timetable): void {
    const { clock, intervalBase, start } = this.#options;
    const isInterval = job.schedule?.intervalMinutes !== undefined;
    const waitsForCompletion = isInterval && intervalBase === 'completion';
    // From its due time, not from now: a fixed rate does not drift.
    timetable.due = waitsForCompletion ? undefined : this.#nextAfter(job, timetable.due ?? clock.now());
    void start(job, isInterval ? 'interval' : 'cron', new Map()).then(() => {
      if (waitsForCompletion) timetable.due = this.#next(job, clock.now());
    });
  }

  /** The next due time in the future; missed ones are skipped. */
  #nextAfter(job: JobDocument, previous: number): number | undefined {
    const now = this.#options.clock.now();
    let due = this.#next(job, previous);
    while (due !== undefined && due <= now) due = this.#next(job, due);
    return due;
  }

  #next({ schedule }: JobDocument, after: number): number | undefined {
    const { intervalMinutes, cronExpression } = schedule ?? {};
    if (intervalMinutes !== undefined) return after + intervalMinutes * 60_000;
    if (cronExpression === undefined) return undefined;
    return nextCronTime(cronExpression, after, this.#options.timeZone);
  }

  #eligible(): JobDocument[] {
    const jobs = [...this.#options.jobs().values()].filter((job) => job.enabled && runsHere(job));
    return jobs.sort((a, b) => (b.priority ?? 0) - (a.priority ?? 0));
  }
}
