import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { mkdirSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { connect as secure } from 'node:tls';
import { X509Certificate } from 'node:crypto';
import { afterEach, describe, expect, test } from '@jest/globals';
import { type LocalAgent, layOutJob, startAgent } from '../../../scripts/local-agent/index.ts';
import {
  agentWith,
  call,
  cleanUpAgents,
  eventually,
  newFolder,
  nodeScript,
  told,
  trustingThisProcess,
} from './agent-support.ts';

afterEach(cleanUpAgents);

const SETTINGS = '/api/PluginSettings/KeeperPrivilegeManager';

function plugin(root: string, id: string, more: object = {}): void {
  mkdirSync(join(root, 'Plugins'), { recursive: true });
  const document = {
    id,
    pluginType: 'Executable',
    executablePath: `bin/${id}/${id}`,
    supportedPlatforms: ['Linux'],
    ...more,
  };
  writeFileSync(join(root, 'Plugins', `${id}.json`), JSON.stringify(document));
}

describe('the public tier', () => {
  test('answers anybody', async () => {
    const agent = await agentWith([{ id: 'on' }, { id: 'off', job: { enabled: false } }]);
    plugin(agent.root, 'MyBridge');
    agent.reloadJobs();
    expect((await call(agent, '/health')).body).toMatchObject({
      status: 'healthy',
      version: expect.any(String),
    });
    expect((await call(agent, '/')).body).toMatchObject({
      service: 'KeeperPrivilegeManager',
      status: 'running',
    });
    expect((await call(agent, '/api/system/status')).body).toEqual({
      running: true,
      pluginCount: 1,
      jobCount: { total: 2, enabled: 1 },
    });
    expect(agent.audit).toEqual([]);
  });

  test('the plain port only redirects', async () => {
    const agent = await agentWith([]);
    const answer = await new Promise<{ status: number | undefined; location: string | undefined }>(
      (resolve, reject) => {
        const pending = request(`${agent.httpBase}${SETTINGS}?a=b`, { method: 'PUT' }, (response) => {
          response.resume();
          resolve({ status: response.statusCode, location: response.headers.location });
        });
        pending.on('error', reject).end();
      },
    );
    expect(answer).toEqual({ status: 307, location: `${agent.apiBase}${SETTINGS}?a=b` });
  });

  test('an unknown path is 404, a wrong method 405, whatever the case of the letters', async () => {
    const agent = await agentWith([]);
    expect((await call(agent, '/api/nothing')).status).toBe(404);
    expect((await call(agent, '/health', { method: 'DELETE' })).status).toBe(405);
    expect((await call(agent, '/API/System/Status/')).status).toBe(200);
  });
});

describe('certificates', () => {
  const serverCertificate = (port: number) =>
    new Promise<X509Certificate>((resolve, reject) => {
      const socket = secure({ host: '127.0.0.1', port, rejectUnauthorized: false }, () => {
        const certificate = socket.getPeerX509Certificate();
        socket.destroy();
        if (certificate) resolve(certificate);
        else reject(new Error('no certificate'));
      });
      socket.on('error', reject);
    });

  test('are new at each start, signed by the authority that is exported; only the administrator has a lasting one', async () => {
    const root = newFolder();
    const prints: string[] = [];
    const admins: string[] = [];
    for (let start = 0; start < 2; start += 1) {
      const agent = await startAgent({ root });
      const authority = new X509Certificate(readFileSync(agent.certificates.ca));
      for (const port of [Number(new URL(agent.apiBase).port), agent.brokerPort]) {
        const certificate = await serverCertificate(port);
        expect(certificate.verify(authority.publicKey)).toBe(true);
        expect(certificate.checkIP('127.0.0.1')).toBe('127.0.0.1');
        expect(certificate.checkHost('localhost')).toBe('localhost');
        prints.push(certificate.fingerprint256);
      }
      admins.push(readFileSync(agent.certificates.adminKey, 'utf8'));
      expect(statSync(agent.certificates.adminKey).mode & 0o777).toBe(0o600);
      expect((await call(agent, '/api/Jobs', { asAdmin: true })).status).toBe(200);
      await agent.stop();
    }
    expect(new Set(prints).size).toBe(4);
    expect(new Set(admins).size).toBe(1);
    expect(readFileSync(join(root, 'Certificates', 'ca.crt'), 'utf8')).not.toContain('PRIVATE KEY');
  });
});

describe('Plugin Settings', () => {
  const values = async (agent: LocalAgent, path = SETTINGS) => (await call(agent, path)).body;

  test.each([
    ['flat', { 'broker.host': '127.0.0.1' }],
    ['nested', { broker: { host: '127.0.0.1', port: expect.any(Number) } }],
    ['wrapped', { pluginName: 'KeeperPrivilegeManager', settings: { 'broker.host': '127.0.0.1' } }],
    ['list', expect.arrayContaining([{ name: 'broker.host', value: '127.0.0.1' }])],
  ] as const)('come %s', async (settingsShape, expected) => {
    const agent = await agentWith([], { settingsShape, ...trustingThisProcess() });
    const body = await values(agent);
    if (settingsShape === 'list') expect(body).toEqual(expected);
    else expect(body).toMatchObject(expected);
  });

  test('have numbers as text when told so', async () => {
    const agent = await agentWith([], { portAs: 'string', ...trustingThisProcess() });
    expect(await values(agent)).toMatchObject({ 'broker.port': String(agent.brokerPort) });
    expect(await values(agent, `${SETTINGS}/broker.port`)).toEqual({
      name: 'broker.port',
      value: String(agent.brokerPort),
    });
  });

  test('stored ones come before the JSON on disk, and that before compiled defaults; revert drops what is stored', async () => {
    const root = newFolder();
    plugin(root, 'KeeperPrivilegeManager', { settings: { 'log.retention.days': 20, 'my.own': true } });
    const agent = await agentWith([], { root, ...trustingThisProcess() });
    const put = (path: string, body: unknown) => call(agent, path, { method: 'PUT', body });
    expect(await values(agent)).toMatchObject({
      'system.logging.level': 'Warning',
      'log.retention.days': 20,
      'my.own': true,
    });
    expect(await put(`${SETTINGS}/log.retention.days`, 30)).toMatchObject({
      status: 200,
      body: { value: 30 },
    });
    expect((await put(`${SETTINGS}/my.other`, 'text')).status).toBe(200);
    expect(await values(agent)).toMatchObject({ 'log.retention.days': 30, 'my.other': 'text' });
    expect((await put(`${SETTINGS}/my.other`, { a: 1 })).status).toBe(400);
    await agent.stop();

    const again = await agentWith([], { root, ...trustingThisProcess() });
    expect(await values(again)).toMatchObject({ 'log.retention.days': 30, 'my.other': 'text' });
    expect((await call(again, `${SETTINGS}/revert`, { method: 'POST' })).status).toBe(200);
    expect(await values(again)).toMatchObject({ 'log.retention.days': 20 });
    expect(await values(again)).not.toHaveProperty(['my.other']);
  });

  test('of all plugins are reverted at once; unknown names are 404', async () => {
    const root = newFolder();
    plugin(root, 'MyBridge', { settings: { size: 1 } });
    const agent = await agentWith([], { root, ...trustingThisProcess() });
    await call(agent, '/api/PluginSettings/MyBridge/size', { method: 'PUT', body: 2 });
    expect(await values(agent, '/api/PluginSettings/MyBridge')).toEqual({ size: 2 });
    await call(agent, '/api/PluginSettings/revert-all', { method: 'POST' });
    expect(await values(agent, '/api/PluginSettings/MyBridge/size')).toEqual({ name: 'size', value: 1 });
    for (const path of [
      '/api/PluginSettings/Nobody',
      '/api/PluginSettings/Nobody/x',
      `${SETTINGS}/nothing`,
    ]) {
      expect((await call(agent, path)).status).toBe(404);
    }
    expect((await call(agent, '/api/PluginSettings/Nobody/x', { method: 'PUT', body: 1 })).status).toBe(404);
    expect((await call(agent, '/api/PluginSettings/Nobody/revert', { method: 'POST' })).status).toBe(404);
  });

  test('a stored minimum level counts at once', async () => {
    const agent = await agentWith(
      [
        {
          id: 'my-tool',
          script: nodeScript(`
      const client = await connect();
      await client.publishAsync('KeeperLogger', record('quiet words', 'Information'), { qos: 1 });
      await client.endAsync();`),
        },
      ],
      trustingThisProcess(),
    );
    await agent.runJob('my-tool');
    expect(readFileSync(agent.logFile, 'utf8')).toBe('');
    await call(agent, `${SETTINGS}/system.logging.level`, { method: 'PUT', body: 'Information' });
    await agent.runJob('my-tool');
    expect(readFileSync(agent.logFile, 'utf8')).toContain('quiet words');
    expect(agent.records).toHaveLength(2);
  });
});

describe('the Jobs API', () => {
  const document = (id: string, more: object = {}) => ({
    id,
    name: id,
    enabled: true,
    tasks: [{ id: 'run', command: 'echo', arguments: '{Who}' }],
    ...more,
  });
  const asAdmin = (agent: LocalAgent, method: string, path: string, body?: unknown) =>
    call(agent, path, { asAdmin: true, method, body });

  test('is for administrators, save for the list: 401 for a stranger, 403 for a job', async () => {
    const script = nodeScript(`
      import { request } from 'node:https';
      const base = process.argv.find((a) => a.startsWith('--keeper')).split('=')[1];
      tell((await api('/api/Jobs')).body);
      tell((await api('/api/plugins')).status);
      request(base + '/api/Jobs/my-tool/run', { method: 'POST', rejectUnauthorized: false }, (response) => {
        tell(response.statusCode);
        response.resume();
      }).end();`);
    const agent = await agentWith([{ id: 'my-tool', script }]);
    const [list, plugins, run] = told(await agent.runJob('my-tool'));
    expect(list).toEqual([
      { id: 'my-tool', name: 'my-tool', description: 'SCENARIO: my-tool', enabled: true },
    ]);
    expect([plugins, run]).toEqual([200, 403]);
    expect((await call(agent, '/api/Jobs')).status).toBe(401);
    expect((await call(agent, '/api/Jobs/my-tool/run', { method: 'POST' })).status).toBe(401);
    expect((await asAdmin(agent, 'GET', '/api/Jobs')).status).toBe(200);
    expect(agent.runs).toHaveLength(1);
  });

  test('a client certificate of somebody else is none', async () => {
    const [mine, other] = [await agentWith([]), await agentWith([])];
    const forged = {
      ...mine,
      apiBase: mine.apiBase,
      certificates: { ...other.certificates, ca: mine.certificates.ca },
    };
    expect((await call(forged, '/api/Jobs', { asAdmin: true })).status).toBe(401);
  });

  test('creates, reads, updates and deletes', async () => {
    const agent = await agentWith([]);
    const made = document('made', { custom: { kept: true } });
    expect(await asAdmin(agent, 'POST', '/api/Jobs', made)).toMatchObject({
      status: 201,
      body: { id: 'made' },
    });
    expect(JSON.parse(readFileSync(join(agent.root, 'Jobs', 'made.json'), 'utf8'))).toEqual(made);
    expect((await asAdmin(agent, 'POST', '/api/Jobs', made)).status).toBe(409);
    expect((await asAdmin(agent, 'GET', '/api/Jobs/made')).body).toMatchObject({
      job: { id: 'made' },
      lastRun: null,
    });
    expect((await asAdmin(agent, 'PUT', '/api/Jobs/made', document('made', { name: 'New' }))).status).toBe(
      200,
    );
    expect((await asAdmin(agent, 'GET', '/api/Jobs')).body).toMatchObject([{ id: 'made', name: 'New' }]);
    expect((await asAdmin(agent, 'PUT', '/api/Jobs/made', document('other'))).status).toBe(400);
    expect((await asAdmin(agent, 'DELETE', '/api/Jobs/made')).status).toBe(200);
    expect(existsSync(join(agent.root, 'Jobs', 'made.json'))).toBe(false);
    for (const method of ['GET', 'PUT', 'DELETE']) {
      const body = method === 'PUT' ? document('made') : undefined;
      expect((await asAdmin(agent, method, '/api/Jobs/made', body)).status).toBe(404);
    }
  });

  test('refuses a document that is none, with what is wrong', async () => {
    const agent = await agentWith([]);
    const refused = await asAdmin(agent, 'POST', '/api/Jobs', document('bad_id'));
    expect(refused).toMatchObject({ status: 400, body: { problems: [expect.stringContaining('id:')] } });
    expect((await asAdmin(agent, 'POST', '/api/Jobs', document('../../etc/x'))).status).toBe(400);
    expect((await asAdmin(agent, 'POST', '/api/Jobs')).status).toBe(400);
    expect((await asAdmin(agent, 'POST', '/api/Jobs', 'x'.repeat(2 * 1024 * 1024))).status).toBe(413);
  });

  test('validates: the executable must exist only where osFilter lets the job run', async () => {
    const agent = await agentWith([{ id: 'there', script: '' }]);
    const validate = async (body: unknown) => (await asAdmin(agent, 'POST', '/api/Jobs/validate', body)).body;
    const task = { id: 'run', command: 'not-there' };
    const elsewhere = { windows: false, linux: false, macOS: false };
    expect(await validate(document('a', { tasks: [{ ...task, command: 'there' }] }))).toMatchObject({
      valid: true,
    });
    expect(await validate(document('a', { tasks: [task] }))).toMatchObject({
      valid: false,
      problems: [expect.stringContaining('Jobs/bin/not-there/not-there')],
    });
    expect(await validate(document('a', { tasks: [task], osFilter: elsewhere }))).toMatchObject({
      valid: true,
    });
    expect(await validate(document('a_b'))).toMatchObject({ valid: false });
    expect(await validate(document('a', { condition: { x: 1 } }))).toMatchObject({
      valid: true,
      warnings: [expect.stringContaining('mqttTopics'), expect.stringContaining('condition')],
    });
    expect((await asAdmin(agent, 'GET', '/api/Jobs')).body).toHaveLength(1);
  });

  test('runs, and triggers with parameters in either shape', async () => {
    const agent = await agentWith([{ id: 'off', job: { enabled: false } }]);
    await asAdmin(agent, 'POST', '/api/Jobs', document('says'));
    expect(await asAdmin(agent, 'POST', '/api/Jobs/says/run')).toMatchObject({
      status: 202,
      body: { runId: expect.any(Number) },
    });
    await asAdmin(agent, 'POST', '/api/Jobs/says/trigger', { Who: 'me' });
    await asAdmin(agent, 'POST', '/api/Jobs/says/trigger', { parameters: { Who: 'you' } });
    await agent.idle();
    const said = agent.runs.map(({ tasks }) => String(tasks[0]?.stdout.trim())).sort();
    expect(said).toEqual(['me', 'you', '{Who}']);
    expect((await asAdmin(agent, 'POST', '/api/Jobs/off/run')).status).toBe(409);
    expect((await asAdmin(agent, 'POST', '/api/Jobs/nobody/run')).status).toBe(404);
    expect((await asAdmin(agent, 'GET', '/api/Jobs/says')).body).toMatchObject({ lastRun: { exitCode: 0 } });
  });

  test('reloads', async () => {
    const agent = await agentWith([]);
    layOutJob(agent.root, { id: 'new' });
    expect((await asAdmin(agent, 'POST', '/api/Jobs/reload')).body).toEqual({
      loaded: ['new'],
      rejected: [],
    });
  });
});

describe('plugins', () => {
  test('are listed and not run; one that shares its executable with a job is pointed out', async () => {
    const root = newFolder();
    layOutJob(root, { id: 'shared', script: '#!/bin/sh\n' });
    plugin(root, 'MyBridge', { name: 'My bridge', executablePath: 'Jobs/bin/shared/shared' });
    plugin(root, 'broken', { pluginType: 'Nonsense' });
    const agent = await agentWith([], { root });
    expect((await call(agent, '/api/plugins', { asAdmin: true })).body).toEqual([
      { id: 'MyBridge', name: 'My bridge', status: 'Stopped', processId: null, lastStartTime: null },
    ]);
    expect(agent.warnings.map(({ reason }) => reason)).toEqual([
      expect.stringMatching(/Plugins\/broken\.json.*pluginType/),
      expect.stringMatching(/also the executable of plugin MyBridge/),
    ]);
    expect((await call(agent, '/api/plugins/MyBridge/start', { method: 'POST', asAdmin: true })).status).toBe(
      501,
    );
  });
});

test('a port that is taken is an error, and nothing is left behind', async () => {
  const agent = await agentWith([]);
  const httpsPort = Number(new URL(agent.apiBase).port);
  await expect(startAgent({ root: newFolder(), httpsPort })).rejects.toMatchObject({ code: 'EADDRINUSE' });
});

test('a call that is refused is on record, for a person too', async () => {
  const agent = await agentWith([]);
  await call(agent, SETTINGS);
  await eventually(() => agent.audit.length === 1);
  const [line] = readFileSync(agent.auditFile, 'utf8').trimEnd().split('\n');
  expect(JSON.parse(line ?? '')).toEqual(agent.audit[0]);
});
