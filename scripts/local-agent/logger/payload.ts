/**
 * Interprets a payload on `KeeperLogger`. The documentation of its fields is not public: the names are assumed, any JSON object is
 * accepted, and missing or unknown fields are reported. In strict mode, such payloads are refused.
 */
import * as z from 'zod';
import { type LoggerDialect, levelOf } from './dialect.ts';

/** A published log record. */
const Payload = z.record(z.string(), z.unknown());
export type Payload = Readonly<z.output<typeof Payload>>;

/** A payload and its peculiarities; no payload if it is not a JSON object. */
export interface ReadPayload {
  readonly payload: Payload | undefined;
  readonly problems: readonly string[];
  /** True if no expected field is missing. */
  readonly isComplete: boolean;
}

export function readPayload(bytes: Buffer, dialect: LoggerDialect): ReadPayload {
  const payload = parseObject(bytes);
  if (payload === undefined)
    return { payload, problems: ['the payload is no JSON object'], isComplete: false };
  const { fields, names, levelNames } = dialect;
  const { [names.level]: level, [names.timestamp]: timestamp } = payload;
  const known = new Set([...fields.required, ...fields.optional]);
  const missing = fields.required.filter((name) => payload[name] === undefined);
  const isText = (name: string) =>
    typeof payload[name] === 'string' || (name === names.level && levelNames === 'numbers');
  const problems = [
    ...missing.map((name) => `field missing: ${name}`),
    ...Object.keys(payload)
      .filter((name) => !known.has(name))
      .map((name) => `field unknown: ${name}`),
    ...fields.required
      .filter((name) => payload[name] !== undefined && !isText(name))
      .map((name) => `field is not a string: ${name}`),
  ];
  if (typeof level === 'string' && levelOf(level, dialect) === undefined) {
    problems.push(`level unknown: ${level}`);
  }
  if (typeof timestamp === 'string' && !isTimestamp(timestamp)) {
    problems.push('timestamp is not ISO 8601 with a time zone');
  }
  return { payload, problems, isComplete: missing.length === 0 };
}

function parseObject(bytes: Buffer): Payload | undefined {
  try {
    return Payload.safeParse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))).data;
  } catch {
    return undefined;
  }
}

function isTimestamp(text: string): boolean {
  return (
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text) && !Number.isNaN(Date.parse(text))
  );
}
