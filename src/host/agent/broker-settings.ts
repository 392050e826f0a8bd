/**
 * The broker's address in a reply of the Plugin Settings API. The shape of the reply is not documented, so every plausible one is
 * accepted, each of them strictly: `broker.host` and `broker.port` must both be present and valid.
 */
import * as z from 'zod';
import { TaskError } from '../exit/task-error.ts';
import { type LoopbackEndpoint, loopbackEndpoint } from '../platform/index.ts';
import { someText } from '../task/text-schemas.ts';

const Port = z.union([
  z.int(),
  z
    .string()
    .regex(/^\d{1,5}$/)
    .transform(Number),
]);

/** A setting is a bare value, or an object with the value and metadata. */
function setting<Value>(schema: z.ZodType<Value>): z.ZodType<Value> {
  return z.union([schema, z.looseObject({ value: schema }).transform((object): Value => object.value)]);
}
const Host = setting(someText());
const PortSetting = setting(Port);

interface BrokerAddress {
  readonly host: string;
  readonly port: number;
}

/** `{ "broker.host": "127.0.0.1", "broker.port": 8675 }` */
const Flat = z
  .looseObject({ 'broker.host': Host, 'broker.port': PortSetting })
  .transform((reply): BrokerAddress => ({ host: reply['broker.host'], port: reply['broker.port'] }));

/** `{ "broker": { "host": "127.0.0.1", "port": 8675 } }` */
const Nested = z
  .looseObject({ broker: z.looseObject({ host: Host, port: PortSetting }) })
  .transform(({ broker }): BrokerAddress => ({ host: broker.host, port: broker.port }));

/** `[{ "key": "broker.host", "value": "127.0.0.1" }, ...]`; the key may be called `name` or `settingName`. */
const List = z
  .array(
    z
      .looseObject({
        key: z.string().optional(),
        name: z.string().optional(),
        settingName: z.string().optional(),
        value: z.unknown(),
      })
      .transform(({ key, name, settingName, value }) => [key ?? name ?? settingName ?? '', value] as const),
  )
  .transform((entries) => Object.fromEntries(entries))
  .pipe(Flat);

const Bare = z.union([Flat, Nested, List]);
const Wrapped = z.union([
  z.looseObject({ settings: Bare }).transform(({ settings }) => settings),
  z.looseObject({ value: Bare }).transform(({ value }) => value),
  z.looseObject({ data: Bare }).transform(({ data }) => data),
]);
const PluginSettingsReply = z.union([Bare, Wrapped]);

/**
 * The broker's endpoint in a parsed reply.
 * @throws TaskError `agent-reply` when the reply lacks these settings or names a host other than this machine.
 */
export function brokerEndpoint(reply: unknown): LoopbackEndpoint {
  const parsed = PluginSettingsReply.safeParse(reply);
  if (!parsed.success) {
    throw new TaskError('agent-reply', 'the Plugin Settings reply has no usable broker.host and broker.port');
  }
  const { host, port } = parsed.data;
  const endpoint = loopbackEndpoint(host, port);
  if (endpoint === undefined) {
    throw new TaskError(
      'agent-reply',
      'the Plugin Settings reply names a broker that is not on this machine',
    );
  }
  return endpoint;
}
