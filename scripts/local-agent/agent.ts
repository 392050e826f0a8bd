/**
 * The local agent: starts its parts in KEPM's order (log pipeline, broker and API before the first job), ends them, and is the interface
 * for tests and for the command line.
 */
import { type FSWatcher, watch } from 'node:fs';
import { type Parts, assemble } from './assembly.ts';
import type { AuditEntry } from './audit.ts';
import type { ReceivedEvent } from './broker/session-policy.ts';
import { Endpoints, type PortChoice } from './endpoints.ts';
import type { Faults } from './faults.ts';
import type { JobRun } from './jobs/job-runner.ts';
import type { LoadedJobs } from './jobs/job-store.ts';
import type { ReceivedRecord } from './logger/keeper-logger.ts';
import type { AgentOptions } from './options.ts';
import { type CertificateFiles, certificateFiles } from './tls/authority.ts';

/** A running agent. */
export interface LocalAgent {
  /** `https://127.0.0.1:PORT`, and the plain port that redirects to it. */
  readonly apiBase: string;
  readonly httpBase: string;
  readonly brokerPort: number;
  readonly root: string;
  readonly logFile: string;
  /** JSON Lines with the entries of `audit` and `warnings`. */
  readonly auditFile: string;
  readonly certificates: CertificateFiles;

  /** Accepted publications on `KeeperLogger`, of any level, in order. */
  readonly records: readonly ReceivedRecord[];
  /** Accepted publications on other topics. */
  readonly events: readonly ReceivedEvent[];
  /** Operations that were denied, connections, calls and documents that were refused, lines that were lost. */
  readonly audit: readonly AuditEntry[];
  /** Unexpected things that were accepted. */
  readonly warnings: readonly AuditEntry[];
  /** Runs that have ended, however they were started. */
  readonly runs: readonly JobRun[];
  /** Switches, which can be changed at any time. */
  readonly faults: Faults;

  /** Runs a job now and waits for its end. @throws Error when there is no such job */
  runJob(id: string, options?: RunJobOptions): Promise<JobRun>;
  /** Reads `Jobs/` and `Plugins/` again. */
  reloadJobs(): LoadedJobs;
  /** Resolves when no job is running. */
  idle(): Promise<void>;

  /** Closes all connections to the broker and refuses new ones. */
  killBroker(): Promise<void>;
  /** Restarts the broker with a new certificate and without state; by default on the same port. */
  restartBroker(options?: { readonly port?: PortChoice }): Promise<void>;
  /**
   * Restarts the API and the broker with a new authority, by default on the same ports; `appsettings.json` is updated. Running jobs continue and
   * stay trusted; `Startup` is not raised.
   */
  restartAgent(options?: { readonly port?: PortChoice }): Promise<void>;

  /**
   * Kills running tasks and ends everything. Further calls have no effect.
   * @throws Error in strict mode if a payload was unexpected, which fails the test
   */
  stop(): Promise<void>;
}

export interface RunJobOptions {
  readonly parameters?: Readonly<Record<string, string>>;
  /** Default `api`. */
  readonly trigger?: string;
}

/** Milliseconds: editors and copies change a file more than once. */
const WATCH_DELAY = 200;

/** Starts an agent. Startup jobs have been started when it resolves; `idle()` waits for them. */
export async function startAgent(options: AgentOptions): Promise<LocalAgent> {
  const agent = new Agent(options);
  try {
    await agent.start();
  } catch (error) {
    await agent.stop();
    throw error;
  }
  return agent;
}

class Agent implements LocalAgent {
  readonly #options: AgentOptions;
  readonly #parts: Parts;
  readonly #endpoints: Endpoints;
  readonly certificates: CertificateFiles;
  #watcher: FSWatcher | undefined;
  #isStopped = false;

  constructor(options: AgentOptions) {
    this.#options = options;
    this.#parts = assemble(options, () => this.#endpoints.applyFaults());
    this.#endpoints = new Endpoints(this.#parts, options);
    this.certificates = certificateFiles(this.#parts.root);
  }

  async start(): Promise<void> {
    const { jobs, scheduler } = this.#parts;
    await this.#endpoints.start();
    jobs.reload();
    if (this.#options.watch === true) this.#watch();
    scheduler.begin({ withStartup: this.#options.startup ?? true });
  }

  get apiBase(): string {
    return `https://127.0.0.1:${this.#parts.ports.https}`;
  }

  get httpBase(): string {
    return `http://127.0.0.1:${this.#parts.ports.http}`;
  }

  get brokerPort(): number {
    return this.#parts.ports.broker;
  }

  get root(): string {
    return this.#parts.root;
  }

  get logFile(): string {
    return this.#parts.file.path;
  }

  get auditFile(): string {
    return this.#parts.audit.file;
  }

  get records(): readonly ReceivedRecord[] {
    return this.#parts.records.items;
  }

  get events(): readonly ReceivedEvent[] {
    return this.#parts.events.items;
  }

  get audit(): readonly AuditEntry[] {
    return this.#parts.audit.entries;
  }

  get warnings(): readonly AuditEntry[] {
    return this.#parts.audit.warnings;
  }

  get runs(): readonly JobRun[] {
    return this.#parts.runs.items;
  }

  get faults(): Faults {
    return this.#parts.faults;
  }

  async runJob(id: string, { parameters = {}, trigger = 'api' }: RunJobOptions = {}): Promise<JobRun> {
    const { jobs } = this.#parts;
    const job = jobs.jobs.get(id);
    if (job === undefined)
      throw new Error(`no such job: ${id}; there are ${[...jobs.jobs.keys()].join(', ')}`);
    return await jobs.start(job, trigger, new Map(Object.entries(parameters))).done;
  }

  reloadJobs(): LoadedJobs {
    return this.#parts.jobs.reload();
  }

  async idle(): Promise<void> {
    await this.#parts.jobs.idle();
  }

  async killBroker(): Promise<void> {
    await this.#endpoints.killBroker();
  }

  async restartBroker({ port = 'same' }: { readonly port?: PortChoice } = {}): Promise<void> {
    await this.#endpoints.restartBroker(port);
  }

  async restartAgent({ port = 'same' }: { readonly port?: PortChoice } = {}): Promise<void> {
    await this.#endpoints.restart(port);
  }

  async stop(): Promise<void> {
    if (this.#isStopped) return;
    this.#isStopped = true;
    const { audit, file, jobs, runner, scheduler } = this.#parts;
    this.#watcher?.close();
    scheduler.stop();
    runner.stop();
    await jobs.idle();
    await this.#endpoints.stop();
    file.close();
    const odd = audit.entries.filter(({ kind }) => kind === 'payload').map(({ reason }) => reason);
    if (this.#options.strict === true && odd.length > 0) {
      throw new Error(
        `${odd.length} odd payloads on KeeperLogger: ${[...new Set(odd)].slice(0, 10).join(' | ')}`,
      );
    }
  }

  #watch(): void {
    let timer: NodeJS.Timeout | undefined;
    this.#watcher = watch(`${this.root}/Jobs`, () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        if (!this.#isStopped) this.reloadJobs();
      }, WATCH_DELAY);
    });
    this.#watcher.once('close', () => clearTimeout(timer));
  }
}
