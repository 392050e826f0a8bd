/**
 * What a record looks like on `KeeperLogger`, and as a line of JSON. The one place that knows: the names of the four main
 * fields are configuration, since their documentation is not public, and everything an operator needs stands in the
 * message, since unknown fields may be dropped on the way.
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
  /** What every record of this run carries besides: run id, job id, host. */
  readonly context: Readonly<Record<string, string | number>>;
}

/** Far below any broker's limit. Bytes of UTF-8. */
export const MAX_PAYLOAD_BYTES = 8 * 1024;

/** The JSON text of a record, at most `MAX_PAYLOAD_BYTES` long: too long a record loses its fields, then its tail. */
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
  // Safe to show on a terminal: a file's name may contain escape sequences. It remains the same JSON.
  const json = (value: object) => printable(JSON.stringify(value));
  const whole = json({ ...main(record.message), data: record.fields });
  if (Buffer.byteLength(whole) <= MAX_PAYLOAD_BYTES) return whole;
  // A UTF-16 code unit takes at most six bytes in JSON (\uXXXX), so this many are sure to fit beside the other fields.
  const room = Math.floor((MAX_PAYLOAD_BYTES - Buffer.byteLength(json(main(''))) - 32) / 6);
  return json({ ...main(`${record.message.slice(0, room)}…`), truncated: true });
}
