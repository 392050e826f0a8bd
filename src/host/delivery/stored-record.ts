/**
 * A record while it waits: not yet in the format of the payload, so that a record that was sent in a format which the agent drops can
 * be sent again in another one.
 */
import * as z from 'zod';
import { type LogRecord, levels } from '../log/index.ts';
import { type PayloadOptions, logPayload } from './log-payload.ts';

const Scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const StoredRecord = z.object({
  record: z.object({
    id: z.string(),
    timestamp: z.string(),
    level: z.enum(levels),
    event: z.string(),
    message: z.string(),
    fields: z.record(z.string(), z.union([Scalar, z.record(z.string(), z.number())])),
  }),
  /** Fields that every record of its run has. */
  context: z.record(z.string(), z.union([z.string(), z.number()])),
});

/** Characters. A longer record is stored as a payload, which has a limit. */
const MAX_STORED = 16 * 1024;

/** A publication without its place in a queue. */
export interface Content {
  /** The text to publish; of a record, its stored form. */
  readonly payload: string;
  readonly isRecord: boolean;
}

export function contentOf(record: LogRecord, options: PayloadOptions): Content {
  const payload = JSON.stringify({ record, context: options.context });
  if (payload.length <= MAX_STORED) return { payload, isRecord: true };
  return { payload: logPayload(record, options), isRecord: false };
}

/** The text to publish, and the record if it is one. A stored record that cannot be read is published as it is. */
export function render(
  { payload, isRecord }: Content,
  options: PayloadOptions,
): { readonly text: string; readonly record: LogRecord | undefined } {
  const stored = isRecord ? readStored(payload) : undefined;
  if (stored === undefined) return { text: payload, record: undefined };
  const { record, context } = stored;
  return { text: logPayload(record, { ...options, context }), record };
}

function readStored(text: string): z.output<typeof StoredRecord> | undefined {
  try {
    return StoredRecord.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
