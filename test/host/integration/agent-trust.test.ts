import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { type Socket, connect, createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { LocalAgent } from '../../../scripts/local-agent/index.ts';
import { listenOnLoopback } from '../../../scripts/local-agent/loopback-server.ts';
import { ExecutableAllowList } from '../../../scripts/local-agent/trust/allow-list.ts';
import { startTime } from '../../../scripts/local-agent/trust/process-info.ts';
import { ProcessRegistry } from '../../../scripts/local-agent/trust/process-registry.ts';
import { Trust } from '../../../scripts/local-agent/trust/trust.ts';
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

const usesBoth = nodeScript(`
  tell((await api('${SETTINGS}')).status);
  const client = await connect();
  await client.publishAsync('KeeperLogger', record('hello'), { qos: 1 });
  await client.endAsync();`);

describe('a process that the agent started', () => {
  test('may read the settings and log, from its first moment on', async () => {
    const agent = await agentWith([{ id: 'my-tool', script: usesBoth }]);
    expect(told(await agent.runJob('my-tool'))).toEqual([200]);
    expect(agent.records.map(({ payload }) => payload['message'])).toEqual(['hello']);
    expect(agent.audit).toEqual([]);
  });

  test('gives no trust to what it starts itself, unless told otherwise', async () => {
    const script = nodeScript(`
      import { spawnSync } from 'node:child_process';
      if (process.argv.includes('child')) {
        tell((await api('${SETTINGS}')).status);
        await connect().then(() => tell('connected'), (error) => tell(error.message));
        process.exit();
      }
      spawnSync(process.argv[1], [...process.argv.slice(2), 'child'], { stdio: 'inherit' });`);
    const agent = await agentWith([{ id: 'parent', script }]);
    const [status] = told(await agent.runJob('parent'));
    expect(status).toBe(401);
    const reason = /is a child process of job parent; only the process that the agent started is trusted/;
    const refused = { kind: 'call-refused', jobId: 'parent', reason };
    expect(agent.audit).toMatchObject([refused, refused]);
    const lenient = await agentWith([{ id: 'parent', script }], { trustChildren: true });
    expect(told(await lenient.runJob('parent'))).toEqual([200, 'connected']);
  });

  test('is no longer trusted when it has ended, nor is who inherited its connection', async () => {
    // The child gets the socket's descriptor; the parent ends; the child speaks TLS over it.
    const script = nodeScript(`
      import { spawn } from 'node:child_process';
      import { connect as open, Socket } from 'node:net';
      import { connect as secure } from 'node:tls';
      if (process.argv[2] === 'child') {
        const parent = Number(process.argv[3]);
        while (process.ppid === parent) await new Promise((resolve) => setTimeout(resolve, 5));
        const tls = secure({ socket: new Socket({ fd: 3 }), rejectUnauthorized: false }, () => {
          tls.write('GET ${SETTINGS} HTTP/1.1\\r\\nhost: localhost\\r\\nconnection: close\\r\\n\\r\\n');
        });
        tls.on('data', (bytes) => tell(String(bytes).split('\\r\\n')[0]));
        tls.on('end', () => process.exit());
      } else {
        const { port } = new URL(process.argv.find((a) => a.startsWith('--keeper')).split('=')[1]);
        const socket = open(Number(port), '127.0.0.1', () => {
          const stdio = ['ignore', 'inherit', 'inherit', socket];
          spawn(process.argv[1], ['child', process.pid], { detached: true, stdio });
          process.exit();
        });
      }`);
    const agent = await agentWith([{ id: 'heir', script }], { reapChildren: false });
    expect(told(await agent.runJob('heir'))).toEqual(['HTTP/1.1 401 Unauthorized']);
    expect(agent.audit).toMatchObject([{ kind: 'call-refused', call: `GET ${SETTINGS}` }]);
  });

  test('has its connection to the broker cut some time after its end, whoever holds it', async () => {
    const marker = join(newFolder(), 'cut');
    const script = nodeScript(`
      import { spawn } from 'node:child_process';
      import { writeFileSync } from 'node:fs';
      import { connect as open, Socket } from 'node:net';
      import { connect as secure } from 'node:tls';
      import mqttPacket from ${JSON.stringify(import.meta.resolve('mqtt-packet'))};
      if (process.argv[2] === 'child') {
        const socket = new Socket({ fd: 3 }).resume();
        socket.on('close', () => writeFileSync(${JSON.stringify(marker)}, ''));
      } else {
        const { body } = await api('${SETTINGS}/broker.port');
        const socket = open(body.value, '127.0.0.1');
        const tls = secure({ socket, rejectUnauthorized: false });
        tls.write(mqttPacket.generate({ cmd: 'connect', clientId: 'job_heir', clean: true, keepalive: 0 }));
        tls.once('data', () => {
          const stdio = ['ignore', 'ignore', 'ignore', socket];
          spawn(process.argv[1], ['child'], { detached: true, stdio });
          process.exit();
        });
      }`);
    const agent = await agentWith([{ id: 'heir', script }], { reapChildren: false });
    expect((await agent.runJob('heir')).tasks[0]?.stderr).toBe('');
    expect(existsSync(marker)).toBe(false);
    await eventually(() => existsSync(marker), 'the cut');
  });

  test('must name its own job in the client id', async () => {
    const script = nodeScript(`
      for (const clientId of ['job_other_1', 'mytool', 'my-tool', 'x_my-tool', '', 'job_my-tool_1']) {
        await connect({ clientId }).then((client) => client.endAsync().then(() => tell(0)), ({ code }) => tell(code));
      }`);
    const agent = await agentWith([{ id: 'my-tool', script }, { id: 'other' }]);
    expect(told(await agent.runJob('my-tool'))).toEqual([2, 2, 0, 0, 2, 0]);
    expect(agent.audit).toHaveLength(3);
    expect(agent.audit[0]).toMatchObject({
      kind: 'connection-refused',
      clientId: 'job_other_1',
      reason: /client id/,
    });
  });

  test('names it in the way that a pattern says, where one is given', async () => {
    const script = nodeScript(`
      for (const clientId of ['job_my-tool_1', 'keeper/my-tool', 'keeper/other']) {
        await connect({ clientId }).then((client) => client.endAsync().then(() => tell(0)), ({ code }) => tell(code));
      }`);
    const clientIdPattern = /^keeper\/(?<jobId>[\w-]+)$/;
    const agent = await agentWith([{ id: 'my-tool', script }, { id: 'other' }], { clientIdPattern });
    expect(told(await agent.runJob('my-tool'))).toEqual([2, 0, 2]);
  });
});

describe('any other process', () => {
  test('is refused, by the API with 401 and by the broker with "not authorised"', async () => {
    const agent = await agentWith([{ id: 'my-tool' }]);
    expect((await call(agent, SETTINGS)).status).toBe(401);
    await expect(connectTo(agent, { clientId: 'job_my-tool_1' })).rejects.toMatchObject({ code: 5 });
    await expect(connectTo(agent, { clientId: 'job_my-tool_1', protocolVersion: 5 })).rejects.toMatchObject({
      code: 0x87,
    });
    expect(agent.audit.map(({ kind }) => kind)).toEqual([
      'call-refused',
      'connection-refused',
      'connection-refused',
    ]);
  });

  test('is let in when its executable is listed, and then has the rights of the job that it names', async () => {
    const agent = await agentWith([{ id: 'my-tool' }], trustingThisProcess());
    expect((await call(agent, SETTINGS)).status).toBe(200);
    const client = await connectTo(agent, { clientId: 'job_my-tool_1' });
    await client.publishAsync(
      'KeeperLogger',
      '{"level":"Error","message":"m","source":"s","timestamp":"2030-01-01T00:00:00Z"}',
      { qos: 1 },
    );
    expect(agent.records).toHaveLength(1);
    await expect(connectTo(agent, { clientId: 'job_nobody_1' })).rejects.toMatchObject({ code: 2 });
  });

  test('is let in by the switch for systems that cannot tell', async () => {
    const agent = await agentWith([{ id: 'my-tool' }], { trustEveryone: true });
    expect((await call(agent, SETTINGS)).status).toBe(200);
    await connectTo(agent, { clientId: 'my-tool' });
  });
});

describe('a process id', () => {
  const children: ChildProcess[] = [];
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
  });

  /** A process that connects to this one, and the socket as it arrives here. */
  async function caller(): Promise<{ pid: number; socket: Socket; end: () => Promise<void> }> {
    const server = createServer();
    const port = await listenOnLoopback(server, 0);
    const script = `require('net').connect(${port}, '127.0.0.1'); setInterval(() => {}, 1000)`;
    const child = spawn(process.execPath, ['-e', script]);
    children.push(child);
    const socket = await new Promise<Socket>((resolve) => {
      server.once('connection', resolve);
    });
    server.close();
    const end = async () => {
      child.kill('SIGKILL');
      await once(child, 'exit');
    };
    return { pid: child.pid ?? 0, socket, end };
  }

  const trustIn = (registry: ProcessRegistry) =>
    new Trust({
      registry,
      allowList: new ExecutableAllowList([]),
      trustChildren: false,
      trustEveryone: false,
    });

  test('counts while the very process that was registered runs', async () => {
    const { pid, socket, end } = await caller();
    const registry = new ProcessRegistry();
    const trust = trustIn(registry);
    expect(trust.peerOf(socket)).toBeUndefined();
    const entry = registry.add(pid, 'my-tool');
    expect(trust.peerOf(socket)).toMatchObject({ kind: 'started', pid, process: { jobId: 'my-tool' } });
    registry.remove(entry);
    expect(trust.peerOf(socket)).toBeUndefined();
    registry.add(pid, 'my-tool');
    await end();
    expect(registry.live()).toEqual([]);
    socket.destroy();
  });

  test('that was given to another process does not', async () => {
    const { pid, socket } = await caller();
    const registry = new ProcessRegistry();
    // What /proc said when an earlier process had this id.
    const earlier = registry.add(pid, 'my-tool', String(Number(startTime(pid)) - 1));
    expect(registry.isLive(earlier)).toBe(false);
    expect(trustIn(registry).peerOf(socket)).toBeUndefined();
    socket.destroy();
  });
});

test('only the loopback address is listened on', async () => {
  const agent = await agentWith([]);
  const ports = (address: LocalAgent) =>
    [address.apiBase, address.httpBase].map((base) => Number(new URL(base).port));
  for (const port of [...ports(agent), agent.brokerPort]) {
    // Every address in 127.0.0.0/8 is this machine; a wildcard listener would answer on all of them.
    const socket = connect(port, '127.0.0.2');
    const error = await new Promise<Error>((resolve) => {
      socket.once('error', resolve);
    });
    expect(error).toMatchObject({ code: 'ECONNREFUSED' });
  }
});
