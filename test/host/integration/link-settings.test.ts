/** How the link finds the agent's API and reads its settings, and whose certificates it accepts: with real servers. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { attempt, cleanUpHostile } from '../../../scripts/local-agent/hostile-agent.ts';
import { type Issuer, certificate, newKeys } from '../../../scripts/local-agent/tls/certificate.ts';
import { apiServer, brokerServer, newFolder, removeFolders, rootWith, settingsFor } from './link-support.ts';

afterEach(() => {
  cleanUpHostile();
  removeFolders();
});

const each = ['/broker.host', '/broker.port', '/log.file.path', '/system.logging.level'];

describe('requests for settings', () => {
  test('one for all of them, or one for each, which may be bare values', async () => {
    const broker = await brokerServer();
    const all = await apiServer(() => ({ Settings: settingsFor(broker.port) }));
    expect((await attempt(all.port)).kind).toBe('connected');
    expect(all.asked).toEqual(['']);
    const single = await apiServer((path) =>
      path === '/broker.host' ? '127.0.0.1' : path === '/broker.port' ? { value: broker.port } : 404,
    );
    expect((await attempt(single.port, { link: { settingsRequest: 'each' } })).kind).toBe('connected');
    expect(single.asked.toSorted()).toEqual(each);
  });

  test.each<readonly [string, number | object]>([
    ['is not there', 404],
    ['has no address', { settings: { other: 1 } }],
    ['has two addresses', [settingsFor(1), settingsFor(2)]],
  ])('one for each if the reply for all %s', async (_, answer) => {
    const broker = await brokerServer();
    const api = await apiServer((path) => {
      if (path === '') return answer;
      if (path === '/broker.host') return { name: 'broker.host', value: '127.0.0.1' };
      return path === '/broker.port'
        ? { SettingName: 'Broker.Port', SettingValue: String(broker.port) }
        : 404;
    });
    expect((await attempt(api.port)).kind).toBe('connected');
    expect(api.asked.toSorted()).toEqual(['', ...each]);
  });

  test('the error names what is missing, whatever becomes of the other requests', async () => {
    const api = await apiServer((path) => (path === '' ? { 'broker.host': '127.0.0.1' } : 403));
    expect(await attempt(api.port)).toMatchObject({
      kind: 'agent-reply',
      line: "the agent's settings have no usable broker.port; set --broker=HOST:PORT",
    });
    const none = await apiServer(() => 404);
    expect(await attempt(none.port)).toMatchObject({
      kind: 'agent-reply',
      line: expect.stringMatching(/HTTP 404$/),
    });
  });

  test.each([401, 403])(
    'a refusal with HTTP %i names every possible cause and the command',
    async (status) => {
      const api = await apiServer(() => status);
      const { kind, line } = await attempt(api.port);
      expect(kind).toBe('agent-refused');
      expect(line).toContain(`HTTP ${status}`);
      expect(line).toMatch(
        /not started by the agent.*not signed by a certificate.*lower tier.*`hostile doctor`$/,
      );
      expect(api.asked).toEqual(['']);
    },
  );
});

describe("the address of the agent's API", () => {
  /** A port on which nothing listens. */
  const CLOSED = 9;

  test.each([
    ['the token itself', '{KeeperApiBaseUrl}', /which the agent has not replaced/],
    ['empty', '', /empty/],
    ['missing', undefined, /not set/],
    ['of another machine', 'https://192.0.2.1:6889', /not an https URL of this machine/],
    ['not https', 'http://127.0.0.1:6888', /not an https URL of this machine/],
    ['of a closed port', `https://127.0.0.1:${CLOSED}`, /is not responding/],
  ])('is read from appsettings.json if it is %s, with a warning', async (_, keeperApiBase, reason) => {
    const broker = await brokerServer();
    const api = await apiServer(() => settingsFor(broker.port));
    const said: unknown[] = [];
    const root = rootWith(api.port);
    const { kind } = await attempt(CLOSED, {
      link: {
        keeperApiBase,
        agentRoot: root,
        log: ({ id, level }, fields) => void said.push([id, level, fields]),
      },
    });
    expect(kind).toBe('connected');
    expect(said[0]).toEqual([
      'agent.api-base-replaced',
      'Warning',
      { apiBase: `https://127.0.0.1:${api.port}`, root, reason: expect.stringMatching(reason) },
    ]);
    expect(JSON.stringify(said)).not.toContain('192.0.2.1');
  });

  test('is not replaced if the agent answers there', async () => {
    const other = await apiServer(() => settingsFor(1));
    const api = await apiServer(() => 403);
    expect((await attempt(api.port, { link: { agentRoot: rootWith(other.port) } })).kind).toBe(
      'agent-refused',
    );
    expect(other.asked).toEqual([]);
  });

  test('that cannot be found makes the agent unreachable; the error says what to do', async () => {
    const link = { keeperApiBase: '{KeeperApiBaseUrl}', agentRoot: newFolder() };
    const { kind, line, events } = await attempt(CLOSED, { link });
    expect(kind).toBe('agent-unreachable');
    expect(line).toContain(
      `no agent was found in ${link.agentRoot}; write --keeper-api-base={KeeperApiBaseUrl}`,
    );
    expect(events).toEqual([]);
    const withoutPort = rootWith(0);
    expect((await attempt(CLOSED, { link: { ...link, agentRoot: withoutPort } })).line).toContain(
      `KestrelHttpsPort cannot be read from appsettings.json in ${withoutPort}`,
    );
    // The same port again would fail again.
    const same = await attempt(CLOSED, { link: { agentRoot: rootWith(CLOSED) } });
    expect([same.kind, same.events]).toEqual(['agent-unreachable', []]);
  });
});

/** A self-signed certificate, as the agent makes one at each start, and a file with it. */
async function selfSigned(hosts: readonly string[]) {
  const commonName = hosts.length === 0 ? 'Localhost' : 'agent';
  const issuer: Issuer = { commonName, ...newKeys() };
  const day = 86_400_000;
  const validity = { notBefore: new Date(Date.now() - day), notAfter: new Date(Date.now() + day) };
  const cert = await certificate(
    { commonName, purpose: 'server', hosts, ...validity },
    issuer.publicKey,
    issuer,
  );
  const caFile = join(newFolder(), 'ca.pem');
  writeFileSync(caFile, cert);
  return { cert, key: issuer.privateKey.export({ type: 'pkcs8', format: 'pem' }), caFile };
}

describe('with --ca-file, the certificate', () => {
  test.each([
    [['localhost'], '127.0.0.1', undefined, 'connected'],
    [['127.0.0.1'], '127.0.0.1', undefined, 'connected'],
    [['127.0.0.1'], 'localhost', undefined, 'connected'],
    // Without names, the subject counts: here it is `Localhost`.
    [[], '127.0.0.1', undefined, 'connected'],
    [['agent.example'], '127.0.0.1', undefined, 'agent-unreachable'],
    [['127.0.0.2'], '127.0.0.1', undefined, 'agent-unreachable'],
    [['agent.example'], '127.0.0.1', 'agent.example', 'connected'],
    [['localhost', '127.0.0.1'], '127.0.0.1', 'agent.example', 'agent-unreachable'],
    [['localhost'], '127.0.0.1', '127.0.0.1', 'agent-unreachable'],
    [['127.0.0.1'], '127.0.0.1', '127.0.0.1', 'connected'],
  ])('for %j at %s, with --tls-server-name=%s: %s', async (hosts, host, tlsServerName, kind) => {
    const { caFile, ...pair } = await selfSigned(hosts);
    const broker = await brokerServer(pair);
    const api = await apiServer(() => settingsFor(broker.port), pair);
    const outcome = await attempt(api.port, {
      caFile,
      link: { tlsServerName, keeperApiBase: `https://${host}:${api.port}`, agentRoot: newFolder() },
    });
    const line = `${hosts.at(-1)}, not for ${tlsServerName ?? 'localhost or 127.0.0.1'}; --tls-server-name sets another name`;
    expect([outcome.kind, outcome.line]).toEqual([
      kind,
      expect.stringContaining(kind === 'connected' ? '' : line),
    ]);
  });

  test('must be signed by the authorities, whatever its name', async () => {
    const { caFile } = await selfSigned(['localhost']);
    const api = await apiServer(() => settingsFor(1));
    expect(await attempt(api.port, { caFile })).toMatchObject({ kind: 'agent-unreachable' });
    expect(api.asked).toEqual([]);
  });
});
