/**
 * What `--calibrate` tries: plausible forms of what KEPM's documentation does not say publicly. The first of each list is the default of
 * this program. All lists are short, because every attempt leaves lines in the agent's log.
 */
import type { Level } from '../../../log/index.ts';

/** Templates of client ids; the job's id is always one of the parts between underscores, or all of it. */
export const clientIdTemplates = [
  'job_{jobId}_{pid}',
  '{jobId}',
  'job_{jobId}',
  '{jobId}_{pid}',
  'Job_{jobId}_{pid}',
  'Job_{jobId}',
  'jobs_{jobId}_{pid}',
  'KeeperJob_{jobId}_{pid}',
  'KeeperJob_{jobId}',
  'job_{jobId}_{uuid}',
  '{jobId}_{uuid}',
  'job_{jobId}_{taskId}_{pid}',
  'job_{jobId}_{taskId}',
  'job-{jobId}-{pid}',
  'job-{jobId}',
  '{program}_{jobId}_{pid}',
  '{pid}_{jobId}',
] as const;

/** Newer first: only MQTT 5 has reason codes. */
export const mqttVersions = ['5', '3.1.1'] as const;
export type MqttVersion = (typeof mqttVersions)[number];

/** Names of the main fields. */
export interface FieldNames {
  readonly level: string;
  readonly message: string;
  readonly source: string;
  readonly timestamp: string;
}

export const fieldNames: readonly FieldNames[] = [
  { level: 'level', message: 'message', source: 'source', timestamp: 'timestamp' },
  { level: 'Level', message: 'Message', source: 'Source', timestamp: 'Timestamp' },
  { level: 'LogLevel', message: 'Message', source: 'Source', timestamp: 'Timestamp' },
  { level: 'logLevel', message: 'message', source: 'source', timestamp: 'timestamp' },
  { level: 'severity', message: 'message', source: 'source', timestamp: 'timestamp' },
  { level: 'Level', message: 'MessageTemplate', source: 'SourceContext', timestamp: 'Timestamp' },
  { level: '@l', message: '@m', source: 'SourceContext', timestamp: '@t' },
];

/** Values for the levels. A level that is not mentioned keeps its name. */
export type LevelValues = Readonly<Partial<Record<Level, string | number>>>;

export const levelValues: readonly LevelValues[] = [
  {},
  byLevel((name) => name.toLowerCase()),
  byLevel((name) => name.toUpperCase()),
  { Critical: 'Fatal' },
  { Trace: 'TRACE', Debug: 'DEBUG', Information: 'INFO', Warning: 'WARN', Error: 'ERROR', Critical: 'FATAL' },
  { Trace: 'trace', Debug: 'debug', Information: 'info', Warning: 'warn', Error: 'error', Critical: 'fatal' },
  { Trace: 'VRB', Debug: 'DBG', Information: 'INF', Warning: 'WRN', Error: 'ERR', Critical: 'FTL' },
  // Microsoft.Extensions.Logging.LogLevel
  { Trace: 0, Debug: 1, Information: 2, Warning: 3, Error: 4, Critical: 5 },
];

function byLevel(valueOf: (name: Level) => string): LevelValues {
  const names = ['Trace', 'Debug', 'Information', 'Warning', 'Error', 'Critical'] as const;
  return Object.fromEntries(names.map((name) => [name, valueOf(name)]));
}

/** Levels that are tried while nothing has arrived: an agent may take an unknown level for one that it does not write. */
export const unlikeLevels: readonly LevelValues[] = [
  { Warning: 'WRN' },
  { Warning: 'WARN' },
  { Warning: 3 },
  { Warning: '3' },
];
