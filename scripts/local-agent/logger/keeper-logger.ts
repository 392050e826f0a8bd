/**
 * The component behind the topic `KeeperLogger`: receives structured JSON, keeps all accepted records, and writes those at or above the
 * minimum level to `KeeperLogger.log` (KEPM documentation, "Custom tooling overview", "Reading
 * logs", "Plugin and task settings"). The broker decides who may publish.
 */
import { type Level, atLeast } from '../../../src/host/log/index.ts';
import { describeError } from '../../../src/host/exit/task-error.ts';
import type { Audit } from '../audit.ts';
import type { LogFile } from './log-file.ts';
import { type LoggerDialect, levelOf } from './dialect.ts';
import { type Payload, readPayload } from './payload.ts';

/** The topic. A job must list it in its `allowedPublications` like any other. */
export const LOG_TOPIC = 'KeeperLogger';

/** The origin of a publication. */
export interface PublishOrigin {
  readonly clientId: string;
  readonly jobId: string;
  readonly topic: string;
  /** Undefined with QoS 0. */
  readonly packetId: number | undefined;
}

/** One accepted record. */
export interface ReceivedRecord extends PublishOrigin {
  readonly payload: Payload;
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
}

export interface KeeperLoggerOptions {
  readonly file: LogFile;
  readonly audit: Audit;
  readonly dialect: LoggerDialect;
  /** Refuses a payload with a field missing, unknown or of the wrong kind. */
  readonly strict: boolean;
  readonly minimumLevel: () => Level;
  readonly now: () => number;
  readonly onRecord: (record: ReceivedRecord) => void;
  readonly onLine?: ((line: string) => void) | undefined;
}

export class KeeperLogger {
  readonly #options: KeeperLoggerOptions;
  readonly #reported = new Set<string>();

  constructor(options: KeeperLoggerOptions) {
    this.#options = options;
  }

  /** Receives a publication. Returns the reason for refusing it, or undefined. */
  accept(bytes: Buffer, origin: PublishOrigin): string | undefined {
    const { audit, dialect, strict, now, onRecord } = this.#options;
    const { payload, problems, isComplete } = readPayload(bytes, dialect);
    const { clientId, jobId, topic } = origin;
    const problem = problems.join('; ');
    if (payload === undefined || (strict && problem !== '')) {
      audit.add('payload', `the payload is refused: ${problem}`, { clientId, jobId, topic });
      return problem;
    }
    if (dialect.unknown === 'drop-record' && !isComplete) {
      audit.add('payload', `the record is dropped: ${problem}`, { clientId, jobId, topic });
      return undefined;
    }
    // A job with another format uses it in every record: one warning is enough.
    if (problem !== '' && !this.#reported.has(`${jobId} ${problem}`)) {
      this.#reported.add(`${jobId} ${problem}`);
      audit.warn('payload', problem, { clientId, jobId, topic });
    }
    const record = { ...origin, payload, receivedAt: now() };
    onRecord(record);
    this.#write(record);
    return undefined;
  }

  #write(record: ReceivedRecord): void {
    const { audit, dialect, file, minimumLevel, onLine } = this.#options;
    const otherwise = dialect.unknownLevel === 'show' ? undefined : 'Information';
    const level = levelOf(record.payload[dialect.names.level], dialect) ?? otherwise;
    if (level !== undefined && !atLeast(level, minimumLevel())) return;
    const line = logLine(record, dialect);
    try {
      file.write(line);
    } catch (error) {
      audit.add('log-file', describeError(error), { jobId: record.jobId, topic: record.topic });
      return;
    }
    onLine?.(line);
  }
}

/**
 * One line: time, level, source, message, and all other fields as JSON. KEPM's layout is not documented.
 */
function logLine({ payload, jobId, receivedAt }: ReceivedRecord, { names, unknown }: LoggerDialect): string {
  const { [names.level]: level, [names.message]: message, [names.source]: source } = payload;
  const shown = new Set(Object.values(names));
  const others = Object.fromEntries(Object.entries(payload).filter(([name]) => !shown.has(name)));
  const isWhole = unknown === 'drop-fields' || Object.keys(others).length === 0;
  const rest = isWhole ? '' : ` ${JSON.stringify(others)}`;
  const head = `${new Date(receivedAt).toISOString()} [${text(level, 'no level')}] ${text(source, jobId)}`;
  return oneLine(`${head}: ${text(message, '')}${rest}`);
}

function text(value: unknown, otherwise: string): string {
  if (value === undefined) return otherwise;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Control characters and line separators as escapes: a record cannot start a new line. */
function oneLine(line: string): string {
  return line
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]/gu, (character) => JSON.stringify(character).slice(1, -1))
    .replaceAll(
      /[\u007f-\u009f\u2028\u2029]/g,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
}
