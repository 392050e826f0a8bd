/** The events that every run logs, whatever its task. */
import type { LogEvent } from '../log/index.ts';

export const runEvents = {
  started: { id: 'run.started', level: 'Information', text: 'Run started' },
  waiting: {
    id: 'run.waiting',
    level: 'Information',
    text: 'Waiting for a random delay (--jitter) before starting',
  },
  storeSetAside: {
    id: 'run.store-set-aside',
    level: 'Warning',
    text: 'State database unusable; created a new one. The results of earlier runs are lost',
  },
  stateFailed: {
    id: 'run.state-failed',
    level: 'Error',
    text: 'State could not be written; the next run repeats what was not saved',
    isShownElsewhere: true,
  },
  failed: { id: 'run.failed', level: 'Error', text: 'Run failed', isShownElsewhere: true },
  priorityKept: {
    id: 'run.priority-kept',
    level: 'Information',
    text: 'CPU priority could not be lowered',
  },
  outOfTime: {
    id: 'run.out-of-time',
    level: 'Warning',
    text: 'Time limit reached (--max-duration); work stopped',
  },
  reportWritten: { id: 'run.report-written', level: 'Information', text: 'Report written' },
  summary: {
    id: 'run.summary',
    level: 'Information',
    raised: 'Warning',
    text: 'Summary',
    isShownElsewhere: true,
  },
  ended: {
    id: 'run.ended',
    level: 'Information',
    raised: 'Warning',
    text: 'Run ended',
    isShownElsewhere: true,
  },
} as const satisfies Record<string, LogEvent>;
