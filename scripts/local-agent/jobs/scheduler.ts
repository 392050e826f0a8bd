/**
 * When jobs run: at the agent's start, at intervals, by cron expression, on events (KEPM documentation, "Jobs definition
 * and format", "Job examples"). Owns time and nothing else: what a run does is the runner's.
 *
 * The documentation gives two readings of `intervalMinutes`: from the completion of the previous interval run, or every
 * N minutes from the start of the scheduler. Both are here, by a switch. In either a Startup run does not count.
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
  /** Milliseconds between two looks at what is due; at full multiples of it. */
  readonly tick: number;
  readonly jobs: () => ReadonlyMap<string, JobDocument>;
  /** Runs a job; resolves when it has ended. */
  readonly start: (
    job: JobDocument,
    trigger: string,
    values: ReadonlyMap<string, string>,
  ) => Promise<unknown>;
}

/** What is known of one job's schedule. */
interface Timetable {
  /** The schedule as it is written; a changed one starts anew. */
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

  /** Starts the timers and runs the Startup jobs. Called once, when all else is ready. */
  begin({ withStartup }: { readonly withStartup: boolean }): void {
    this.jobsChanged();
    this.#wait();
    if (withStartup) this.raise(STARTUP, new Map());
  }

  stop(): void {
    this.#cancel?.();
  }

  /** Jobs were loaded anew: schedules that are new or changed begin now, the others go on. */
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

  /** Runs the jobs that list this event, the most important first. */
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
    const isInterval = job.schedule !== undefined && 'intervalMinutes' in job.schedule;
    const waitsForCompletion = isInterval && intervalBase === 'completion';
    // From its due time, not from this look at it: a fixed rate does not drift.
    timetable.due = waitsForCompletion ? undefined : this.#nextAfter(job, timetable.due ?? clock.now());
    void start(job, isInterval ? 'interval' : 'cron', new Map()).then(() => {
      if (waitsForCompletion) timetable.due = this.#next(job, clock.now());
    });
  }

  /** The next due time that is still to come; those that passed meanwhile are left out. */
  #nextAfter(job: JobDocument, previous: number): number | undefined {
    const now = this.#options.clock.now();
    let due = this.#next(job, previous);
    while (due !== undefined && due <= now) due = this.#next(job, due);
    return due;
  }

  #next({ schedule }: JobDocument, after: number): number | undefined {
    if (schedule === undefined) return undefined;
    return 'intervalMinutes' in schedule
      ? after + schedule.intervalMinutes * 60_000
      : nextCronTime(schedule.cronExpression, after, this.#options.timeZone);
  }

  #eligible(): JobDocument[] {
    const jobs = [...this.#options.jobs().values()].filter((job) => job.enabled && runsHere(job));
    return jobs.sort((a, b) => (b.priority ?? 0) - (a.priority ?? 0));
  }
}
