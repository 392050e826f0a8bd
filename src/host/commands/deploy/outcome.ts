/**
 * Starts a job and finds out how its run ended: from the lines of this run in the agent's log, and from the agent, if it reports runs.
 * Neither is certain. With the default level, the log has no line of a run that needs no attention, and no documented call reports a run.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { runEvents } from '../../task/run-events.ts';
import type { JobsApi } from './jobs-api.ts';

const POLL_INTERVAL_MS = 500;
/** How much earlier a run may seem to have begun than it was started: its duration is rounded, and a line is read late. */
const SLACK_MS = 2000;

const Described = z.looseObject({ lastRun: z.unknown() });
const Run = z.looseObject({
  runId: z.union([z.string(), z.number()]).optional(),
  exitCode: z.int().nullish(),
});

/** The part of the agent's log that this needs. */
export interface LogTail {
  /** The lines that were appended since the last call. */
  newLines(): readonly string[];
}

export interface RunOnceOptions {
  readonly api: Pick<JobsApi, 'describe' | 'run'>;
  /** The job's id. */
  readonly id: string;
  /** The source of the run's records. */
  readonly program: string;
  /** Undefined if the log cannot be read. */
  readonly log: LogTail | undefined;
  /** Milliseconds. */
  readonly wait: number;
  readonly signal: AbortSignal;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export interface Outcome {
  /**
   * `ended`: the run ended, with `code` if that is known. `not-seen`: it did not end in time. `invisible`: neither the agent nor a log
   * shows the ends of runs. `not-started`: the agent has no call to start a job.
   */
  readonly state: 'ended' | 'not-seen' | 'invisible' | 'not-started';
  readonly code?: number | undefined;
  /** The lines of the log about this run's outcome. */
  readonly lines: readonly string[];
}

/** @throws TaskError of an `agent-*` kind if the job cannot be started */
export async function runOnce(options: RunOnceOptions): Promise<Outcome> {
  const { api, id, log, wait, signal, now } = options;
  const before = Described.safeParse(await api.describe(id)).data;
  const reportsRuns = before !== undefined && 'lastRun' in before;
  log?.newLines();
  const startedAt = now();
  const reply = await api.run(id);
  if (reply === undefined) return { state: 'not-started', lines: [] };
  if (!reportsRuns && log === undefined) return { state: 'invisible', lines: [] };
  const runId = Run.safeParse(reply).data?.runId;
  const lines = new OutcomeLines(options, startedAt);
  for (const deadline = startedAt + wait; now() < deadline && !signal.aborted;) {
    const run = reportsRuns ? await reportedRun(options, before.lastRun, runId) : undefined;
    lines.add(log?.newLines() ?? []);
    if (lines.code !== undefined) return { state: 'ended', code: lines.code, lines: lines.ofRun() };
    if (run !== undefined) return { state: 'ended', code: run.exitCode ?? undefined, lines: lines.ofRun() };
    await sleep(POLL_INTERVAL_MS, undefined, { signal }).catch(() => undefined);
  }
  return { state: 'not-seen', lines: lines.ofRun() };
}

/** The run that the agent reports, unless it is one from before. */
async function reportedRun({ api, id }: RunOnceOptions, before: unknown, runId: string | number | undefined) {
  const described = Described.safeParse(await api.describe(id)).data;
  const { data: run } = Run.safeParse(described?.lastRun);
  if (run === undefined || JSON.stringify(described?.lastRun) === JSON.stringify(before)) return undefined;
  return runId === undefined || run.runId === undefined || run.runId === runId ? run : undefined;
}

const outcomeTexts = [runEvents.summary, runEvents.failed, runEvents.ended].map(({ text }) => text);
const ended = new RegExp(`${RegExp.escape(runEvents.ended.text)}: code=(\\d+) seconds=([\\d.]+)`);

/** The lines about outcomes of this job's runs since the start. Other jobs may use the same executable. */
class OutcomeLines {
  readonly #options: RunOnceOptions;
  readonly #startedAt: number;
  #lines: string[] = [];
  #last: string | undefined;
  /** The exit code of the run, once it has ended. */
  code: number | undefined;

  constructor(options: RunOnceOptions, startedAt: number) {
    this.#options = options;
    this.#startedAt = startedAt;
  }

  add(lines: readonly string[]): void {
    for (const line of lines) {
      if (this.code !== undefined || !this.#isOfJob(line)) continue;
      const [, code, seconds] = ended.exec(line) ?? [];
      // A run that began earlier was not started here.
      const began = this.#options.now() - Number(seconds ?? 0) * 1000;
      if (code !== undefined && began < this.#startedAt - SLACK_MS) continue;
      this.#lines.push(line);
      if (code === undefined) continue;
      this.code = Number(code);
      this.#last = line;
    }
  }

  /** Without the lines of another run, if the lines name their run. */
  ofRun(): readonly string[] {
    const run = fieldIn(this.#last, 'run');
    return this.#lines.filter((line) => run === undefined || [undefined, run].includes(fieldIn(line, 'run')));
  }

  #isOfJob(line: string): boolean {
    const { program, id } = this.#options;
    if (!outcomeTexts.some((text) => line.includes(text))) return false;
    // The job may have the program's name, too.
    const withoutJob = line.replace(/"job":"[^"]*"/, '');
    if (!new RegExp(`(?<![\\w-])${RegExp.escape(program)}(?![\\w-])`).test(withoutJob)) return false;
    return [undefined, id].includes(fieldIn(line, 'job'));
  }
}

/** The value of a text field in a line, if the agent keeps the fields of a record. */
function fieldIn(line: string | undefined, name: string): string | undefined {
  return new RegExp(`"${name}":"([^"]*)"`).exec(line ?? '')?.[1];
}
