export { AgentLink, type AgentLinkOptions, type Delivery } from './agent-link.ts';
export { agentEvents } from './events.ts';
export { MAX_PAYLOAD_BYTES, type PayloadOptions } from './log-payload.ts';
