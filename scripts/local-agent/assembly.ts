/**
 * Creates the parts of an agent and connects them. Nothing listens or runs when it returns; `agent.ts` starts and ends the parts.
 */
import { mkdirSync, realpathSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Level, levels } from '../../src/host/log/index.ts';
import { Audit } from './audit.ts';
import { cutWithProcess } from './broker/broker.ts';
import { Admission } from './broker/admission.ts';
import { type ReceivedEvent, SessionPolicy } from './broker/session-policy.ts';
import { systemAgentClock } from './clock.ts';
import { faultSwitches } from './faults.ts';
import { History } from './history.ts';
import { apiBaseUrlValue } from './jobs/api-base-url.ts';
import { type JobRun, JobRunner } from './jobs/job-runner.ts';
import { JobService } from './jobs/job-service.ts';
import { JobStore } from './jobs/job-store.ts';
import { Scheduler } from './jobs/scheduler.ts';
import { KeeperLogger, type ReceivedRecord } from './logger/keeper-logger.ts';
import { LogFile } from './logger/log-file.ts';
import { loggerDialect } from './logger/dialect.ts';
import type { AgentOptions } from './options.ts';
import { PluginStore } from './settings/plugin-store.ts';
import { SettingsStore } from './settings/settings-store.ts';
import { ExecutableAllowList } from './trust/allow-list.ts';
import { ProcessRegistry } from './trust/process-registry.ts';
import { Trust } from './trust/trust.ts';

/** The agent's ports, known once it listens. */
export interface Ports {
  https: number;
  http: number;
  broker: number;
}

/** Default number of records, events, runs and audit entries that are kept. */
const HISTORY = 100_000;

export function assemble(options: AgentOptions, onFault: () => void) {
  const tick = tickOf(options);
  mkdirSync(options.root, { recursive: true });
  const root = realpathSync(options.root);
  const clock = options.clock ?? systemAgentClock;
  const now = () => clock.now();
  const timeZone = options.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  const limit = options.historyLimit ?? HISTORY;
  const ports: Ports = { https: 0, http: 0, broker: 0 };
  const environment = { ...smallEnvironment(), ...options.environment };

  const faults = faultSwitches(options.faults ?? {}, onFault);
  const records = new History<ReceivedRecord>(limit);
  const events = new History<ReceivedEvent>(limit);
  const runs = new History<JobRun>(limit, options.onRun);
  const audit = new Audit({ file: join(root, 'Log', 'Audit.log'), now, limit, onEntry: options.onAudit });

  const plugins = new PluginStore(root);
  const settings = new SettingsStore({
    root,
    defaults: () => compiledDefaults(ports, options),
    onDisk: (plugin) => plugins.settings(plugin),
  });
  plugins.reload();

  const file = new LogFile({
    folder: String(settings.agent('log.file.path') ?? logPath(options)).replace('{approot}', root),
    naming: options.logNaming ?? 'newer',
    now,
    timeZone,
    rotationBytes: () => Number(settings.agent('log.rotation.size_mb')) * 1024 * 1024,
    retentionDays: () => Number(settings.agent('log.retention.days')),
    isFull: () => faults.log === 'disk-full',
  });
  const logger = new KeeperLogger({
    file,
    audit,
    dialect: loggerDialect(options),
    strict: options.strict ?? false,
    minimumLevel: () => levelNamed(settings.agent('system.logging.level')),
    now,
    onRecord: (record) => records.add(record),
    onLine: options.onLogLine,
  });

  const registry = new ProcessRegistry();
  const trust = new Trust({
    registry,
    allowList: new ExecutableAllowList(options.allowedExecutables ?? []),
    trustChildren: options.trustChildren ?? false,
    trustEveryone: options.trustEveryone ?? false,
    requireSignature: options.requireSignature ?? false,
  });
  const runner = new JobRunner({
    root,
    apiBase: () => apiBaseUrlValue(options.apiBaseUrl ?? 'substituted', ports.https),
    environment,
    registry,
    audit,
    reapChildren: options.reapChildren ?? true,
    onOutput: options.onTaskOutput,
  });
  const path = environment['PATH'] ?? '';
  const jobs = new JobService({ root, path, store: new JobStore(root), plugins, runner, audit, runs });
  const scheduler = new Scheduler({
    clock,
    timeZone,
    intervalBase: options.intervalBase ?? 'completion',
    tick,
    jobs: () => jobs.jobs,
    start: (job, trigger, values) => jobs.start(job, trigger, values).done,
  });
  jobs.attach(scheduler);

  const admission = new Admission({
    trust,
    audit,
    faults,
    switches: options,
    jobs: () => jobs.jobs,
    onAdmitted: (socket, origin) => cutWithProcess(registry, socket, origin),
  });
  const policy = new SessionPolicy({
    audit,
    faults,
    strict: options.strict ?? false,
    switches: options,
    jobs: () => jobs.jobs,
    log: (payload, origin) => logger.accept(payload, origin),
    event: (payload, origin) => {
      const event = { ...origin, payload: payload.toString('utf8'), receivedAt: now() };
      events.add(event);
      jobs.published(event.topic, jsonOrNothing(event.payload));
    },
  });
  return {
    root,
    now,
    ports,
    faults,
    records,
    events,
    runs,
    audit,
    plugins,
    settings,
    file,
    trust,
    runner,
    jobs,
    scheduler,
    admission,
    policy,
  };
}

export type Parts = ReturnType<typeof assemble>;

/** KEPM's default settings, as far as they are documented ("Plugin and task settings", "Reading logs"). */
function compiledDefaults(ports: Ports, options: AgentOptions) {
  return {
    'broker.host': '127.0.0.1',
    'broker.port': ports.broker,
    'system.logging.level': options.minimumLevel ?? 'Warning',
    ...(options.logPathInSettings === false ? {} : { 'log.file.path': logPath(options) }),
    'log.retention.days': 15,
    // The default size is not documented.
    'log.rotation.size_mb': 10,
  };
}

/** Milliseconds. */
function tickOf({ tickSeconds = 60 }: AgentOptions): number {
  if (tickSeconds > 0) return tickSeconds * 1000;
  throw new Error(`tickSeconds: expected a number above 0, not ${tickSeconds}`);
}

function logPath({ logFolder = 'Log' }: AgentOptions): string {
  return `{approot}/${logFolder}`;
}

function levelNamed(value: unknown): Level {
  return levels.find((level) => level === value) ?? 'Warning';
}

/** The minimal environment of a service's child process: the real one is not documented. */
function smallEnvironment(): Record<string, string> {
  const fromHere = ['PATH', 'TZ', 'LANG', ...(process.platform === 'win32' ? windowsVariables : [])];
  const inherited = fromHere.flatMap((name): [string, string][] => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value]];
  });
  return { ...Object.fromEntries(inherited), HOME: homedir(), TMPDIR: tmpdir() };
}

const windowsVariables = [
  'SystemRoot',
  'SystemDrive',
  'ProgramData',
  'LOCALAPPDATA',
  'TEMP',
  'TMP',
  'PATHEXT',
];

function jsonOrNothing(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
