/** The local agent: a stand-in for KEPM to develop and test jobs against. See README.md in this folder. */
export { type LocalAgent, startAgent } from './agent.ts';
export { acknowledgements, clientIdPolicies, versionAnswers } from './broker/switches.ts';
export { mqttVersionNames } from './broker/packets.ts';
export { VirtualClock } from './clock.ts';
export { brokerFaults, isSilentDenial, logFaults, settingsFaults } from './faults.ts';
export { type JobLayout, layOutJob } from './job-layout.ts';
export type { JobRun } from './jobs/job-runner.ts';
export { assumedFields } from './logger/payload.ts';
export type { AgentOptions } from './options.ts';
export { settingsShapes } from './settings/reply-shape.ts';
export { fileHash } from './trust/allow-list.ts';
