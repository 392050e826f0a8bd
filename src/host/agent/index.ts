export { type AgentLink, connectToAgent } from './connect.ts';
export { agentEvents } from './events.ts';
export { probeBroker } from './probe.ts';
