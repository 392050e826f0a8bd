/** What the steps of `doctor` share: the configuration, and what earlier steps have found. */
import { randomUUID } from 'node:crypto';
import type {
  AgentSettings,
  ApiReply,
  Authorities,
  BrokerConnection,
  BrokerLogin,
  PeerCheck,
} from '../../../agent/index.ts';
import type { Config } from '../../../config/index.ts';
import type { ProbeAnswer } from '../../../delivery/index.ts';
import type { ExitTable } from '../../../exit/exit-table.ts';
import type { Installation } from '../../../installation/index.ts';
import type { LoopbackEndpoint, Platform, ReadInput } from '../../../platform/index.ts';
import type { Task } from '../../../task/task.ts';
import type { FoundJob } from './job-files.ts';

/** What `doctor` knows before the first step. */
export interface Setting {
  readonly task: Task;
  readonly version: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: Platform;
  readonly exits: ExitTable;
  /** Undefined if it is invalid; `configError` is the reason then. */
  readonly config: Config | undefined;
  readonly configError?: unknown;
  readonly readInput: ReadInput;
  /** Aborted when the command must end. */
  readonly signal: AbortSignal;
  /** A text without secrets and control characters. */
  readonly show: (text: string) => string;
}

/** The name and id of the job, if the agent has set them. */
interface JobIdentity {
  readonly id: string | undefined;
  readonly name: string | undefined;
}

/** One examination. The fields without `readonly` are set by the steps that find them. */
export class Examination {
  readonly task: Task;
  readonly version: string;
  readonly platform: Platform;
  readonly exits: ExitTable;
  readonly readInput: ReadInput;
  readonly signal: AbortSignal;
  readonly show: (text: string) => string;
  readonly job: JobIdentity;
  readonly configError: unknown;
  /** Names this examination in the agent's log. */
  readonly marker = `doctor-${randomUUID()}`;
  readonly #config: Config | undefined;

  installation: Installation | undefined;
  /** The file system of the root that `--agent-root` names does not answer: nothing may access it. */
  isRootSilent = false;
  documents: readonly FoundJob[] | undefined;
  apiBase: string | undefined;
  /** The address according to the agent's own configuration. */
  installedApiBase: string | undefined;
  peers: PeerCheck | undefined;
  authorities: Authorities | undefined;
  login: BrokerLogin | undefined;
  health: ApiReply | undefined;
  /** When that reply arrived: milliseconds since 1970. */
  healthAt: number | undefined;
  settingsReply: ApiReply | undefined;
  /** Why there is no such reply. */
  settingsError: unknown;
  settings: AgentSettings | undefined;
  connection: BrokerConnection | undefined;
  /** The broker's answer on the probe topic. */
  probe: ProbeAnswer | undefined;

  constructor({ env, config, configError, ...setting }: Setting) {
    this.task = setting.task;
    this.version = setting.version;
    this.platform = setting.platform;
    this.exits = setting.exits;
    this.readInput = setting.readInput;
    this.signal = setting.signal;
    this.show = setting.show;
    this.configError = configError;
    this.#config = config;
    this.job = { id: env['KEEPER_JOB_ID'] || undefined, name: env['KEEPER_JOB_NAME'] || undefined };
  }

  /** The configuration; a step that uses it needs the step `configuration`. */
  get config(): Config {
    if (this.#config === undefined) throw new TypeError('the configuration is invalid');
    return this.#config;
  }

  get hasConfig(): boolean {
    return this.#config !== undefined;
  }

  /** True if the agent did not start this process, as far as the environment shows. */
  get isByHand(): boolean {
    return this.job.id === undefined;
  }

  /** The broker's address; undefined while it is not known. */
  get broker(): LoopbackEndpoint | undefined {
    return this.#config?.broker ?? this.settings?.broker;
  }

  /** A signal for one wait for the agent: at most `--agent-timeout`. @param most milliseconds, if that is shorter */
  within(most = Infinity): AbortSignal {
    const milliseconds = Math.min(most, this.config.agentTimeout);
    return AbortSignal.any([this.signal, AbortSignal.timeout(milliseconds)]);
  }
}
