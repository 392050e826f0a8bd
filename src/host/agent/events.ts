/** The events that the agent link logs. */
import type { LogEvent } from '../log/index.ts';

export const agentEvents = {
  settingsRead: { id: 'agent.settings-read', level: 'Information', text: 'Agent settings read' },
  brokerConnected: { id: 'agent.broker-connected', level: 'Information', text: 'Broker connected' },
  apiBaseReplaced: {
    id: 'agent.api-base-replaced',
    level: 'Warning',
    text: "Address of the agent's API is unusable; using the port in appsettings.json",
  },
  brokerMoved: { id: 'agent.broker-moved', level: 'Information', text: 'Broker moved to another address' },
  peerNotChecked: {
    id: 'agent.peer-not-checked',
    level: 'Warning',
    text: "Could not check which user owns the agent's ports; continuing without the check",
  },
  notReached: {
    id: 'agent.not-reached',
    level: 'Error',
    text: 'Agent unreachable; continuing without it',
  },
} as const satisfies Record<string, LogEvent>;
