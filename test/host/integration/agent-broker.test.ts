import { readFileSync } from 'node:fs';
import { type TLSSocket, connect as secure } from 'node:tls';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { MqttClient } from 'mqtt';
import mqttPacket, { type IConnectPacket, type Packet } from 'mqtt-packet';
import { type LocalAgent, layOutJob } from '../../../scripts/local-agent/index.ts';
import { matches } from '../../../scripts/local-agent/broker/topic-rules.ts';
import { agentWith, cleanUpAgents, connectTo, eventually, trustingThisProcess } from './agent-support.ts';

const sockets: TLSSocket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await cleanUpAgents();
});

const record = (message: string, level = 'Warning') =>
  JSON.stringify({ level, message, source: 'test', timestamp: '2030-01-01T00:00:00.000Z' });
const messages = (agent: LocalAgent) => agent.records.map(({ payload }) => payload['message']);
const kinds = (agent: LocalAgent) => agent.audit.map(({ kind }) => kind);

const jobs = [
  {
    id: 'one',
    publications: ['KeeperLogger', 'Jobs/one/events', 'room/1'],
    subscriptions: ['room/2', 'room/3'],
  },
  { id: 'two', publications: ['room/2', 'room/3', 'room/4'], subscriptions: [] },
];

describe.each([
  ['MQTT 3.1.1', 4],
  ['MQTT 5', 5],
] as const)('%s', (_, protocolVersion) => {
  const connect = (agent: LocalAgent, id: string, more = {}) =>
    connectTo(agent, { clientId: `job_${id}_1`, protocolVersion, ...more });

  test('what is allowed arrives once and in order, with every quality of service', async () => {
    const agent = await agentWith(jobs, trustingThisProcess());
    const client = await connect(agent, 'one');
    for (const qos of [0, 1, 2] as const)
      await client.publishAsync('KeeperLogger', record(`qos ${qos}`), { qos });
    await client.publishAsync('Jobs/one/events', 'hello', { qos: 1 });
    expect(messages(agent)).toEqual(['qos 0', 'qos 1', 'qos 2']);
    expect(agent.records.map(({ packetId }) => typeof packetId)).toEqual(['undefined', 'number', 'number']);
    expect(agent.records[0]).toMatchObject({ clientId: 'job_one_1', jobId: 'one', topic: 'KeeperLogger' });
    expect(agent.events).toMatchObject([{ jobId: 'one', topic: 'Jobs/one/events', payload: 'hello' }]);
    expect(agent.audit).toEqual([]);
  });

  test('what is not listed is acknowledged and dropped, and the connection stays up', async () => {
    const agent = await agentWith(jobs, trustingThisProcess());
    const [one, two] = await Promise.all([connect(agent, 'one'), connect(agent, 'two')]);
    for (const qos of [0, 1, 2] as const) await two.publishAsync('KeeperLogger', record('denied'), { qos });
    for (const topic of ['room/2', 'Room/1', 'room/1/x', 'room'])
      await one.publishAsync(topic, 'x', { qos: 1 });
    await one.publishAsync('KeeperLogger', record('after'), { qos: 1 });
    expect(messages(agent)).toEqual(['after']);
    expect(kinds(agent)).toEqual(Array.from({ length: 7 }, () => 'publish-denied'));
    expect(agent.audit[0]).toMatchObject({
      jobId: 'two',
      topic: 'KeeperLogger',
      reason: /allowedPublications/,
    });
    expect(one.connected && two.connected).toBe(true);
  });

  test('a subscription is granted either way, but only a listed one is ever served', async () => {
    const agent = await agentWith(jobs, trustingThisProcess());
    const [one, two] = await Promise.all([connect(agent, 'one'), connect(agent, 'two')]);
    const heard = listen(one);
    const granted = await one.subscribeAsync(['room/2', 'room/4', '#', 'room/3'], { qos: 1 });
    expect(granted.map(({ qos }) => qos)).toEqual([1, 1, 1, 1]);
    for (const topic of ['room/4', 'room/3', 'room/2']) await two.publishAsync(topic, topic, { qos: 1 });
    await eventually(() => heard.length === 2);
    expect(heard.sort()).toEqual(['room/2', 'room/3']);
    expect(kinds(agent)).toEqual(['subscribe-denied', 'subscribe-denied']);
    await one.unsubscribeAsync(['room/3', 'room/4']);
    for (const topic of ['room/3', 'room/2']) await two.publishAsync(topic, topic, { qos: 1 });
    await eventually(() => heard.length === 3);
    expect(heard.at(-1)).toBe('room/2');
  });

  test('each operation is held against the job document as it is then', async () => {
    const agent = await agentWith(jobs, trustingThisProcess());
    const client = await connect(agent, 'two');
    await client.publishAsync('KeeperLogger', record('before'), { qos: 1 });
    layOutJob(agent.root, { id: 'two', publications: ['KeeperLogger'] });
    agent.reloadJobs();
    await client.publishAsync('KeeperLogger', record('after'), { qos: 1 });
    await client.publishAsync('room/2', 'x', { qos: 1 });
    expect(messages(agent)).toEqual(['after']);
    expect(kinds(agent)).toEqual(['publish-denied', 'publish-denied']);
  });

  test('a session that is not clean is remembered', async () => {
    const agent = await agentWith(jobs, trustingThisProcess());
    const lasting = { clean: false, properties: { sessionExpiryInterval: 60 } };
    const first = await connect(agent, 'one', { ...lasting, clientId: 'raw_one' });
    await first.subscribeAsync('room/2', { qos: 1 });
    await first.endAsync();
    const two = await connect(agent, 'two');
    await two.publishAsync('room/2', 'meanwhile', { qos: 1 });
    const second = await rawClient(agent, 'one', protocolVersion, lasting);
    await eventually(() => second.heard.length > 1, 'the message');
    expect(second.heard).toMatchObject([
      { cmd: 'connack', sessionPresent: true },
      { cmd: 'publish', payload: Buffer.from('meanwhile') },
    ]);
  });

  test('a client that takes the id of another ends the other', async () => {
    const agent = await agentWith(jobs, trustingThisProcess());
    const first = await connect(agent, 'one');
    const reasons: unknown[] = [];
    first.on('disconnect', ({ reasonCode }) => void reasons.push(reasonCode));
    const closed = new Promise((resolve) => {
      first.once('close', () => resolve('closed'));
    });
    const second = await connect(agent, 'one');
    expect(await closed).toBe('closed');
    expect(agent.warnings).toMatchObject([{ kind: 'session', clientId: 'job_one_1', reason: /taken over/ }]);
    expect(reasons).toEqual(protocolVersion === 5 ? [0x8e] : []);
    await second.publishAsync('KeeperLogger', record('second'), { qos: 1 });
    expect(messages(agent)).toEqual(['second']);
  });

  test('a last will is published when the client is lost, not when it says goodbye, and only where it may', async () => {
    const agent = await agentWith(jobs, trustingThisProcess());
    const will = (topic: string) => ({
      will: { topic, payload: Buffer.from(record('lost')), qos: 1 as const },
    });
    await (await connect(agent, 'one', will('KeeperLogger'))).endAsync();
    (await connect(agent, 'two', will('KeeperLogger'))).stream.destroy();
    await eventually(() => kinds(agent).includes('publish-denied'));
    expect(messages(agent)).toEqual([]);
    (await connect(agent, 'one', will('KeeperLogger'))).stream.destroy();
    await eventually(() => messages(agent).includes('lost'));
  });

  test('payloads above 256 KiB are denied; a packet far above ends the connection', async () => {
    const agent = await agentWith(jobs, trustingThisProcess());
    const client = await connect(agent, 'one');
    const largest = record('x'.repeat(256 * 1024 - record('').length));
    expect(largest).toHaveLength(256 * 1024);
    await client.publishAsync('KeeperLogger', largest, { qos: 1 });
    await client.publishAsync('KeeperLogger', `${largest} `, { qos: 1 });
    expect(agent.records).toHaveLength(1);
    expect(kinds(agent)).toEqual(['publish-denied']);
    const raw = await rawClient(agent, 'one', protocolVersion);
    raw.send({
      cmd: 'publish',
      topic: 'KeeperLogger',
      payload: Buffer.alloc(1024 * 1024),
      qos: 0,
      dup: false,
      retain: false,
    });
    await raw.closed;
    expect(agent.audit.at(-1)?.reason).toMatch(/too large/);
  });

  test('a publish of quality 2 that is repeated before its release is one record', async () => {
    const agent = await agentWith(jobs, trustingThisProcess());
    const raw = await rawClient(agent, 'one', protocolVersion);
    const publish = {
      cmd: 'publish',
      messageId: 7,
      topic: 'KeeperLogger',
      payload: record('once'),
      qos: 2,
      retain: false,
    } as const;
    raw.send({ ...publish, dup: false });
    raw.send({ ...publish, dup: true });
    await eventually(() => raw.heard.length === 3);
    raw.send({ cmd: 'pubrel', messageId: 7 });
    await eventually(() => raw.heard.length === 4);
    expect(raw.heard.map(({ cmd }) => cmd)).toEqual(['connack', 'pubrec', 'pubrec', 'pubcomp']);
    raw.send({ ...publish, dup: false });
    await eventually(() => raw.heard.length === 5);
    expect(messages(agent)).toEqual(['once', 'once']);
  });

  test('who is silent for one and a half times the keep-alive is cut; who only publishes in vain is not', async () => {
    const agent = await agentWith(jobs, trustingThisProcess());
    const [silent, busy] = await Promise.all([
      rawClient(agent, 'one', protocolVersion, { keepalive: 1 }),
      rawClient(agent, 'two', protocolVersion, { keepalive: 1 }),
    ]);
    const vain = { cmd: 'publish', topic: 'denied', payload: '', qos: 0, dup: false, retain: false } as const;
    const timer = setInterval(() => busy.send(vain), 300);
    await silent.closed;
    clearInterval(timer);
    expect(busy.socket.destroyed).toBe(false);
  });
});

describe('the strict mode', () => {
  test('gives a client of MQTT 5 the reasons', async () => {
    const agent = await agentWith(jobs, { ...trustingThisProcess(), strict: true });
    const client = await connectTo(agent, { clientId: 'job_one_1', protocolVersion: 5 });
    for (const qos of [1, 2] as const) {
      await expect(client.publishAsync('elsewhere', 'x', { qos })).rejects.toMatchObject({ code: 0x87 });
      await expect(client.publishAsync('room/1', 'x'.repeat(300_000), { qos })).rejects.toMatchObject({
        code: 0x97,
      });
      await expect(client.publishAsync('KeeperLogger', 'no JSON', { qos })).rejects.toMatchObject({
        code: 0x99,
      });
      await client.publishAsync('KeeperLogger', record(`qos ${qos}`), { qos });
    }
    await expect(client.subscribeAsync('elsewhere')).rejects.toThrow('Not authorized');
    expect((await client.subscribeAsync('room/2', { qos: 1 })).map(({ qos }) => qos)).toEqual([1]);
    expect(messages(agent)).toEqual(['qos 1', 'qos 2']);
    await expect(agent.stop()).rejects.toThrow('2 odd payloads');
  });

  test('has no way to tell a client of MQTT 3.1.1, save for subscriptions', async () => {
    const agent = await agentWith(jobs, { ...trustingThisProcess(), strict: true });
    const client = await connectTo(agent, { clientId: 'job_one_1' });
    await client.publishAsync('elsewhere', 'x', { qos: 1 });
    await expect(client.subscribeAsync('elsewhere')).rejects.toThrow(/subscri/i);
    expect(kinds(agent)).toEqual(['publish-denied', 'subscribe-denied']);
  });
});

describe('topic lists', () => {
  test('are compared as they are written, unless told that they hold wildcards', async () => {
    const wild = [{ id: 'wild', publications: ['a/+', 'KeeperLogger/#'], subscriptions: ['b/+'] }];
    const exact = await agentWith(wild, trustingThisProcess());
    const lenient = await agentWith(wild, { ...trustingThisProcess(), topicMatching: 'wildcards' });
    for (const agent of [exact, lenient]) {
      const client = await connectTo(agent, { clientId: 'job_wild_1' });
      for (const topic of ['a/1', 'a/1/2', 'KeeperLogger'])
        await client.publishAsync(topic, record('x'), { qos: 1 });
      await client.subscribeAsync(['b/+', 'b/1', 'b/#']);
    }
    expect(exact.audit.map(({ topic }) => topic)).toEqual(['a/1', 'a/1/2', 'KeeperLogger', 'b/1', 'b/#']);
    expect(lenient.audit.map(({ topic }) => topic)).toEqual(['a/1/2', 'b/#']);
  });

  test.each([
    ['a/+', 'a/b', true],
    ['a/+', 'a', false],
    ['a/+', 'a/', true],
    ['+', 'a/b', false],
    ['a/#', 'a', true],
    ['a/#', 'a/b/c', true],
    ['#', 'a/b', true],
    ['a/+/c', 'a/b/c', true],
    ['a', 'a/b', false],
  ])('%s stands for %s: %s', (filter, topic, expected) => {
    expect(matches(filter, topic)).toBe(expected);
  });
});

test('MQTT 3.1 is refused, and so is whoever does not begin with CONNECT', async () => {
  const agent = await agentWith(jobs, trustingThisProcess());
  await expect(
    connectTo(agent, { clientId: 'job_one_1', protocolId: 'MQIsdp', protocolVersion: 3 }),
  ).rejects.toMatchObject({ code: 1 });
  const socket = tls(agent);
  socket.write(mqttPacket.generate({ cmd: 'pingreq' }));
  await new Promise((resolve) => {
    socket.once('close', resolve);
  });
});

/** The payloads that a client hears from now on. */
function listen(client: MqttClient): string[] {
  const heard: string[] = [];
  client.on('message', (_, payload) => void heard.push(payload.toString()));
  return heard;
}

function tls(agent: LocalAgent): TLSSocket {
  const socket = secure({
    host: '127.0.0.1',
    port: agent.brokerPort,
    ca: readFileSync(agent.certificates.ca),
  });
  socket.on('error', () => {});
  sockets.push(socket);
  return socket;
}

/** A client that says what it is told to, and remembers every packet that it hears. */
async function rawClient(
  agent: LocalAgent,
  jobId: string,
  protocolVersion: 4 | 5,
  more: Partial<IConnectPacket> = {},
) {
  const socket = tls(agent);
  const heard: Packet[] = [];
  const parser = mqttPacket.parser({ protocolVersion });
  parser.on('packet', (packet) => void heard.push(packet));
  socket.on('data', (bytes: Buffer) => void parser.parse(bytes));
  const closed = new Promise<void>((resolve) => {
    socket.once('close', () => resolve());
  });
  const send = (packet: Packet) => void socket.write(mqttPacket.generate(packet, { protocolVersion }));
  send({ cmd: 'connect', clientId: `raw_${jobId}`, protocolVersion, clean: true, keepalive: 0, ...more });
  await eventually(() => heard.length > 0, 'CONNACK');
  return { socket, heard, send, closed };
}
