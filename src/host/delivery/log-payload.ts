/**
 * The format of a record on `KeeperLogger` and as a line of JSON, which only this module knows. The names of the four main fields
 * are configurable, because their documentation is not public. The message contains everything that an operator needs, because
 * the agent may drop unknown fields.
 */
import { type LogRecord, printable } from '../log/index.ts';

export interface PayloadOptions {
  /** Names for the four main fields. */
  readonly names: {
    readonly level: string;
    readonly message: string;
    readonly source: string;
    readonly timestamp: string;
  };
  readonly source: string;
  /** Further fields of every record of this run: run id, job id, host. */
  readonly context: Readonly<Record<string, string | number>>;
}

/** Far below any broker's limit. Bytes of UTF-8. */
export const MAX_PAYLOAD_BYTES = 8 * 1024;

/** The JSON text of a record, at most `MAX_PAYLOAD_BYTES` long: a record that is too long loses its fields, then its end. */
export function logPayload(record: LogRecord, { names, source, context }: PayloadOptions): string {
  const main = (message: string) => ({
    [names.level]: record.level,
    [names.message]: message,
    [names.source]: source,
    [names.timestamp]: record.timestamp,
    event: record.event,
    id: record.id,
    ...context,
  });
  // Safe to display on a terminal: a file name may contain escape sequences. The JSON stays equivalent.
  const json = (value: object) => printable(JSON.stringify(value));
  const whole = json({ ...main(record.message), data: record.fields });
  if (Buffer.byteLength(whole) <= MAX_PAYLOAD_BYTES) return whole;
  // A UTF-16 code unit takes at most six bytes in JSON (\uXXXX), so this many certainly fit beside the other fields.
  const room = Math.floor((MAX_PAYLOAD_BYTES - Buffer.byteLength(json(main(''))) - 32) / 6);
  return json({ ...main(`${record.message.slice(0, room)}…`), truncated: true });
}
