/** How the link presents itself to the broker, and how it finds a broker that has moved: with real servers. */
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { attempt, cleanUpHostile } from '../../../scripts/local-agent/hostile-agent.ts';
import { hostPlatform, loopbackHostPort } from '../../../src/host/platform/index.ts';
import { run } from '../../../src/host/run/run.ts';
import { posix, testWith } from '../../tool.ts';
import { CANARY, canaryParts } from '../canary.ts';
import { probe } from '../probe/probe.ts';
import { apiServer, brokerServer, newFolder, removeFolders, rootWith, settingsFor } from './link-support.ts';

afterEach(() => {
  cleanUpHostile();
  removeFolders();
});

/** A port on which nothing listens. */
const CLOSED = 9;

describe('--broker', () => {
  test('connects without a request to the API', async () => {
    const broker = await brokerServer();
    const api = await apiServer(() => 403);
    const link = { broker: loopbackHostPort(`localhost:${broker.port}`) };
    expect(await attempt(api.port, { link })).toMatchObject({
      kind: 'connected',
      events: ['agent.broker-connected'],
    });
    expect(api.asked).toEqual([]);
    expect(broker.clients).toHaveLength(1);
  });
});

describe('the CONNECT packet', () => {
  const connectWith = async (link: NonNullable<Parameters<typeof attempt>[1]>['link']) => {
    const broker = await brokerServer();
    const outcome = await attempt(CLOSED, {
      link: { broker: loopbackHostPort(`127.0.0.1:${broker.port}`), ...link },
    });
    return { ...outcome, client: broker.clients[0] };
  };
  const passwordFile = (content: string | Buffer) => {
    const file = join(newFolder(), 'password');
    writeFileSync(file, content, { mode: 0o600 });
    return file;
  };

  test('has the client id of the template', async () => {
    const { client } = await connectWith({
      clientIdTemplate: '{program}_{jobId}_{jobName}_{taskId}_{pid}_{host}_{time}_{uuid}',
      program: 'my-tool',
      jobName: '',
      taskId: 'run-it',
      pid: 42,
      host: 'machine',
    });
    expect(client?.clientId).toMatch(/^my-tool_hostile_hostile_run-it_42_machine_\d{8}T\d{6}Z_[\da-f-]{36}$/);
  });

  test('is not sent with an empty client id', async () => {
    const { kind, line, client } = await connectWith({ clientIdTemplate: '{taskId}' });
    expect([kind, client]).toEqual(['config', undefined]);
    expect(line).toMatch(/^--client-id-template produces an empty client id/);
  });

  test('has no credentials, a user, or a user and a password of any bytes', async () => {
    const credentials = async (link: Parameters<typeof connectWith>[0]) => {
      const { client } = await connectWith(link);
      return [client?.username, client?.password];
    };
    expect(await credentials({})).toEqual([undefined, undefined]);
    expect(await credentials({ mqttUser: 'job' })).toEqual(['job', undefined]);
    const bytes = Buffer.from([0x70, 0xff, 0xc3, 0xa9, 0x20]);
    for (const end of ['', '\n', '\r\n']) {
      const mqttPasswordFile = passwordFile(Buffer.concat([bytes, Buffer.from(end)]));
      expect(await credentials({ mqttUser: 'job', mqttPasswordFile })).toEqual(['job', bytes]);
    }
  });

  test.each(['', '\n', `${CANARY}\n${CANARY}\n`, `\n${CANARY}`, `${CANARY}\n\n`, CANARY.repeat(300)])(
    'is not sent if the password file is wrong (%#); the error does not repeat it',
    async (content) => {
      const mqttPasswordFile = passwordFile(content);
      const { kind, line, client } = await connectWith({ mqttUser: 'job', mqttPasswordFile });
      expect([kind, client]).toEqual(['config', undefined]);
      expect(line).toMatch(
        /^the MQTT password file .* (must contain only the password|is larger than 4096 bytes)/,
      );
      expect(canaryParts(line)).toEqual([]);
    },
  );

  testWith(posix)('is not sent if others may read the password file', async () => {
    const mqttPasswordFile = passwordFile('secret');
    chmodSync(mqttPasswordFile, 0o644);
    const { kind, line } = await connectWith({ mqttUser: 'job', mqttPasswordFile });
    expect([kind, line]).toEqual([
      'config',
      expect.stringMatching(/can be read .* by other users.*mode 600/),
    ]);
  });
});

test.each([
  [2, /refuses this client \(code 2\); possible causes: this process was not started by the agent/],
  [4, /possible causes: the broker requires a user name and password \(--mqtt-user/],
  [
    5,
    /not signed by a certificate .*client id has the wrong form \(--client-id-template\).*`hostile doctor`/,
  ],
])('a refusal with code %i names every possible cause and the command', async (code, said) => {
  const broker = await brokerServer({ code });
  const api = await apiServer(() => settingsFor(broker.port));
  const { kind, line } = await attempt(api.port);
  expect([kind, line]).toEqual(['agent-refused', expect.stringMatching(said)]);
});

describe('a broker that listens on another port after a restart', () => {
  /** An API whose settings name the current broker, and the way to move it. */
  const movable = async () => {
    let current = await brokerServer();
    const api = await apiServer(() => settingsFor(current.port));
    return {
      api,
      first: current,
      move: async () => {
        const old = current;
        current = await brokerServer();
        old.close();
        return current;
      },
    };
  };

  test('is found by asking again, and gets what the first one has not acknowledged', async () => {
    const { api, first, move } = await movable();
    const { connection, events } = await attempt(api.port, { timeout: 5000 });
    await connection?.publish('t', 'one');
    const second = await move();
    await connection?.publish('t', 'two');
    expect(first.publications.map(({ payload }) => String(payload))).toEqual(['one']);
    expect(second.publications.map(({ payload }) => String(payload))).toEqual(['two']);
    expect(second.clients[0]?.clientId).toBe(first.clients[0]?.clientId);
    expect(events).toEqual(['agent.settings-read', 'agent.broker-connected', 'agent.broker-moved']);
  });

  test('is found where the API has moved too', async () => {
    const first = await brokerServer();
    const second = await brokerServer();
    const firstApi = await apiServer(() => settingsFor(first.port));
    const secondApi = await apiServer(() => settingsFor(second.port));
    const link = { agentRoot: rootWith(secondApi.port) };
    const { connection, events } = await attempt(firstApi.port, { timeout: 5000, link });
    await connection?.publish('t', 'one');
    first.close();
    firstApi.close();
    await connection?.publish('t', 'two');
    expect(second.publications.map(({ payload }) => String(payload))).toEqual(['two']);
    expect(events.slice(2)).toEqual(['agent.api-base-replaced', 'agent.broker-moved']);
  });

  test('is found if the agent restarts between its answer and the connection', async () => {
    const broker = await brokerServer();
    const ports = [CLOSED, CLOSED, CLOSED, broker.port];
    const api = await apiServer(() => settingsFor(ports[api.asked.length - 1] ?? CLOSED));
    const { kind, events } = await attempt(api.port, { timeout: 5000 });
    expect([kind, api.asked.length]).toEqual(['agent-unreachable', 3]);
    ports.shift();
    api.asked.length = 0;
    const again = await attempt(api.port, { timeout: 5000 });
    expect(again.kind).toBe('connected');
    expect(events).toEqual(['agent.settings-read']);
    expect(again.events).toEqual(['agent.settings-read', 'agent.broker-moved', 'agent.broker-connected']);
  });

  test('is not asked for while the connection holds, nor after it was merely closed', async () => {
    const { api, first } = await movable();
    const { connection } = await attempt(api.port, { timeout: 5000 });
    await connection?.publish('t', 'one');
    first.sockets[0]?.destroy();
    await connection?.publish('t', 'two');
    expect(first.clients).toHaveLength(2);
    expect(api.asked).toEqual(['']);
  });
});

describe('a run', () => {
  const start = (argv: readonly string[]) => {
    const said = { stdout: '', stderr: '' };
    const done = run(
      ['--agent-timeout=2s', ...argv],
      { KEEPER_JOB_ID: 'probe' },
      {
        loadTask: async () => probe,
        version: '1.0.0',
        platform: { ...hostPlatform({}), lowerPriority: () => undefined },
        stdout: { write: (text: string) => (said.stdout += text) },
        stderr: { write: (text: string) => (said.stderr += text) },
        signal: new AbortController().signal,
      },
    );
    return done.then((code) => ({ ...said, code }));
  };

  test('whose agent has not filled in its address reads the port from appsettings.json', async () => {
    const broker = await brokerServer();
    const api = await apiServer(() => settingsFor(broker.port));
    const ended = await start([
      '--keeper-api-base={KeeperApiBaseUrl}',
      `--agent-root=${rootWith(api.port)}`,
      `--state-dir=${join(newFolder(), 'state')}`,
      '--announce=1',
    ]);
    expect(ended).toMatchObject({ stdout: '', code: 0 });
    expect(ended.stderr).not.toContain('not acknowledged');
    const events = broker.publications.map(({ payload }) => String(JSON.parse(String(payload)).event));
    expect(events).toEqual(expect.arrayContaining(['agent.api-base-replaced', 'probe.item', 'run.ended']));
  });

  test('that cannot find its agent works all the same; the next one sends the records', async () => {
    const state = join(newFolder(), 'state');
    const report = join(newFolder(), 'report.json');
    const common = ['--announce=1', `--report=${report}`, `--state-dir=${state}`];
    const lost = await start([...common, '--keeper-api-base=', `--agent-root=${newFolder()}`]);
    expect(lost.code).toBe(69);
    expect(lost.stderr).toMatch(/records were not acknowledged, and the next run will send them/);
    expect(lost.stderr).toContain('the address of the agent');
    expect(JSON.parse(readFileSync(report, 'utf8'))).toMatchObject({ announced: [1] });
    const broker = await brokerServer();
    expect(
      (await start(['--announce=0', `--state-dir=${state}`, `--broker=127.0.0.1:${broker.port}`])).code,
    ).toBe(0);
    const items = broker.publications.filter(({ payload }) => String(payload).includes('"probe.item"'));
    expect(items).toHaveLength(1);
  });
});
