/** The options of an agent, among them every switch for something that KEPM does not document. */
import type { Level } from '../../src/host/log/index.ts';
import type { AuditEntry } from './audit.ts';
import type { BrokerSwitches } from './broker/switches.ts';
import type { AgentClock } from './clock.ts';
import type { Faults } from './faults.ts';
import type { IntervalBase } from './jobs/scheduler.ts';
import type { ApiBaseUrl } from './jobs/api-base-url.ts';
import type { JobRun } from './jobs/job-runner.ts';
import type { TaskOutput } from './jobs/task-output.ts';
import type { LoggerSwitches } from './logger/dialect.ts';
import type { LogFileSwitches } from './logger/log-file.ts';
import type { SettingsSwitches } from './settings/reply-shape.ts';
import type { CertificateSwitches } from './tls/authority.ts';

export interface AgentOptions
  extends BrokerSwitches, CertificateSwitches, LoggerSwitches, LogFileSwitches, SettingsSwitches {
  /** The agent's root: `Jobs/*.json`, `Jobs/bin/...`, `Plugins/*.json`; the agent adds `Certificates`, `Log` and `Storage`. */
  readonly root: string;

  /** Absent or 0: any free port, so that nothing can rely on KEPM's defaults (6889, 6888, 8675). */
  readonly httpsPort?: number | undefined;
  readonly httpPort?: number | undefined;
  readonly brokerPort?: number | undefined;

  /** Run `Startup` jobs at the start, like KEPM. Default true. */
  readonly startup?: boolean | undefined;
  /** Pick up changes in `Jobs/` automatically. Default false. */
  readonly watch?: boolean | undefined;
  /** Added to the small environment that a task gets: `PATH`, `HOME` and temporary folder. */
  readonly environment?: Readonly<Record<string, string>> | undefined;
  /** End processes that a task leaves behind. Default true. */
  readonly reapChildren?: boolean | undefined;

  /** Compiled default of `system.logging.level`: records below it are not written to KeeperLogger.log. Default `Warning`. */
  readonly minimumLevel?: Level | undefined;
  /** Refuse unexpected payloads, and send MQTT 5 clients the reason for a denial. Default false: silent, like KEPM. */
  readonly strict?: boolean | undefined;

  /** Trust child processes of a task. Default false. */
  readonly trustChildren?: boolean | undefined;
  /** SHA-256 hashes of executables that are always trusted. */
  readonly allowedExecutables?: readonly string[] | undefined;
  /** Refuse processes of jobs too, unless their executable is in `allowedExecutables`. Default false. */
  readonly requireSignature?: boolean | undefined;
  /** Trust every local process; without it, no process is trusted on systems other than Linux. Default false. */
  readonly trustEveryone?: boolean | undefined;

  /** What becomes of `{KeeperApiBaseUrl}` in arguments. Default `substituted`. */
  readonly apiBaseUrl?: ApiBaseUrl | undefined;
  /** Write the API's port to `appsettings.json` in the root. Default true. */
  readonly appSettings?: boolean | undefined;

  readonly intervalBase?: IntervalBase | undefined;
  /** Seconds between two checks for due jobs. Default 60. */
  readonly tickSeconds?: number | undefined;
  /** IANA name of the time zone of cron expressions and of the log's midnight. Default: the system's. */
  readonly timeZone?: string | undefined;
  /** For triggers and log rotation. Default: the system's. */
  readonly clock?: AgentClock | undefined;

  /** Records, events and runs that are kept. Default 100,000. */
  readonly historyLimit?: number | undefined;
  readonly faults?: Partial<Faults> | undefined;

  /** Called with each line that is written to KeeperLogger.log. */
  readonly onLogLine?: ((line: string) => void) | undefined;
  readonly onAudit?: ((entry: AuditEntry) => void) | undefined;
  readonly onRun?: ((run: JobRun) => void) | undefined;
  /** Called with each line of a task's standard output and standard error, cut at 4,096 characters. */
  readonly onTaskOutput?: ((output: TaskOutput) => void) | undefined;
}
