/** The log of agents that differ from the default one: other names, other places, other payloads. */
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { MqttClient } from 'mqtt';
import { type AgentOptions, type LocalAgent, VirtualClock } from '../../../scripts/local-agent/index.ts';
import {
  agentWith,
  call,
  cleanUpAgents,
  connectTo,
  newFolder,
  trustingThisProcess,
} from './agent-support.ts';

afterEach(cleanUpAgents);

const DAY = 86_400_000;
const at = '2030-05-17T22:00:00Z';

async function logging(options: Partial<AgentOptions>): Promise<{ agent: LocalAgent; client: MqttClient }> {
  const common = { timeZone: 'UTC', clock: new VirtualClock(at), ...trustingThisProcess() };
  const agent = await agentWith([{ id: 'my-tool' }], { ...common, ...options });
  return { agent, client: await connectTo(agent, { clientId: 'job_my-tool_1' }) };
}

const say = (client: MqttClient, payload: object) =>
  client.publishAsync('KeeperLogger', JSON.stringify(payload), { qos: 1 });
const record = (message: string, more: object = {}) => ({
  level: 'Warning',
  message,
  source: 'my-tool',
  timestamp: '2030-01-01T00:00:00.000Z',
  ...more,
});
const lines = (agent: LocalAgent) => readFileSync(agent.logFile, 'utf8').split('\n').slice(0, -1);
const files = (agent: LocalAgent) => readdirSync(dirname(agent.logFile)).sort();

/** A root whose agent rotates its log at about a kilobyte. */
function rootWithSmallLogs(): string {
  const root = newFolder();
  mkdirSync(join(root, 'Plugins'));
  const settings = { 'log.rotation.size_mb': 0.001 };
  const document = { id: 'KeeperPrivilegeManager', pluginType: 'Service', settings };
  writeFileSync(join(root, 'Plugins', 'KeeperPrivilegeManager.json'), JSON.stringify(document));
  return root;
}

describe('the log file', () => {
  const elsewhere = { logFolder: 'Plugins/bin/KeeperLogger/Log' };

  test('has the older name, one file for each day', async () => {
    const clock = new VirtualClock(at);
    const root = rootWithSmallLogs();
    const { agent, client } = await logging({ ...elsewhere, root, clock, logNaming: 'older' });
    for (let n = 0; n < 5; n += 1) await say(client, record('x'.repeat(500)));
    expect(files(agent)).toEqual(['KeeperLogger20300517.log']);
    clock.advance(DAY);
    await say(client, record('next day'));
    expect(files(agent)).toEqual(['KeeperLogger20300517.log', 'KeeperLogger20300518.log']);
    expect(agent.logFile).toBe(join(agent.root, elsewhere.logFolder, 'KeeperLogger20300518.log'));
    expect(lines(agent)).toEqual([expect.stringContaining('next day')]);
    clock.advance(20 * DAY);
    await say(client, record('much later'));
    expect(files(agent)).toEqual(['KeeperLogger20300607.log']);
  });

  test('has a number when it would be too large', async () => {
    const root = rootWithSmallLogs();
    const options = { ...elsewhere, root, logNaming: 'dated' } as const;
    const { agent, client } = await logging(options);
    for (const message of ['one', 'two', 'three']) await say(client, record(`${message} ${'x'.repeat(900)}`));
    const three = [
      'KeeperLogger20300517.log',
      'KeeperLogger20300517_001.log',
      'KeeperLogger20300517_002.log',
    ];
    expect(files(agent)).toEqual(three);
    expect(lines(agent)).toEqual([expect.stringContaining('three')]);
    await agent.stop();
    const { agent: again, client: second } = await logging(options);
    await say(second, record('four'));
    expect(files(again)).toEqual(three);
    expect(lines(again).map((line) => /three|four/.exec(line)?.[0])).toEqual(['three', 'four']);
  });

  test('lies where it was seen on machines, and the settings do not say so', async () => {
    const { agent, client } = await logging({ ...elsewhere, logPathInSettings: false });
    await say(client, record('here'));
    expect(readFileSync(join(agent.root, elsewhere.logFolder, 'KeeperLogger.log'), 'utf8')).toMatch(
      /here\n$/,
    );
    const { body } = await call(agent, '/api/PluginSettings/KeeperPrivilegeManager');
    expect(body).toHaveProperty(['log.retention.days']);
    expect(body).not.toHaveProperty(['log.file.path']);
  });
});

describe('a payload', () => {
  const expected = { Level: 'Error', Message: 'as expected', Source: 's', Timestamp: '2030-01-01T00:00:00Z' };

  test('has other names for its fields when told so', async () => {
    const { agent, client } = await logging({ payloadCase: 'Pascal' });
    await say(client, expected);
    expect(agent.warnings).toEqual([]);
    await say(client, record('not as expected'));
    expect(lines(agent)).toEqual([
      '2030-05-17T22:00:00.000Z [Error] s: as expected',
      expect.stringMatching(/ \[no level\] my-tool: {2}\{"level":"Warning","message":"not as expected"/),
    ]);
    const { agent: named, client: second } = await logging({
      payloadNames: { level: 'severity', message: 'msg' },
    });
    const { level: severity, message: msg, ...others } = record('words');
    await say(second, { severity, msg, ...others });
    expect(lines(named)).toEqual(['2030-05-17T22:00:00.000Z [Warning] my-tool: words']);
    expect(named.warnings).toEqual([]);
  });

  test('leaves out what it does not know, or the whole record', async () => {
    const { agent, client } = await logging({ payloadUnknown: 'drop-fields' });
    await say(client, record('words', { runId: 7 }));
    expect(lines(agent)).toEqual(['2030-05-17T22:00:00.000Z [Warning] my-tool: words']);
    const { agent: strictly, client: second } = await logging({
      payloadCase: 'Pascal',
      payloadUnknown: 'drop-record',
    });
    await say(second, record('in vain'));
    await say(second, { ...expected, runId: 7 });
    expect(lines(strictly)).toEqual(['2030-05-17T22:00:00.000Z [Error] s: as expected {"runId":7}']);
    expect(strictly.records).toHaveLength(1);
    expect(strictly.audit).toMatchObject([{ kind: 'payload', reason: /dropped: field missing: Level/ }]);
  });

  test.each([
    ['serilog', 'Fatal', 'Critical'],
    ['short', 'wrn', 'Warning'],
    ['numbers', 3, 'Warning'],
    ['numbers', '4', 'Error'],
  ] as const)('knows levels by other names: %s, %j instead of %s', async (levelNames, level, wrong) => {
    const { agent, client } = await logging({ levelNames, unknownLevel: 'information' });
    await say(client, record('right', { level }));
    await say(client, record('wrong', { level: wrong }));
    expect(lines(agent)).toEqual([expect.stringContaining(`[${level}] my-tool: right`)]);
    expect(agent.records).toHaveLength(2);
  });
});
