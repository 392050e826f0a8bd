/** What the broker says about a publication, and to which clients it speaks at all. */
import { readFileSync } from 'node:fs';
import { connect as secure } from 'node:tls';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { IClientOptions, IClientPublishOptions, MqttClient } from 'mqtt';
import mqttPacket from 'mqtt-packet';
import type { AgentOptions, LocalAgent } from '../../../scripts/local-agent/index.ts';
import { agentWith, cleanUpAgents, connectTo, trustingThisProcess } from './agent-support.ts';

afterEach(cleanUpAgents);

const jobs = [
  { id: 'one', publications: ['KeeperLogger', 'Jobs/one/probe'], subscriptions: ['own'] },
  { id: 'two', publications: ['other'], subscriptions: ['Jobs/one/probe', 'Jobs/+/probe'] },
];
const start = (options: Partial<AgentOptions> = {}) =>
  agentWith(jobs, { ...trustingThisProcess(), ...options });
const connect = (agent: LocalAgent, options: IClientOptions = {}) =>
  connectTo(agent, { clientId: 'job_one_1', protocolVersion: 5, ...options });
const record = JSON.stringify({
  level: 'Warning',
  message: 'hello',
  source: 'test',
  timestamp: '2030-01-01T00:00:00Z',
});

/** The reason codes of the acknowledgements with quality of service 1 and 2; undefined if the packet has none. */
async function reasons(client: MqttClient, topic: string, payload = record): Promise<unknown[]> {
  const codes: unknown[] = [];
  const hear = (packet: { readonly cmd: string; readonly reasonCode?: number }) => {
    if (packet.cmd === 'puback' || packet.cmd === 'pubrec') codes.push(packet.reasonCode);
  };
  client.on('packetreceive', hear);
  for (const qos of [1, 2] as const satisfies readonly IClientPublishOptions['qos'][]) {
    await client.publishAsync(topic, payload, { qos });
  }
  client.off('packetreceive', hear);
  return codes;
}

describe('an acknowledgement of MQTT 5', () => {
  test('says 16 for a topic that nobody has subscribed to, and 0 as soon as somebody has', async () => {
    const agent = await start();
    const client = await connect(agent);
    expect(await reasons(client, 'Jobs/one/probe')).toEqual([16, 16]);
    expect(await reasons(client, 'KeeperLogger')).toEqual([0, 0]);
    const listener = await connect(agent, { clientId: 'job_two_1', protocolVersion: 4 });
    await listener.subscribeAsync('Jobs/#');
    expect(await reasons(client, 'Jobs/one/probe')).toEqual([16, 16]);
    await listener.subscribeAsync('Jobs/+/probe');
    expect(await reasons(client, 'Jobs/one/probe')).toEqual([0, 0]);
    await listener.unsubscribeAsync('Jobs/+/probe');
    expect(await reasons(client, 'Jobs/one/probe')).toEqual([16, 16]);
    expect(agent.records).toHaveLength(2);
  });

  test('counts the subscriptions of a session that outlives its connection, and no others', async () => {
    const agent = await start();
    const client = await connect(agent);
    for (const [clean, expected] of [
      [false, 0],
      [true, 16],
    ] as const) {
      const listener = await connect(agent, { clientId: 'job_two_1', protocolVersion: 4, clean });
      await listener.subscribeAsync('Jobs/one/probe', { qos: 1 });
      await listener.endAsync();
      expect(await reasons(client, 'Jobs/one/probe')).toEqual([expected, expected]);
    }
  });

  test('says 0 to all when told so', async () => {
    const agent = await start({ acknowledge: 'always-success' });
    const client = await connect(agent);
    expect(await reasons(client, 'Jobs/one/probe')).toEqual([0, 0]);
    agent.faults.log = 'not-listening';
    expect(await reasons(client, 'KeeperLogger')).toEqual([0, 0]);
    expect(agent.records).toEqual([]);
  });

  test('says 16 when nobody listens to KeeperLogger, and nothing is recorded', async () => {
    const agent = await start({ faults: { log: 'not-listening' } });
    const client = await connect(agent);
    expect(await reasons(client, 'KeeperLogger')).toEqual([16, 16]);
    expect(agent.records).toEqual([]);
    agent.faults.log = undefined;
    expect(await reasons(client, 'KeeperLogger')).toEqual([0, 0]);
    expect(agent.records).toHaveLength(2);
  });

  test('says 0 for what is denied', async () => {
    const agent = await start();
    expect(await reasons(await connect(agent), 'elsewhere')).toEqual([0, 0]);
    expect(agent.audit.map(({ kind }) => kind)).toEqual(['publish-denied', 'publish-denied']);
  });
});

test('an acknowledgement of MQTT 3.1.1 has no reason', async () => {
  const agent = await start();
  const client = await connect(agent, { protocolVersion: 4 });
  expect(await reasons(client, 'Jobs/one/probe')).toEqual([undefined, undefined]);
});

describe('silent denial', () => {
  const pattern = { clientIdPattern: /^(?<jobId>[^_]+)-\d+$/ };

  test.each([
    ['wrongClientId says so', { wrongClientId: 'deny-silently' }],
    ['there is that fault', { faults: { denySilently: 'client-id' } }],
  ] as const)(
    'admits a client whose id names no job, and drops what it publishes, when %s',
    async (_, options) => {
      const agent = await start({ ...pattern, ...options });
      const wrong = await connect(agent);
      expect(await reasons(wrong, 'KeeperLogger')).toEqual([0, 0]);
      expect(await reasons(wrong, 'Jobs/one/probe')).toEqual([0, 0]);
      await wrong.subscribeAsync('own');
      expect(agent.records).toEqual([]);
      expect(agent.events).toEqual([]);
      expect(agent.warnings).toMatchObject([{ kind: 'session', clientId: 'job_one_1' }]);
      expect(agent.audit.map(({ kind }) => kind)).toEqual([
        ...Array.from({ length: 4 }, () => 'publish-denied'),
        'subscribe-denied',
      ]);
      const right = await connect(agent, { clientId: 'one-1' });
      expect(await reasons(right, 'KeeperLogger')).toEqual([0, 0]);
      expect(await reasons(right, 'Jobs/one/probe')).toEqual([16, 16]);
      expect(agent.records).toHaveLength(2);
    },
  );

  test.each([
    ['KeeperLogger', 'topic', 'Jobs/one/probe', 16],
    ['Jobs/one/probe', 'topic:Jobs/one/probe', 'KeeperLogger', 0],
  ] as const)('drops publications on %s silently', async (topic, denySilently, other, reason) => {
    const agent = await start({ faults: { denySilently } });
    const client = await connect(agent);
    expect(await reasons(client, topic)).toEqual([0, 0]);
    expect([...agent.records, ...agent.events]).toEqual([]);
    expect(await reasons(client, other)).toEqual([reason, reason]);
    expect([...agent.records, ...agent.events]).toMatchObject([{ topic: other }, { topic: other }]);
    agent.faults.denySilently = undefined;
    await reasons(client, topic);
    expect([...agent.records, ...agent.events]).toHaveLength(4);
  });
});

describe('the broker', () => {
  test.each([
    ['3.1.1', 4, 5],
    ['5', 5, 4],
  ] as const)('speaks only %s when told so', async (version, spoken, other) => {
    const agent = await start({ mqttVersions: [version] });
    await (
      await connect(agent, { protocolVersion: spoken })
    ).publishAsync('KeeperLogger', record, { qos: 1 });
    await expect(connect(agent, { protocolVersion: other })).rejects.toMatchObject({ code: 1 });
    const curt = await start({ mqttVersions: [version], unsupportedVersion: 'close' });
    expect(await firstAnswer(agent, other)).toBe('20020001');
    expect(await firstAnswer(curt, other)).toBe('');
    expect(agent.records).toHaveLength(1);
  });
});

/** All bytes that the broker sends in answer to a CONNECT of this version before it closes the connection, hexadecimal. */
function firstAnswer(agent: LocalAgent, protocolVersion: 4 | 5): Promise<string> {
  const ca = readFileSync(agent.certificates.ca);
  return new Promise((resolve, reject) => {
    const socket = secure({ host: '127.0.0.1', port: agent.brokerPort, ca });
    const chunks: Buffer[] = [];
    socket.on('data', (bytes: Buffer) => void chunks.push(bytes));
    socket.on('error', reject);
    socket.on('close', () => resolve(Buffer.concat(chunks).toString('hex')));
    socket.write(
      mqttPacket.generate({ cmd: 'connect', clientId: 'job_one_1', protocolVersion, clean: true }),
    );
  });
}
