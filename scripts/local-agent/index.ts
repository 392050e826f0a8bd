/** The local agent: a stand-in for KEPM to develop and test jobs against. See README.md in this folder. */
export { type LocalAgent, startAgent } from './agent.ts';
export { VirtualClock } from './clock.ts';
export { type JobLayout, layOutJob } from './job-layout.ts';
export type { JobRun } from './jobs/job-runner.ts';
export type { AgentOptions } from './options.ts';
export { fileHash } from './trust/allow-list.ts';
export { settingsShapes } from './settings/reply-shape.ts';
