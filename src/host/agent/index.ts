export type { AgentSettings } from './agent-settings.ts';
export { type AgentLink, type AgentOptions, connectToAgent } from './connect.ts';
export { agentEvents } from './events.ts';
export { probeBroker } from './probe.ts';
