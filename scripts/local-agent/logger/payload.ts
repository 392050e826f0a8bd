/**
 * Interprets a payload on `KeeperLogger`. The documentation of its fields is not public: the names here are assumed, any JSON object is
 * accepted, and missing or unknown fields are reported. In strict mode, such payloads are refused.
 */
import * as z from 'zod';
import { type Level, levels } from '../../../src/host/log/index.ts';

/** A published log record. */
const Payload = z.record(z.string(), z.unknown());
export type Payload = Readonly<z.output<typeof Payload>>;

export interface PayloadFields {
  readonly required: readonly string[];
  /** Further fields that are not reported as unknown. */
  readonly optional: readonly string[];
}

/** The assumed names; other fields are reported as unknown unless an option lists them. */
export const assumedFields: PayloadFields = {
  required: ['level', 'message', 'source', 'timestamp'],
  optional: [],
};

/** A payload and its peculiarities; no payload if it is not a JSON object. */
export interface ReadPayload {
  readonly payload: Payload | undefined;
  readonly problems: readonly string[];
}

export function readPayload(bytes: Buffer, { required, optional }: PayloadFields): ReadPayload {
  const payload = parseObject(bytes);
  if (payload === undefined) return { payload, problems: ['the payload is no JSON object'] };
  const known = new Set([...required, ...optional]);
  const problems = [
    ...required.filter((name) => payload[name] === undefined).map((name) => `field missing: ${name}`),
    ...Object.keys(payload)
      .filter((name) => !known.has(name))
      .map((name) => `field unknown: ${name}`),
    ...required
      .filter((name) => payload[name] !== undefined && typeof payload[name] !== 'string')
      .map((name) => `field is not a string: ${name}`),
  ];
  if (typeof payload['level'] === 'string' && levelOf(payload) === undefined) {
    problems.push(`level unknown: ${payload['level']}`);
  }
  if (typeof payload['timestamp'] === 'string' && !isTimestamp(payload['timestamp'])) {
    problems.push('timestamp is not ISO 8601 with a time zone');
  }
  return { payload, problems };
}

/** The level of a record, in any case: whether case matters is not documented. */
export function levelOf(payload: Payload): Level | undefined {
  const { level } = payload;
  return typeof level === 'string'
    ? levels.find((known) => known.toLowerCase() === level.toLowerCase())
    : undefined;
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
