/** What an agent can be told when it is started. Every switch for something that KEPM does not document is here. */
import type { Level } from '../../src/host/log/index.ts';
import type { AuditEntry } from './audit.ts';
import type { TopicMatching } from './broker/topic-rules.ts';
import type { AgentClock } from './clock.ts';
import type { Faults } from './faults.ts';
import type { IntervalBase } from './jobs/scheduler.ts';
import type { JobRun } from './jobs/job-runner.ts';
import type { PayloadFields } from './logger/payload.ts';
import type { SettingsShape } from './settings/reply-shape.ts';

export interface AgentOptions {
  /** The agent's root: `Jobs/*.json`, `Jobs/bin/...`, `Plugins/*.json`; the agent adds `Certificates`, `Log` and `Storage`. */
  readonly root: string;

  /** Absent or 0: any free port, so that nothing can rely on KEPM's defaults (6889, 6888, 8675). */
  readonly httpsPort?: number | undefined;
  readonly httpPort?: number | undefined;
  readonly brokerPort?: number | undefined;

  /** Whether `Startup` jobs run at the start, as they do in KEPM. Default true. */
  readonly startup?: boolean | undefined;
  /** Whether a change in `Jobs/` is picked up by itself. Default false. */
  readonly watch?: boolean | undefined;
  /** Added to the small environment that a task gets: `PATH`, `HOME` and temporary folder. */
  readonly environment?: Readonly<Record<string, string>> | undefined;
  /** Whether what a task leaves running is ended with it. Default true. */
  readonly reapChildren?: boolean | undefined;

  /** Compiled default of `system.logging.level`: what is below it is not written to KeeperLogger.log. Default `Warning`. */
  readonly minimumLevel?: Level | undefined;
  /** Fields of a log record that are expected. Default `level`, `message`, `source`, `timestamp`. */
  readonly payloadFields?: PayloadFields | undefined;
  /** Refuses odd payloads, and tells a client of MQTT 5 the reason of a denial. Default false: silent, as KEPM. */
  readonly strict?: boolean | undefined;

  readonly settingsShape?: SettingsShape | undefined;
  readonly portAs?: 'number' | 'string' | undefined;

  /** How a client id names its job, with a group `jobId`. Default: one of the parts between underscores is the job's id. */
  readonly clientIdPattern?: RegExp | undefined;
  readonly topicMatching?: TopicMatching | undefined;
  /** Bytes of the largest payload that the broker takes. Default 256 KiB. */
  readonly maximumPayload?: number | undefined;
  /** Whether processes that a task starts are trusted like the task. Default false. */
  readonly trustChildren?: boolean | undefined;
  /** SHA-256 hashes of executables that are trusted whoever starts them. */
  readonly allowedExecutables?: readonly string[] | undefined;
  /** Trusts every local process; without it nobody is trusted on a system other than Linux. Default false. */
  readonly trustEveryone?: boolean | undefined;

  readonly intervalBase?: IntervalBase | undefined;
  /** Seconds between two looks at what is due. Default 60. */
  readonly tickSeconds?: number | undefined;
  /** IANA name, for cron expressions and for the midnight at which the log is rotated. Default: the system's. */
  readonly timeZone?: string | undefined;
  /** For triggers and log rotation. Default: the system's. */
  readonly clock?: AgentClock | undefined;

  /** How many records, events and runs are remembered. Default 100,000. */
  readonly historyLimit?: number | undefined;
  readonly faults?: Partial<Faults> | undefined;

  /** Each line as it is written to KeeperLogger.log. */
  readonly onLogLine?: ((line: string) => void) | undefined;
  readonly onAudit?: ((entry: AuditEntry) => void) | undefined;
  readonly onRun?: ((run: JobRun) => void) | undefined;
}
