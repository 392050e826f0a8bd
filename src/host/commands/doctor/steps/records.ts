/** The records of `doctor` on `KeeperLogger`. */
import { randomUUID } from 'node:crypto';
import type { Acknowledgement } from '../../../delivery/index.ts';
import { logPayload } from '../../../delivery/log-payload.ts';
import { TaskError } from '../../../exit/task-error.ts';
import { type Fields, type LogEvent, type LogRecord, Logger } from '../../../log/index.ts';
import type { Examination } from './examination.ts';

export const doctorEvents = {
  marker: {
    id: 'doctor.marker',
    level: 'Warning',
    text: 'Marker of doctor: proves that records reach this log',
  },
  warning: { id: 'doctor.warning', level: 'Warning', text: 'Doctor: a step needs attention' },
  failed: { id: 'doctor.failed', level: 'Error', text: 'Doctor: a step failed' },
} as const satisfies Record<string, LogEvent>;

export const LOG_TOPIC = 'KeeperLogger';

/**
 * Publishes one record and waits for its acknowledgement, at most `--agent-timeout`.
 * @throws PublicationDenied, TaskError `agent-unreachable`, or the reason of the signal
 */
export async function publishRecord(
  examination: Examination,
  event: LogEvent,
  fields: Fields,
): Promise<Acknowledgement> {
  const { connection } = examination;
  if (connection === undefined)
    throw new TaskError('agent-unreachable', 'there is no connection to the broker');
  const payload = payloadOf(recordOf(examination, event, fields), examination);
  const broken = connection.broken.then((error) => {
    throw error;
  });
  return inTime(Promise.race([connection.publish(LOG_TOPIC, payload), broken]), examination.within());
}

/** A record as a run would make it: redacted, with an id and a time. */
export function recordOf(
  { platform, show }: Pick<Examination, 'platform' | 'show'>,
  event: LogEvent,
  fields: Fields,
): LogRecord {
  let made: LogRecord | undefined;
  const logger = new Logger({ clock: platform.clock, minimum: 'Debug', redact: show });
  logger.attach({ write: (record) => (made = record) });
  logger.log(event, fields);
  if (made === undefined) throw new TypeError('the logger made no record');
  return made;
}

function payloadOf(record: LogRecord, { config, task, job, platform }: Examination): string {
  const context = {
    run: randomUUID(),
    ...(job.id !== undefined && { job: job.id }),
    host: platform.hostname,
  };
  return logPayload(record, { ...config.payload, source: task.name, context });
}

const KEEP_ALIVE_MS = 60_000;

/** The result, unless the signal aborts first. @throws the signal's reason */
export async function inTime<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  const { promise: end, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  // The timers of signals do not keep the process from ending.
  const keepAlive = setInterval(() => undefined, KEEP_ALIVE_MS);
  try {
    return await Promise.race([work, end]);
  } finally {
    clearInterval(keepAlive);
    signal.removeEventListener('abort', abort);
    // A later failure has no listener.
    work.catch(() => undefined);
  }
}
