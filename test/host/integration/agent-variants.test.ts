/** Agents that differ from the default one: what they trust, how they answer, where they listen. */
import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect as secure } from 'node:tls';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { LocalAgent } from '../../../scripts/local-agent/index.ts';
import {
  agentWith,
  call,
  cleanUpAgents,
  connectTo,
  eventually,
  newFolder,
  nodeScript,
  told,
  trustingThisProcess,
} from './agent-support.ts';

afterEach(cleanUpAgents);

const SETTINGS = '/api/PluginSettings/KeeperPrivilegeManager';
const id = 'my-tool';

describe('a job', () => {
  test('is refused when signatures are required, unless its executable is listed', async () => {
    const script = nodeScript(`
      tell((await api('${SETTINGS}')).status);
      const port = Number(process.argv.find((argument) => argument.startsWith('--port=')).slice(7));
      for (const protocolVersion of [4, 5]) {
        await connect({ port, protocolVersion }).then(
          (client) => client.endAsync().then(() => tell('connected')),
          ({ code }) => tell(code),
        );
      }`);
    const task = { arguments: '--keeper-api-base={KeeperApiBaseUrl} --port={Port}' };
    const run = (agent: LocalAgent) => agent.runJob(id, { parameters: { Port: String(agent.brokerPort) } });
    const agent = await agentWith([{ id, script, task }], { requireSignature: true });
    expect(told(await run(agent))).toEqual([403, 5, 0x87]);
    const refused = { jobId: id, reason: expect.stringMatching(/executable has no trusted signature/) };
    expect(agent.audit).toMatchObject([
      { kind: 'call-refused', ...refused },
      { kind: 'connection-refused', ...refused },
      { kind: 'connection-refused', ...refused },
    ]);
    const signed = { requireSignature: true, ...trustingThisProcess() };
    const trusting = await agentWith([{ id, script, task }], signed);
    expect(told(await run(trusting))).toEqual([200, 'connected', 'connected']);
  });

  test.each([
    ['literal', () => '{KeeperApiBaseUrl}'],
    ['wrong-port', () => 'https://127.0.0.1:1'],
    ['substituted', ({ apiBase }: LocalAgent) => apiBase],
  ] as const)('has a base URL that is %s when told so', async (apiBaseUrl, expected) => {
    const agent = await agentWith([{ id, script: '#!/bin/sh\necho "$1"\n' }], { apiBaseUrl });
    const [task] = (await agent.runJob(id)).tasks;
    expect(task?.stdout).toBe(`--keeper-api-base=${expected(agent)}\n`);
  });
});

describe('credentials of the broker', () => {
  test('must be given when the broker wants them', async () => {
    const brokerCredentials = { user: 'job', password: 'p:ä' };
    const agent = await agentWith([{ id }], { brokerCredentials, ...trustingThisProcess() });
    const connect = (options: object) => connectTo(agent, { clientId: id, ...options });
    for (const wrong of [{}, { username: 'job' }, { username: 'job', password: 'x' }, { username: 'x' }]) {
      await expect(connect(wrong)).rejects.toMatchObject({ code: 4 });
      await expect(connect({ ...wrong, protocolVersion: 5 })).rejects.toMatchObject({ code: 0x86 });
    }
    await connect({ username: 'job', password: 'p:ä' });
    expect(agent.audit.map(({ kind }) => kind)).toEqual(
      Array.from({ length: 8 }, () => 'connection-refused'),
    );
    expect(readFileSync(agent.auditFile, 'utf8')).not.toContain(brokerCredentials.password);
  });
});

/** Why a client that expects this name refuses the certificate of a port; undefined if it accepts it. */
function refusal(agent: LocalAgent, port: number, servername: string | undefined) {
  return new Promise<string | undefined>((resolve) => {
    const name = servername === undefined ? {} : { servername };
    const ca = readFileSync(agent.certificates.ca);
    const socket = secure({ host: '127.0.0.1', port, ca, ...name }, () => {
      socket.destroy();
      resolve(undefined);
    });
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code));
  });
}

const ports = (agent: LocalAgent) => [Number(new URL(agent.apiBase).port), agent.brokerPort];

describe('certificates', () => {
  test.each([
    ['localhost', 'ERR_TLS_CERT_ALTNAME_INVALID', undefined],
    ['127.0.0.1', undefined, 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ])('are for %s alone when told so', async (name, byAddress, byName) => {
    const agent = await agentWith([], { certificateNames: [name] });
    for (const port of ports(agent)) {
      expect(await refusal(agent, port, undefined)).toBe(byAddress);
      expect(await refusal(agent, port, 'localhost')).toBe(byName);
    }
  });

  test('are their own authorities when told so', async () => {
    const agent = await agentWith([], { selfSigned: true });
    const issuers = readFileSync(agent.certificates.ca, 'utf8')
      .split(/(?<=-----END CERTIFICATE-----\n)/)
      .filter((text) => text.trim() !== '')
      .map((text) => new X509Certificate(text));
    expect(issuers.map(({ subject, ca }) => [subject, ca])).toEqual([
      ['CN=Localhost', false],
      ['CN=Localhost', false],
    ]);
    const check = async () => {
      for (const port of ports(agent)) expect(await refusal(agent, port, 'localhost')).toBeUndefined();
    };
    await check();
    await agent.restartBroker();
    await check();
    agent.faults.certificate = 'expired';
    for (const port of ports(agent)) {
      expect(await refusal(agent, port, 'localhost')).toBe('CERT_HAS_EXPIRED');
    }
  });
});

describe('the settings', () => {
  const start = (options: object) => agentWith([], { ...trustingThisProcess(), ...options });
  const get = async (agent: LocalAgent, path = '') => (await call(agent, `${SETTINGS}${path}`)).body;

  test('are spelled in capitals, whatever their shape', async () => {
    const settingsCase = 'Pascal';
    const flat = await start({ settingsCase });
    const port = flat.brokerPort;
    expect(await get(flat)).toMatchObject({ 'Broker.Port': port, 'Log.Rotation.SizeMb': 10 });
    expect(await get(flat, '/broker.port')).toEqual({ Name: 'Broker.Port', Value: port });
    const nested = await start({ settingsCase, settingsShape: 'nested' });
    expect(await get(nested)).toMatchObject({ Broker: { Host: '127.0.0.1', Port: nested.brokerPort } });
    const list = await start({ settingsCase, settingsShape: 'named-list', portAs: 'string' });
    const setting = { SettingName: 'Broker.Port', SettingValue: String(list.brokerPort) };
    expect(await get(list)).toEqual({ Settings: expect.arrayContaining([setting]) });
    expect(await get(list, '/Broker.Port')).toEqual(setting);
  });

  test('are wrapped in data when told so', async () => {
    const agent = await start({ settingsShape: 'data' });
    expect(await get(agent)).toMatchObject({ data: { 'broker.port': agent.brokerPort } });
    expect(await get(agent, '/broker.port')).toEqual({
      data: { name: 'broker.port', value: agent.brokerPort },
    });
  });

  test.each([
    ['all', 200, 404],
    ['each', 404, 200],
    ['both', 200, 200],
  ] as const)('are answered to one kind of call when told so: %s', async (settingsRequests, all, each) => {
    const agent = await start({ settingsRequests });
    expect((await call(agent, SETTINGS)).status).toBe(all);
    expect((await call(agent, `${SETTINGS}/broker.port`)).status).toBe(each);
  });
});

describe("the API's port", () => {
  const settingsFile = (root: string) => join(root, 'appsettings.json');
  const read = (root: string): unknown => JSON.parse(readFileSync(settingsFile(root), 'utf8'));

  test('is in appsettings.json, beside what others have written there', async () => {
    const root = newFolder();
    writeFileSync(settingsFile(root), JSON.stringify({ Logging: {}, Settings: { Other: 1 } }));
    const agent = await agentWith([], { root });
    const [api] = ports(agent);
    expect(read(root)).toEqual({ Logging: {}, Settings: { Other: 1, KestrelHttpsPort: api } });
    const without = await agentWith([], { appSettings: false });
    expect(existsSync(settingsFile(without.root))).toBe(false);
    writeFileSync(settingsFile(without.root), 'no JSON');
    await expect(agentWith([], { root: without.root })).rejects.toThrow(/appsettings.json is no JSON object/);
  });

  test('is another one after a restart, with another authority; a running job asks again and continues', async () => {
    const script = nodeScript(`
      import { readFileSync } from 'node:fs';
      const pause = () => new Promise((resolve) => setTimeout(resolve, 20));
      const base = () =>
        'https://127.0.0.1:' + JSON.parse(readFileSync('appsettings.json', 'utf8')).Settings.KestrelHttpsPort;
      const before = base();
      const first = await connect();
      const closed = new Promise((resolve) => first.once('close', resolve));
      tell('connected');
      await closed;
      while (base() === before) await pause();
      const again = async () => {
        const { body } = await api('${SETTINGS}/broker.port', base());
        return await connect({ port: body.value });
      };
      let second;
      while (second === undefined) {
        second = await again().catch(() => undefined);
        if (second === undefined) await pause();
      }
      await second.publishAsync('KeeperLogger', record('after'), { qos: 1 });
      await second.endAsync();`);
    const said: string[] = [];
    const agent = await agentWith([{ id, script }], { onTaskOutput: ({ line }) => void said.push(line) });
    const before = { ports: ports(agent), ca: readFileSync(agent.certificates.ca, 'utf8') };
    const running = agent.runJob(id);
    await eventually(() => said.includes('"connected"'), 'the connection');
    await agent.restartAgent({ port: 'new' });
    for (const port of ports(agent)) expect(before.ports).not.toContain(port);
    expect(readFileSync(agent.certificates.ca, 'utf8')).not.toBe(before.ca);
    expect((await running).tasks).toMatchObject([{ exitCode: 0, stderr: '' }]);
    expect(agent.records.map(({ payload }) => payload['message'])).toEqual(['after']);
    expect((await call(agent, '/health')).status).toBe(200);
  });
});
