export { connectToAgent } from './connect.ts';
export { agentEvents } from './events.ts';
