/**
 * The task, unchanged, with a broker that is not ours: a real Mosquitto with TLS and an ACL file. The agent only says where
 * the broker is. Needs Debian's package `mosquitto`.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { connectAsync } from 'mqtt';
import { Authority } from '../../../scripts/local-agent/tls/authority.ts';
import { describeWith, installed } from '../../tool.ts';
import { agentWithJob, cleanUp, jobId, newFolder } from '../probe-under-test.ts';

let broker: ChildProcess | undefined;
let folder: string;

beforeEach(() => {
  folder = newFolder('mosquitto');
});
afterEach(async () => {
  broker?.kill();
  broker = undefined;
  await cleanUp();
});

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' ? (address?.port ?? 0) : 0));
    });
  });
}

/** Starts Mosquitto and resolves with its port once it listens. */
async function startMosquitto(acl: string): Promise<number> {
  const port = await freePort();
  const authority = await Authority.create('Mosquitto test CA');
  const { certificate, key } = await authority.server();
  const files = { certificate, key, acl: `${acl}\n`, configuration: '' };
  files.configuration = [
    `listener ${port} 127.0.0.1`,
    'user root',
    'allow_anonymous true',
    'log_dest stderr',
    `certfile ${folder}/certificate`,
    `keyfile ${folder}/key`,
    `acl_file ${folder}/acl`,
  ].join('\n');
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text, { mode: 0o600 });
  const child = spawn('mosquitto', ['-c', join(folder, 'configuration')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  broker = child;
  await new Promise<void>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`mosquitto ended with ${code}`)));
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      if (text.includes('running')) resolve();
    });
  });
  return port;
}

/** Everything that is published on KeeperLogger from now on. */
async function listen(port: number) {
  const events: unknown[] = [];
  const client = await connectAsync({
    protocol: 'mqtts',
    host: '127.0.0.1',
    port,
    rejectUnauthorized: false,
    clientId: 'listener',
  });
  client.on('message', (_, payload) => {
    const record: Readonly<Record<string, unknown>> = JSON.parse(payload.toString());
    events.push(record['event']);
  });
  await client.subscribeAsync('KeeperLogger', { qos: 1 });
  return { events, stop: () => client.endAsync() };
}

/** Runs the job with an agent whose settings name this broker. */
async function runJob(port: number, extra: readonly string[] = []) {
  const root = newFolder('agent');
  mkdirSync(join(root, 'Storage'));
  const settings = { KeeperPrivilegeManager: { 'broker.port': port } };
  writeFileSync(join(root, 'Storage', 'plugin-settings.json'), JSON.stringify(settings));
  // The records go to Mosquitto only: a log of the agent without them would show that they are denied.
  const agent = await agentWithJob([...extra, '--store=1'], {
    root,
    logFolder: 'elsewhere',
    logPathInSettings: false,
  });
  const { exitCode } = await agent.runJob(jobId);
  expect(agent.records).toEqual([]);
  return exitCode;
}

const all = [
  'run.started',
  'agent.settings-read',
  'agent.broker-connected',
  'probe.working',
  'probe.item',
  'run.summary',
  'run.ended',
];

const probeTopic = 'topic write Jobs/probe/probe';

describeWith(installed('mosquitto'))('a real Mosquitto', () => {
  test.each(['3.1.1', '5', 'auto'])('takes the same records, over MQTT %s', async (version) => {
    const port = await startMosquitto(`topic readwrite KeeperLogger\n${probeTopic}`);
    const listener = await listen(port);
    expect(await runJob(port, [`--mqtt-version=${version}`])).toBe(0);
    await listener.stop();
    expect(listener.events).toEqual(all);
  });

  test('that denies the topic: silent with MQTT 3.1.1, told with MQTT 5', async () => {
    const port = await startMosquitto(`topic read KeeperLogger\n${probeTopic}`);
    const listener = await listen(port);
    expect(await runJob(port, ['--mqtt-version=3.1.1'])).toBe(0);
    expect(await runJob(port)).toBe(77);
    await listener.stop();
    expect(listener.events).toEqual([]);
  });
});
