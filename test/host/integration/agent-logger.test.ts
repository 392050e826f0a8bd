import { mkdirSync, readFileSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { MqttClient } from 'mqtt';
import { type AgentOptions, type LocalAgent, VirtualClock } from '../../../scripts/local-agent/index.ts';
import { agentWith, cleanUpAgents, connectTo, newFolder, trustingThisProcess } from './agent-support.ts';

afterEach(cleanUpAgents);

const HOUR = 3_600_000;
const at = '2030-05-17T22:00:00Z';

async function logging(
  options: Partial<AgentOptions> = {},
): Promise<{ agent: LocalAgent; client: MqttClient }> {
  const agent = await agentWith([{ id: 'my-tool' }], {
    timeZone: 'UTC',
    ...trustingThisProcess(),
    ...options,
  });
  return { agent, client: await connectTo(agent, { clientId: 'job_my-tool_1', protocolVersion: 5 }) };
}

const say = (client: MqttClient, payload: object | string) =>
  client.publishAsync('KeeperLogger', typeof payload === 'string' ? payload : JSON.stringify(payload), {
    qos: 1,
  });
const record = (message: string, more: object = {}) => ({
  level: 'Warning',
  message,
  source: 'my-tool',
  timestamp: '2030-01-01T00:00:00.000Z',
  ...more,
});
const lines = (agent: LocalAgent) => readFileSync(agent.logFile, 'utf8').split('\n').slice(0, -1);
const files = (agent: LocalAgent) =>
  readdirSync(dirname(agent.logFile))
    .filter((name) => name !== 'Audit.log')
    .sort();

describe('KeeperLogger.log', () => {
  test('has one line for each record at or above the minimum level, Warning by default', async () => {
    const { agent, client } = await logging();
    for (const level of ['Debug', 'Information', 'Warning', 'Error', 'Critical'])
      await say(client, record(level, { level }));
    expect(lines(agent).map((line) => line.split(': ').at(-1))).toEqual(['Warning', 'Error', 'Critical']);
    expect(agent.records).toHaveLength(5);
  });

  test('has every one when the minimum is Debug; the case of a level does not matter, an unknown one is shown', async () => {
    const seen: string[] = [];
    const { agent, client } = await logging({ minimumLevel: 'Debug', onLogLine: (line) => seen.push(line) });
    for (const level of ['Debug', 'DEBUG', 'Verbose', 7]) await say(client, record('x', { level }));
    expect(lines(agent)).toHaveLength(4);
    expect(seen).toEqual(lines(agent));
  });

  test('says when, how grave, from where and what, and keeps further fields', async () => {
    const { agent, client } = await logging({ clock: new VirtualClock(at) });
    await say(client, record('words', { event: 'a.b', count: 2 }));
    expect(lines(agent)).toEqual([
      '2030-05-17T22:00:00.000Z [Warning] my-tool: words {"event":"a.b","count":2}',
    ]);
  });

  test('keeps a record on one line, whatever is in it', async () => {
    const { agent, client } = await logging();
    await say(client, record('a\nb\r\u2028\u0085\u001b[31m\u0000c', { source: 'x\n2030 [Error] fake' }));
    expect(lines(agent)).toHaveLength(1);
    expect(lines(agent)[0]).toMatch(
      /\[Warning\] x\\n2030 \[Error\] fake: a\\nb\\r\\u2028\\u0085\\u001b\[31m\\u0000c$/,
    );
  });

  test('is a new file at midnight; the old one has the name of its day', async () => {
    const clock = new VirtualClock(at);
    const { agent, client } = await logging({ clock });
    await say(client, record('before'));
    clock.advance(2 * HOUR);
    await say(client, record('after'));
    expect(files(agent)).toEqual(['KeeperLogger.log', 'KeeperLogger_20300517.log']);
    expect(lines(agent)).toHaveLength(1);
    clock.advance(48 * HOUR);
    await say(client, record('later'));
    expect(files(agent)).toEqual([
      'KeeperLogger.log',
      'KeeperLogger_20300517.log',
      'KeeperLogger_20300518.log',
    ]);
  });

  test("has the agent's own midnight", async () => {
    const clock = new VirtualClock(at);
    const { agent, client } = await logging({ clock, timeZone: 'Europe/Berlin' });
    await say(client, record('on the 18th there'));
    clock.advance(24 * HOUR);
    await say(client, record('on the 19th'));
    expect(files(agent)).toContain('KeeperLogger_20300518.log');
  });

  test('is a new file when it would be too large; the old one has the time in its name, and no line is lost', async () => {
    const clock = new VirtualClock(at);
    const root = newFolder();
    mkdirSync(join(root, 'Plugins'));
    const settings = { 'log.rotation.size_mb': 0.001 };
    const document = { id: 'KeeperPrivilegeManager', pluginType: 'Service', settings };
    writeFileSync(join(root, 'Plugins', 'KeeperPrivilegeManager.json'), JSON.stringify(document));
    const { agent, client } = await logging({ clock, root });
    // Two rotations fall into one second; the second of them waits.
    for (let n = 0; n < 30; n += 1) {
      await say(client, record(`${n} ${'x'.repeat(300)}`));
      if (n % 7 === 6) clock.advance(1000);
    }
    const rotated = files(agent).filter((name) => name !== 'KeeperLogger.log');
    expect(rotated.length).toBeGreaterThan(3);
    for (const name of rotated) expect(name).toMatch(/^KeeperLogger_20300517_22000\d\.log$/);
    const all = [...rotated, 'KeeperLogger.log'].flatMap((name) =>
      readFileSync(join(agent.root, 'Log', name), 'utf8')
        .trimEnd()
        .split('\n'),
    );
    expect(all.map((line) => Number(/my-tool: (\d+) /.exec(line)?.[1]))).toEqual(
      Array.from({ length: 30 }, (_, n) => n),
    );
  });

  test('goes on after a restart, or begins anew when the day has changed meanwhile', async () => {
    const clock = new VirtualClock(at);
    const { agent, client } = await logging({ clock });
    await say(client, record('one'));
    await agent.stop();
    utimesSync(agent.logFile, clock.now() / 1000, clock.now() / 1000);
    const { agent: same, client: again } = await logging({ clock, root: agent.root });
    await say(again, record('two'));
    expect(lines(same)).toHaveLength(2);
    await same.stop();
    utimesSync(agent.logFile, clock.now() / 1000, clock.now() / 1000);
    clock.advance(24 * HOUR);
    const { agent: next } = await logging({ clock, root: agent.root });
    expect(lines(next)).toEqual([]);
    expect(files(next)).toEqual(['KeeperLogger.log', 'KeeperLogger_20300517.log']);
  });

  test('rotated files are kept for fifteen days; nothing else is ever removed', async () => {
    const clock = new VirtualClock(at);
    const root = newFolder();
    mkdirSync(join(root, 'Log'));
    const old = ['KeeperLogger_20300501.log', 'KeeperLogger_20300501_120000.log'];
    const kept = ['KeeperLogger_20300502.log', 'KeeperLogger20300101.log', 'Other_20300101.log'];
    for (const name of [...old, ...kept]) writeFileSync(join(root, 'Log', name), 'x\n');
    const { agent, client } = await logging({ clock, root });
    expect(files(agent)).toEqual(['KeeperLogger.log', ...kept].sort());
    clock.advance(24 * HOUR);
    await say(client, record('x'));
    expect(files(agent)).not.toContain('KeeperLogger_20300502.log');
  });

  test('lies where the settings say', async () => {
    const root = newFolder();
    mkdirSync(join(root, 'Plugins'));
    const document = {
      id: 'KeeperPrivilegeManager',
      pluginType: 'Service',
      settings: { 'log.file.path': '{approot}/Elsewhere' },
    };
    writeFileSync(join(root, 'Plugins', 'KeeperPrivilegeManager.json'), JSON.stringify(document));
    const { agent } = await logging({ root });
    expect(agent.logFile).toBe(join(agent.root, 'Elsewhere', 'KeeperLogger.log'));
  });
});

describe('a payload', () => {
  const odd: readonly (readonly [string, object, RegExp])[] = [
    ['a missing field', { level: 'Error', message: 'x', source: 's' }, /field missing: timestamp/],
    ['an unknown field', record('x', { colour: 'red' }), /field unknown: colour/],
    ['a field that is no text', record('x', { source: 1 }), /field is not a string: source/],
    ['an unknown level', record('x', { level: 'Fatal' }), /level unknown: Fatal/],
    ['a timestamp without a zone', record('x', { timestamp: '2030-01-01 00:00:00' }), /timestamp/],
  ];

  test.each(odd)('with %s is taken, and pointed out once', async (_, payload, reason) => {
    const { agent, client } = await logging();
    await say(client, payload);
    await say(client, payload);
    expect(agent.records).toHaveLength(2);
    expect(agent.warnings).toMatchObject([{ kind: 'payload', jobId: 'my-tool', reason }]);
    expect(agent.audit).toEqual([]);
  });

  test.each(odd)(
    'with %s is refused in the strict mode, and fails the test that leaves it at that',
    async (_, payload, reason) => {
      const { agent, client } = await logging({ strict: true });
      await expect(say(client, payload)).rejects.toMatchObject({ code: 0x99 });
      expect(agent.records).toHaveLength(0);
      expect(agent.audit).toMatchObject([{ kind: 'payload', reason }]);
      await expect(agent.stop()).rejects.toThrow(reason);
      await agent.stop();
    },
  );

  test('may have further fields that the agent was told of', async () => {
    const payloadFields = { required: ['level', 'message'], optional: ['event'] };
    const { agent, client } = await logging({ strict: true, payloadFields });
    await say(client, { level: 'Error', message: 'x', event: 'a.b' });
    expect(agent.records).toHaveLength(1);
    await agent.stop();
  });

  test.each(['no JSON', '[1]', '"text"', 'null', '', '{"level":'])(
    '%j is no record in any mode',
    async (payload) => {
      const { agent, client } = await logging();
      await say(client, payload);
      expect(agent.records).toHaveLength(0);
      expect(agent.audit).toMatchObject([{ kind: 'payload', reason: /no JSON object/ }]);
    },
  );
});
