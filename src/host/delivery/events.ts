/** The events that the delivery logs. */
import type { LogEvent } from '../log/index.ts';

export const deliveryEvents = {
  lost: {
    id: 'delivery.lost',
    level: 'Warning',
    text: 'Records of earlier runs were lost: they could not be delivered, and the queue was full',
  },
  check: {
    id: 'delivery.check',
    level: 'Warning',
    text: "Test record; its arrival in the agent's log shows that records are accepted",
  },
} as const satisfies Record<string, LogEvent>;
