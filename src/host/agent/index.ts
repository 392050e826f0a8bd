export type { AgentSettings } from './agent-settings.ts';
export { type AgentOptions, connectToAgent } from './connect.ts';
export { agentEvents } from './events.ts';
