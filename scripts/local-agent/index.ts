/** The local agent: a stand-in for KEPM to develop and test jobs against. See README.md in this folder. */
export { type LocalAgent, type RunJobOptions, startAgent } from './agent.ts';
export type { AuditEntry, AuditKind } from './audit.ts';
export type { ReceivedEvent } from './broker/session-policy.ts';
export { type AgentClock, VirtualClock, systemAgentClock } from './clock.ts';
export { type BrokerFault, type Faults, type SettingsFault, brokerFaults, settingsFaults } from './faults.ts';
export { type JobLayout, layOutJob } from './job-layout.ts';
export type { JobRun } from './jobs/job-runner.ts';
export type { TaskRun } from './jobs/task-process.ts';
export type { ReceivedRecord } from './logger/keeper-logger.ts';
export { type PayloadFields, assumedFields } from './logger/payload.ts';
export type { AgentOptions } from './options.ts';
export { type SettingsShape, settingsShapes } from './settings/reply-shape.ts';
export { fileHash } from './trust/allow-list.ts';
