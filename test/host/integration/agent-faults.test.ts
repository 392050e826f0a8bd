import { readFileSync } from 'node:fs';
import { TLSSocket } from 'node:tls';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { IClientOptions, MqttClient } from 'mqtt';
import type { AgentOptions, LocalAgent } from '../../../scripts/local-agent/index.ts';
import {
  agentWith,
  call,
  cleanUpAgents,
  connectTo,
  eventually,
  trustingThisProcess,
} from './agent-support.ts';

afterEach(cleanUpAgents);

const SETTINGS = '/api/PluginSettings/KeeperPrivilegeManager';

const start = (options: Partial<AgentOptions> = {}) =>
  agentWith([{ id: 'my-tool' }], { ...trustingThisProcess(), ...options });
const connect = (agent: LocalAgent, options: IClientOptions = {}) =>
  connectTo(agent, { clientId: 'job_my-tool_1', ...options });
const say = (client: MqttClient, message: string) => {
  const record = { level: 'Warning', message, source: 'test', timestamp: '2030-01-01T00:00:00Z' };
  return client.publishAsync('KeeperLogger', JSON.stringify(record), { qos: 1 });
};
const messages = (agent: LocalAgent) => agent.records.map(({ payload }) => payload['message']);
const closed = (client: MqttClient) =>
  new Promise<void>((resolve) => {
    client.once('close', () => resolve());
  });

describe('the settings', () => {
  test.each([401, 403, 404, 500] as const)('answer %i', async (settings) => {
    const agent = await start({ faults: { settings } });
    expect((await call(agent, SETTINGS)).status).toBe(settings);
    expect((await call(agent, '/health')).status).toBe(200);
  });

  test('answer garbage, or a redirect off this machine', async () => {
    const agent = await start({ faults: { settings: 'garbage' } });
    expect(await call(agent, SETTINGS)).toMatchObject({ status: 200, body: undefined, text: /<html>/ });
    agent.faults.settings = 'redirect';
    const { status, headers } = await call(agent, `${SETTINGS}/broker.port`);
    expect(status).toBe(302);
    expect(headers['location']).toBe(`https://agent.invalid${SETTINGS}/broker.port`);
  });

  test.each(['trickle', 'hang'] as const)(
    '%s, and are right again when the fault is gone',
    async (settings) => {
      const agent = await start({ faults: { settings } });
      await expect(call(agent, SETTINGS, { timeout: 700 })).rejects.toThrow('aborted');
      agent.faults.settings = undefined;
      expect((await call(agent, SETTINGS)).status).toBe(200);
    },
  );
});

describe('the broker', () => {
  test('refuses connections, and those that stand go on', async () => {
    const agent = await start();
    const client = await connect(agent);
    agent.faults.broker = 'refuse';
    await expect(connect(agent)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await say(client, 'still here');
    expect(messages(agent)).toEqual(['still here']);
    agent.faults.broker = undefined;
    await eventually(() => agent.faults.broker === undefined);
    await say(await connect(agent, { clientId: 'other_my-tool' }), 'again');
    const refused = await start({ faults: { broker: 'refuse' } });
    await expect(connect(refused)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  test.each([
    [4, 5],
    [5, 0x87],
  ] as const)('authorises nobody, as version %i says it', async (protocolVersion, code) => {
    const agent = await start({ faults: { broker: 'not-authorised' } });
    await expect(connect(agent, { protocolVersion })).rejects.toMatchObject({ code });
    expect(agent.audit).toMatchObject([{ kind: 'connection-refused' }]);
  });

  test('hangs before CONNACK', async () => {
    const agent = await start({ faults: { broker: 'hang' } });
    await expect(connect(agent, { connectTimeout: 500 })).rejects.toThrow(/connack timeout/);
  });

  test('takes records and never acknowledges one', async () => {
    const agent = await start({ faults: { broker: 'no-ack' } });
    const client = await connect(agent);
    let isAcknowledged = false;
    for (const qos of [1, 2] as const) {
      client.publish('KeeperLogger', '{"level":"Error"}', { qos }, () => (isAcknowledged = true));
    }
    await eventually(() => agent.records.length === 2);
    // A subscription asked for afterwards is answered, so an acknowledgement would have come before.
    await client.subscribeAsync('anything');
    expect(isAcknowledged).toBe(false);
  });

  test('cuts a connection after so many packets, each one anew', async () => {
    const agent = await start({ faults: { dropAfterPackets: 3 } });
    for (const round of [1, 2]) {
      const client = await connect(agent);
      const end = closed(client);
      await say(client, `${round}: first`);
      await say(client, `${round}: second`);
      client.publish('KeeperLogger', '{}', { qos: 1 });
      await end;
    }
    expect(messages(agent)).toEqual(['1: first', '1: second', '2: first', '2: second']);
  });

  test('acknowledges what came before the nth in the same burst', async () => {
    const agent = await start({ faults: { closeAfterPublishes: 4 } });
    const client = await connect(agent);
    const end = closed(client);
    const acknowledged: string[] = [];
    for (const name of ['1', '2', '3', '4', '5']) {
      const payload = JSON.stringify({ level: 'Warning', message: name, source: 's', timestamp: 't' });
      client.publish('KeeperLogger', payload, { qos: 1 }, (error) => {
        if (!error) acknowledged.push(name);
      });
    }
    await end;
    expect(acknowledged).toEqual(['1', '2', '3']);
    expect(messages(agent)).toEqual(['1', '2', '3']);
  });

  test('closes the connection of every nth publication, which it does not take', async () => {
    const agent = await start({ faults: { closeAfterPublishes: 3 } });
    for (const round of [1, 2]) {
      const client = await connect(agent, { clientId: `${round}_my-tool` });
      const end = closed(client);
      await say(client, `${round}: first`);
      await say(client, `${round}: second`);
      client.publish('KeeperLogger', '{}', { qos: 1 });
      await end;
    }
    expect(messages(agent)).toEqual(['1: first', '1: second', '2: first', '2: second']);
  });

  test('dies and comes back, at the same port or at another, with a new certificate', async () => {
    const agent = await start();
    const print = ({ stream }: MqttClient) =>
      stream instanceof TLSSocket ? stream.getPeerX509Certificate()?.fingerprint256 : undefined;
    const first = await connect(agent);
    const before = { port: agent.brokerPort, print: print(first) };
    expect(before.print).toBeDefined();
    const end = closed(first);
    await agent.killBroker();
    await end;
    await expect(connect(agent)).rejects.toMatchObject({ code: 'ECONNREFUSED' });

    await agent.restartBroker();
    const second = await connect(agent);
    expect(agent.brokerPort).toBe(before.port);
    expect(print(second)).not.toBe(before.print);
    await say(second, 'back');

    await agent.restartBroker({ port: 'new' });
    expect(agent.brokerPort).not.toBe(before.port);
    expect((await call(agent, `${SETTINGS}/broker.port`)).body).toMatchObject({ value: agent.brokerPort });
    await say(await connect(agent), 'elsewhere');
    expect(messages(agent)).toEqual(['back', 'elsewhere']);
  });
});

describe('the certificate', () => {
  test.each([
    ['expired', 'CERT_HAS_EXPIRED'],
    ['other-host', 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ] as const)('is wrong (%s) on both ports, from the start or from now on', async (certificate, code) => {
    const faulty = await start({ faults: { certificate } });
    const turned = await start();
    expect((await call(turned, '/health')).status).toBe(200);
    turned.faults.certificate = certificate;
    for (const agent of [faulty, turned]) {
      await expect(call(agent, '/health')).rejects.toMatchObject({ code });
      await expect(connect(agent)).rejects.toMatchObject({ code });
      agent.faults.certificate = undefined;
      expect((await call(agent, '/health')).status).toBe(200);
      await connect(agent);
    }
  });
});

describe('the log', () => {
  test('cannot be written when the disk is full; records are taken all the same, and later ones are written', async () => {
    const agent = await start({ faults: { log: 'disk-full' } });
    const client = await connect(agent);
    await say(client, 'lost');
    agent.faults.log = undefined;
    await say(client, 'written');
    expect(messages(agent)).toEqual(['lost', 'written']);
    expect(readFileSync(agent.logFile, 'utf8')).toMatch(/^[^\n]*written\n$/);
    expect(agent.audit).toMatchObject([{ kind: 'log-file', reason: /ENOSPC/ }]);
  });
});
