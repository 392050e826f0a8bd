/** Input from the agent's ports: settings, MQTT. */
import { isIPv6 } from 'node:net';
import type { TLSSocket } from 'node:tls';
import * as fc from 'fast-check';
import { BrokerConnection } from '../../src/host/agent/broker-connection.ts';
import { agentSettingsIn } from '../../src/host/agent/agent-settings.ts';
import { PacketGuard } from '../../src/host/agent/packet-guard.ts';
import { findSettings } from '../../src/host/agent/settings-search.ts';
import { type LoopbackEndpoint, loopbackUrl } from '../../src/host/platform/index.ts';
import { tlsServer } from '../local-agent/hostile-agent.ts';
import { type FuzzProperty, expectNoPollution, fuzz, mutated, throwsOnly } from './property.ts';

const keys = [
  'broker.host',
  'broker.port',
  'broker',
  'host',
  'port',
  'value',
  'settings',
  'data',
  'key',
  'name',
  'settingName',
];
const strange = ['__proto__', 'constructor', 'prototype', 'toString', 'length', ''];
const hosts = [
  '127.0.0.1',
  '127.1',
  'localhost',
  '::1',
  '[::1]',
  '0.0.0.0',
  '::',
  '192.0.2.1',
  '::ffff:127.0.0.1',
  '127.0.0.1.example',
  '2130706433',
  '0x7f.1',
  '127.0.0.1\0',
  '127.0.0.1 ',
  'LOCALHOST',
  '::ffff:192.0.2.1',
  '127.256.0.1',
];

const { reply } = fc.letrec<{ reply: unknown; leaf: unknown }>((tie) => ({
  leaf: fc.oneof(
    fc.constantFrom(...hosts, ...keys),
    fc.integer({ min: -1, max: 70_000 }),
    fc.integer({ min: 1, max: 65_535 }).map(String),
    fc.string(),
    fc.constant(null),
    fc.boolean(),
    fc.double(),
  ),
  reply: fc.oneof(
    { depthSize: 'small' },
    tie('leaf'),
    fc.array(tie('reply'), { maxLength: 5 }),
    fc
      .array(
        fc.tuple(
          fc.oneof(
            { arbitrary: fc.constantFrom(...keys), weight: 9 },
            { arbitrary: fc.constantFrom(...strange), weight: 1 },
          ),
          tie('reply'),
        ),
        { maxLength: 5 },
      )
      // As JSON.parse creates it: "__proto__" is a key like any other.
      .map((entries): unknown => Object.fromEntries(entries)),
    fc.record({ 'broker.host': tie('reply'), 'broker.port': tie('reply') }),
    fc.tuple(tie('reply'), tie('reply')).map(([host, port]) => [
      { key: 'broker.host', value: host },
      { key: 'broker.port', value: port },
    ]),
  ),
}));

function expectLoopback({ address, port }: LoopbackEndpoint): void {
  const isLoopback =
    /^127(?:\.(?:25[0-5]|2[0-4]\d|1?\d?\d)){3}$/.test(address) || (isIPv6(address) && address === '::1');
  if (!isLoopback || !Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new Error(`${address}:${port} is not on this machine`);
  }
}

const packets = [
  [0x20, 2, 0, 0],
  [0x20, 3, 0, 0, 0],
  [0x20, 2, 0, 5],
  [0x20, 9, 0, 0, 6, 0x21, 0, 10, 0x22, 0, 1],
  [0x20, 16, 0, 0, 13, 0x26, 0, 9, ...Buffer.from('__proto__'), 0],
  [0x20, 6, 0, 0, 3, 0x13, 0, 0],
  [0x20, 8, 0, 0, 5, 0x27, 0, 0, 0, 1],
  [0x40, 2, 0, 1],
  [0x40, 4, 0, 1, 0x87, 0],
  [0xd0, 0],
  [0xe0, 2, 0x8b, 0],
  [0x30, 5, 0, 1, 97, 98, 99],
  [0x90, 3, 0, 1, 0],
  [0xf0, 0],
  [0x20, 0xff, 0xff, 0xff, 0x7f],
].map((bytes) => Buffer.from(bytes));

const traffic = fc.oneof(
  fc
    .array(fc.oneof(fc.constantFrom(...packets), mutated(packets, 3)), { maxLength: 12 })
    .map((list) => Buffer.concat(list)),
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
);

/** A broker in this process that answers CONNECT with the current bytes, started on first use. */
let port: Promise<number> | undefined;
let answer: readonly Buffer[] = [];
const broker = () =>
  (port ??= tlsServer((socket: TLSSocket) => {
    socket.once('data', () => {
      for (const bytes of answer) socket.write(bytes);
      // A little later, since data that is read after the end is another case than data that is read before it.
      setTimeout(() => socket.end(), 2);
    });
  }));

export const agentProperties: readonly FuzzProperty[] = [
  fuzz('a settings reply names a broker of this machine or is refused', 4000, reply, async (value) => {
    const endpoint = await throwsOnly(['agent-reply'], () => agentSettingsIn(findSettings(value)).broker);
    if (endpoint !== undefined) expectLoopback(endpoint);
    expectNoPollution();
  }),
  fuzz(
    'a URL is one of this machine or none',
    4000,
    fc.oneof(
      fc.webUrl(),
      fc.string(),
      fc
        .tuple(
          fc.constantFrom('https://', 'https:', 'HTTPS://', 'https:\\\\'),
          fc.constantFrom(...hosts, ...hosts.map((host) => encodeURIComponent(host))),
          fc.constantFrom('', ':1', ':0', ':65536', '@192.0.2.1', '\\@192.0.2.1'),
          fc.string(),
        )
        .map((parts) => parts.join('')),
    ),
    (text) => {
      const endpoint = loopbackUrl(text);
      if (endpoint !== undefined) expectLoopback(endpoint);
    },
  ),
  fuzz(
    'the packet guard says the same however the bytes are cut',
    3000,
    fc.tuple(
      traffic,
      fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 60 }),
      fc.constantFrom('3.1.1', '5'),
    ),
    ([bytes, cuts, version]) => {
      const whole = new PacketGuard(version, () => 3).violation(bytes)?.message;
      const guard = new PacketGuard(version, () => 3);
      let at = 0;
      let found: string | undefined;
      for (const length of [...cuts, bytes.length]) {
        found ??= guard.violation(bytes.subarray(at, at + length))?.message;
        at += length;
      }
      if (found !== whole) throw new Error(`${found} in pieces, ${whole} in one`);
    },
  ),
  fuzz(
    'whatever a broker sends, connecting ends with a connection or an error of the agent',
    250,
    fc.tuple(fc.array(traffic, { maxLength: 4 }), fc.constantFrom('3.1.1', '5')),
    async ([bytes, version]) => {
      answer = bytes;
      const connection = await throwsOnly(['agent-reply', 'agent-refused', 'agent-unreachable'], async () =>
        BrokerConnection.open({
          endpoint: { address: '127.0.0.1', port: await broker(), serverName: undefined },
          authorities: undefined,
          peers: { listener: () => undefined, peer: () => undefined },
          clientId: 'fuzz',
          program: 'fuzz',
          mqttVersion: version,
          timeout: 2000,
          signal: new AbortController().signal,
        }),
      );
      if (connection === undefined) return;
      // Its result for a publication does not matter here; only that it ends.
      const published = connection.publish('topic', 'payload').catch(() => undefined);
      await Promise.race([published, new Promise((resolve) => setTimeout(resolve, 5))]);
      await connection.close({ acknowledged: false, timeout: 500 });
      expectNoPollution();
    },
  ),
];
