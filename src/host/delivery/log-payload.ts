/**
 * The format of a record on `KeeperLogger` and as a line of JSON, which only this module knows. It follows a template from the
 * configuration, because the documentation of the fields is not public. The message contains everything that an operator needs,
 * because the agent may drop unknown fields.
 */
import { type Level, type LogRecord, printable } from '../log/index.ts';

/** The fields without which a payload is no record. */
export const mainFields = ['level', 'message', 'source', 'timestamp'] as const;
/** The fields that may be omitted. `truncated` is present only in a record that was too long. */
export const extraFields = ['event', 'id', 'run', 'job', 'host', 'data', 'truncated'] as const;

/** What the configuration decides about payloads. */
export interface PayloadTemplate {
  /**
   * Where each field goes. A dot separates the names of nested objects: `Record.Level` is the field `Level` of the object `Record`.
   * `false` omits the field. An extra field that is not mentioned keeps its own name.
   */
  readonly names: Readonly<
    Record<(typeof mainFields)[number], string> & {
      [Field in (typeof extraFields)[number]]?: string | false | undefined;
    }
  >;
  /** The values for levels; a level that is not mentioned keeps its own name. */
  readonly levels?: Readonly<{ [Name in Level]?: string | number | undefined }>;
  /** Fields that every payload has, by name; names as in `names`. */
  readonly constants?: Readonly<Record<string, string | number | boolean | null>>;
}

export interface PayloadOptions extends PayloadTemplate {
  readonly source: string;
  /** Further fields of every record of this run. */
  readonly context: Readonly<{ run?: string; job?: string; host?: string }>;
}

/** Far below any broker's limit. Bytes of UTF-8. */
export const MAX_PAYLOAD_BYTES = 8 * 1024;

/** The JSON text of a record, at most `MAX_PAYLOAD_BYTES` long: a record that is too long loses its fields, then its end. */
export function logPayload(record: LogRecord, options: PayloadOptions): string {
  const whole = textOf(record, options, { message: record.message, data: record.fields });
  if (Buffer.byteLength(whole) <= MAX_PAYLOAD_BYTES) return whole;
  const cut = (message: string) => textOf(record, options, { message, truncated: true });
  // A UTF-16 code unit takes at most six bytes in JSON (\uXXXX), so this many certainly fit beside the other fields.
  const room = Math.floor((MAX_PAYLOAD_BYTES - Buffer.byteLength(cut('…'))) / 6);
  return cut(`${record.message.slice(0, room)}…`);
}

/** Bytes of a template's names and constants in each payload, approximately. */
export function templateBytes({ names, constants = {} }: PayloadTemplate): number {
  const payload: Tree = newTree();
  for (const name of Object.values(names)) if (typeof name === 'string') place(payload, name, '');
  for (const [name, value] of Object.entries(constants)) place(payload, name, value);
  return Buffer.byteLength(json(payload));
}

function textOf(
  { level, timestamp, event, id }: LogRecord,
  { names, levels = {}, constants = {}, source, context }: PayloadOptions,
  varying: { readonly message: string; readonly data?: LogRecord['fields']; readonly truncated?: true },
): string {
  const { message, data, truncated } = varying;
  const values = {
    level: levels[level] ?? level,
    message,
    source,
    timestamp,
    event,
    id,
    run: context.run,
    job: context.job,
    host: context.host,
    data,
    truncated,
  };
  const payload = newTree();
  for (const field of [...mainFields, ...extraFields]) {
    const name = names[field] ?? field;
    if (name !== false && values[field] !== undefined) place(payload, name, values[field]);
  }
  for (const [name, value] of Object.entries(constants)) place(payload, name, value);
  return json(payload);
}

interface Tree {
  [name: string]: unknown;
}

/** Without a prototype: names come from the configuration. */
function newTree(): Tree {
  const tree: Tree = Object.create(null);
  return tree;
}

/** Sets a field. The configuration has refused names of which one is an object within another's place. */
function place(payload: Tree, name: string, value: unknown): void {
  const path = name.split('.');
  const last = path.pop() ?? name;
  let object = payload;
  for (const part of path) {
    const next = object[part];
    object = isTree(next) ? next : (object[part] = newTree());
  }
  object[last] = value;
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null;
}

/** Safe to display on a terminal: a file name may contain escape sequences. The JSON stays equivalent. */
function json(payload: Tree): string {
  return printable(JSON.stringify(payload));
}
