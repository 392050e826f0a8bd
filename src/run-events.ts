/** The events that every run logs, whatever its task. */
import type { LogEvent } from './log/index.ts';

export const runEvents = {
  started: { id: 'run.started', level: 'Information', text: 'Run started' },
  waiting: { id: 'run.waiting', level: 'Information', text: 'Waiting for --jitter before the start' },
  storeSetAside: {
    id: 'run.store-set-aside',
    level: 'Warning',
    text: 'The store could not be used and begins anew; what was known is found again',
  },
  stateFailed: {
    id: 'run.state-failed',
    level: 'Error',
    text: 'State cannot be kept; findings that are not stored are announced by the next run',
  },
  failed: { id: 'run.failed', level: 'Error', text: 'Run failed' },
  priorityKept: {
    id: 'run.priority-kept',
    level: 'Information',
    text: 'CPU priority could not be lowered',
  },
  outOfTime: { id: 'run.out-of-time', level: 'Warning', text: 'Work stopped at --max-duration' },
  reportWritten: { id: 'run.report-written', level: 'Information', text: 'Report written' },
  summary: { id: 'run.summary', level: 'Information', raised: 'Warning', text: 'Summary' },
  ended: { id: 'run.ended', level: 'Information', raised: 'Warning', text: 'Run ended' },
} as const satisfies Record<string, LogEvent>;
