/**
 * The job documents of an agent root: `Jobs/{id}.json`. Reads, checks and writes them. An invalid document is reported with the reason and
 * does not affect the other jobs.
 */
import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type * as z from 'zod';
import { JobDocument } from '../../../src/host/job/schema.ts';
import { describeError } from '../../../src/host/exit/task-error.ts';
import type { Os } from '../../../src/host/platform/index.ts';
import { cronProblem } from './cron.ts';

/** A file in `Jobs/` that is not a usable job. */
export interface RejectedJob {
  readonly file: string;
  readonly problems: readonly string[];
}

/** The result of loading the documents. */
export interface LoadedJobs {
  readonly loaded: readonly string[];
  readonly rejected: readonly RejectedJob[];
}

/** The operating system, spelled as in `osFilter`. */
const hostOs: Os =
  process.platform === 'win32' ? 'windows' : process.platform === 'darwin' ? 'macOS' : 'linux';

/** True unless the job's `osFilter` excludes this operating system. */
export function runsHere(job: JobDocument): boolean {
  return job.osFilter === undefined || job.osFilter[hostOs];
}

/** A checked document, or its problems. */
export type CheckedJob =
  | { readonly job: JobDocument; readonly problems: readonly [] }
  | { readonly job: undefined; readonly problems: readonly string[] };

/** Checks a document against the format and, when it comes from a file, its id against the file's name. */
export function checkJob(document: unknown, expectedId?: string): CheckedJob {
  const parsed = JobDocument.safeParse(document);
  if (!parsed.success) return { job: undefined, problems: problemsOf(parsed.error) };
  if (expectedId !== undefined && parsed.data.id !== expectedId) {
    return {
      job: undefined,
      problems: [`id: "${parsed.data.id}" differs from the file's name, "${expectedId}"`],
    };
  }
  const cron = parsed.data.schedule?.cronExpression;
  const problem = cron === undefined ? undefined : cronProblem(cron);
  return problem === undefined
    ? { job: parsed.data, problems: [] }
    : { job: undefined, problems: [`schedule.cronExpression: ${problem}`] };
}

function problemsOf({ issues }: z.ZodError): string[] {
  return issues.map(({ path, message }) => `${path.join('.') || 'document'}: ${message}`);
}

export class JobStore {
  readonly #folder: string;
  #jobs: ReadonlyMap<string, JobDocument> = new Map();
  #rejected: readonly RejectedJob[] = [];

  constructor(root: string) {
    this.#folder = join(root, 'Jobs');
    mkdirSync(this.#folder, { recursive: true });
  }

  get folder(): string {
    return this.#folder;
  }

  /** By id, in the order of the ids. */
  get jobs(): ReadonlyMap<string, JobDocument> {
    return this.#jobs;
  }

  get rejected(): readonly RejectedJob[] {
    return this.#rejected;
  }

  /** Reads all documents again. */
  reload(): LoadedJobs {
    const jobs = new Map<string, JobDocument>();
    const rejected: RejectedJob[] = [];
    for (const file of readdirSync(this.#folder).sort()) {
      if (!file.endsWith('.json')) continue;
      const { job, problems } = this.#read(file);
      if (job === undefined) rejected.push({ file, problems });
      else jobs.set(job.id, job);
    }
    this.#jobs = jobs;
    this.#rejected = rejected;
    return { loaded: [...jobs.keys()], rejected };
  }

  /** Writes a checked document unchanged; the file appears completely or not at all. */
  write(id: string, document: unknown): void {
    const file = join(this.#folder, `${id}.json`);
    writeFileSync(`${file}.new`, `${JSON.stringify(document, undefined, 2)}\n`);
    renameSync(`${file}.new`, file);
  }

  remove(id: string): void {
    rmSync(join(this.#folder, `${id}.json`), { force: true });
  }

  #read(file: string): CheckedJob {
    try {
      const text = readFileSync(join(this.#folder, file), 'utf8');
      // Windows editors add a byte order mark.
      const document: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
      return checkJob(document, basename(file, '.json'));
    } catch (error) {
      return { job: undefined, problems: [describeError(error)] };
    }
  }
}
