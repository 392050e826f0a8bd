/** Clients that have nothing to do with this project: what works for them works for an integrator's own. */
import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect } from '@jest/globals';
import { type LocalAgent, fileHash } from '../../../scripts/local-agent/index.ts';
import { pathOf, installed, testWith } from '../../tool.ts';
import { agentWith, cleanUpAgents, connectTo, eventually, trustingThisProcess } from './agent-support.ts';

afterEach(cleanUpAgents);

const SETTINGS = '/api/PluginSettings/KeeperPrivilegeManager';
const withOpenssl = testWith(installed('openssl'));
const withCurl = testWith(installed('curl'));
const withPublisher = testWith(installed('mosquitto_pub'));
const withSubscriber = testWith(installed('mosquitto_sub'));
const withPython = testWith(installed('python3'), installed('mosquitto_pub'));

interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** Runs a program to its end, for ten seconds at most. */
function run(name: string, args: readonly string[], input = ''): Promise<Ended> {
  return new Promise((resolve) => {
    const child = execFile(name, args, { timeout: 10_000 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : null;
      resolve({ code, output: stdout + stderr });
    });
    // One that ends before it reads its input tells by its code what is to be known.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
  });
}

const allowing = (name: string) => ({
  allowedExecutables: [fileHash(realpathSync(pathOf(name) ?? ''))],
});
const record =
  '{"level":"Error","message":"from a stranger","source":"s","timestamp":"2030-01-01T00:00:00Z"}';
const mqtt = (agent: LocalAgent, ...more: string[]) => [
  ...Object.entries({ h: '127.0.0.1', p: agent.brokerPort, i: 'job_my-tool_1', q: 1 }).flatMap(
    ([flag, value]) => [`-${flag}`, String(value)],
  ),
  '--cafile',
  agent.certificates.ca,
  ...more,
];

describe('openssl', () => {
  withOpenssl('verifies both ports against the exported authority, and not without it', async () => {
    const agent = await agentWith([]);
    for (const port of [new URL(agent.apiBase).port, String(agent.brokerPort)]) {
      const verify = [
        's_client',
        '-connect',
        `127.0.0.1:${port}`,
        '-verify_return_error',
        '-verify_ip',
        '127.0.0.1',
      ];
      const known = await run('openssl', [...verify, '-CAfile', agent.certificates.ca]);
      expect(known.output).toContain('Verify return code: 0 (ok)');
      expect(known.code).toBe(0);
      expect((await run('openssl', verify)).code).not.toBe(0);
    }
  });

  withOpenssl('finds nothing odd in the certificates', async () => {
    const agent = await agentWith([]);
    const { ca, adminCertificate } = agent.certificates;
    expect(await run('openssl', ['verify', '-x509_strict', '-CAfile', ca, ca])).toMatchObject({ code: 0 });
    const { output } = await run('openssl', ['x509', '-noout', '-text', '-in', adminCertificate]);
    expect(output).toContain('TLS Web Client Authentication');
    expect(output).toContain('ASN1 OID: prime256v1');
  });
});

describe('curl', () => {
  const tls = (agent: LocalAgent) => ['-sS', '--max-time', '5', '--cacert', agent.certificates.ca];

  withCurl('is refused as a stranger, served when it is listed, and follows the plain port', async () => {
    const refusing = await agentWith([]);
    const status = ['-o', '/dev/null', '-w', '%{http_code}'];
    const url = (agent: LocalAgent) => `${agent.apiBase}${SETTINGS}`;
    expect((await run('curl', [...tls(refusing), ...status, url(refusing)])).output).toBe('401');
    const allowing_ = await agentWith([], allowing('curl'));
    const { output } = await run('curl', [...tls(allowing_), url(allowing_)]);
    expect(JSON.parse(output)).toMatchObject({ 'broker.port': allowing_.brokerPort });
    const plain = [...tls(allowing_), '-L', `${allowing_.httpBase}/health`];
    expect(JSON.parse((await run('curl', plain)).output)).toMatchObject({ status: 'healthy' });
  });

  withCurl('runs a job with the client certificate', async () => {
    const agent = await agentWith([{ id: 'my-tool', script: '#!/bin/sh\necho "$@"\n' }]);
    const { adminCertificate, adminKey } = agent.certificates;
    const credentials = ['--cert', adminCertificate, '--key', adminKey];
    const { output } = await run('curl', [
      ...tls(agent),
      ...credentials,
      '-X',
      'POST',
      `${agent.apiBase}/api/Jobs/my-tool/run`,
    ]);
    expect(JSON.parse(output)).toMatchObject({ jobId: 'my-tool', status: 'started' });
    await agent.idle();
    expect(agent.runs).toHaveLength(1);
  });
});

describe.each(['mqttv311', 'mqttv5'])('mosquitto clients with %s', (version) => {
  withPublisher('are refused as strangers, with the word of their version', async () => {
    const agent = await agentWith([{ id: 'my-tool' }]);
    const { code, output } = await run(
      'mosquitto_pub',
      mqtt(agent, '-V', version, '-t', 'KeeperLogger', '-m', record),
    );
    expect(code).toBe(version === 'mqttv5' ? 135 : 5);
    expect(output).toMatch(/not authori[sz]ed/i);
    expect(agent.records).toEqual([]);
    expect(agent.audit).toMatchObject([{ kind: 'connection-refused', clientId: 'job_my-tool_1' }]);
  });

  withPublisher(
    'publish when they are listed: what is allowed arrives, what is denied seems to',
    async () => {
      const agent = await agentWith([{ id: 'my-tool' }], allowing('mosquitto_pub'));
      for (const quality of ['0', '1', '2']) {
        const publish = (topic: string) =>
          mqtt(agent, '-V', version, '-q', quality, '-t', topic, '-m', record);
        expect(await run('mosquitto_pub', publish('KeeperLogger'))).toEqual({ code: 0, output: '' });
        expect(await run('mosquitto_pub', publish('denied'))).toEqual({ code: 0, output: '' });
      }
      await eventually(() => agent.records.length === 3 && agent.audit.length === 3);
      expect(agent.audit.map(({ kind, topic }) => `${kind} ${topic}`)).toEqual(
        Array.from({ length: 3 }, () => 'publish-denied denied'),
      );
    },
  );

  withPublisher('publish many lines over one connection, in order', async () => {
    const agent = await agentWith([{ id: 'my-tool' }], allowing('mosquitto_pub'));
    const lines = Array.from({ length: 500 }, (_, n) => record.replace('from a stranger', String(n)));
    const args = mqtt(agent, '-V', version, '-t', 'KeeperLogger', '-l');
    expect((await run('mosquitto_pub', args, `${lines.join('\n')}\n`)).code).toBe(0);
    await eventually(() => agent.records.length === 500);
    expect(agent.records.map(({ payload }) => payload['message'])).toEqual(lines.map((_, n) => String(n)));
  });

  withPublisher('hear the reason of a denial in the strict mode of MQTT 5', async () => {
    const agent = await agentWith([{ id: 'my-tool' }], { ...allowing('mosquitto_pub'), strict: true });
    const { output } = await run('mosquitto_pub', mqtt(agent, '-V', version, '-t', 'denied', '-m', record));
    if (version === 'mqttv5') expect(output).toMatch(/Not authorized/i);
    else expect(output).toBe('');
  });

  withSubscriber('are served the topics of their job, and no others', async () => {
    const jobs = [
      { id: 'my-tool', subscriptions: ['room/1'] },
      { id: 'source', publications: ['room/1', 'room/2'] },
    ];
    const hashes = [
      ...allowing('mosquitto_sub').allowedExecutables,
      ...(trustingThisProcess().allowedExecutables ?? []),
    ];
    const agent = await agentWith(jobs, { allowedExecutables: hashes });
    const listening = run(
      'mosquitto_sub',
      mqtt(agent, '-V', version, '-t', 'room/1', '-t', 'room/2', '-C', '2', '-v'),
    );
    await eventually(() => agent.audit.length === 1, 'the denial');
    const source = await connectTo(agent, { clientId: 'job_source_1' });
    await eventually(() => agent.audit.some(({ kind }) => kind === 'subscribe-denied'));
    // The subscriber is there once its first message has come; what is sent before may be early.
    for (const text of ['a', 'b', 'c']) {
      await source.publishAsync('room/2', text, { qos: 1 });
      await source.publishAsync('room/1', text, { qos: 1 });
    }
    const { code, output } = await listening;
    expect(code).toBe(0);
    expect(output).toMatch(/^room\/1 [abc]\nroom\/1 [abc]\n$/);
  });
});

describe('a job in another language', () => {
  withPython('the example: asks the API itself and hands its process to mosquitto_pub', async () => {
    const agent = await agentWith([]);
    const bin = join(agent.root, 'Jobs', 'bin', 'my-tool');
    mkdirSync(bin, { recursive: true });
    copyFileSync('scripts/local-agent/example/my-tool', join(bin, 'my-tool'));
    copyFileSync('scripts/local-agent/example/my-tool.json', join(agent.root, 'Jobs', 'my-tool.json'));
    expect(agent.reloadJobs()).toEqual({ loaded: ['my-tool'], rejected: [] });
    const result = await agent.runJob('my-tool', { parameters: { Folder: join(agent.root, 'Jobs') } });
    expect(result.tasks).toMatchObject([{ stdout: '', stderr: '', exitCode: 0 }]);
    expect(agent.records).toMatchObject([{ jobId: 'my-tool', payload: { message: /Jobs has 2 entries$/ } }]);
    expect([...agent.audit, ...agent.warnings]).toEqual([]);
  });
});
