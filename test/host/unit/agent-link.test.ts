import { describe, expect, test } from '@jest/globals';
import { brokerEndpoint } from '../../../src/host/agent/broker-settings.ts';
import { clientId } from '../../../src/host/agent/client-id.ts';
import { errorKind } from '../../../src/host/exit/task-error.ts';
import { loopbackEndpoint, loopbackUrl } from '../../../src/host/platform/index.ts';

describe('broker address in a Plugin Settings reply', () => {
  const address = { address: '127.0.0.1', port: 8675, serverName: undefined };
  const flat = { 'broker.host': '127.0.0.1', 'broker.port': 8675, 'system.logging.level': 'Warning' };
  const list = [
    { key: 'broker.host', value: '127.0.0.1' },
    { key: 'broker.port', value: '8675' },
    { key: 'other', value: { a: 1 } },
  ];

  test.each([
    flat,
    { ...flat, 'broker.port': '8675' },
    { broker: { host: '127.0.0.1', port: 8675 } },
    { 'broker.host': { value: '127.0.0.1', source: 'default' }, 'broker.port': { value: '8675' } },
    { settings: flat },
    { value: { broker: { host: '127.0.0.1', port: '8675' } } },
    { data: flat },
    { pluginName: 'KeeperPrivilegeManager', settings: list },
    list,
    list.map(({ key, value }) => ({ name: key, value })),
    list.map(({ key, value }) => ({ settingName: key, value })),
  ])('is read from %j', (reply) => {
    expect(brokerEndpoint(reply)).toEqual(address);
  });

  test.each([
    null,
    'broker.host',
    [],
    {},
    { 'broker.host': '127.0.0.1' },
    { ...flat, 'broker.port': 0 },
    { ...flat, 'broker.port': 65_536 },
    { ...flat, 'broker.port': '86 75' },
    { ...flat, 'broker.port': 8675.5 },
    { ...flat, 'broker.host': '192.0.2.1' },
    { ...flat, 'broker.host': 'broker.example' },
    { ...flat, 'broker.host': '127.0.0.1.example' },
    { ...flat, 'broker.host': '' },
    { settings: { settings: flat } },
    // Found by fuzzing: a length that cannot be made a number.
    { ...flat, 'broker.host': { length: { toString: 1, valueOf: 1 } } },
    { broker: { host: { value: { length: { toString: 1 } } }, port: 1 } },
  ])('is refused in %j', (reply) => {
    let kind = '';
    try {
      brokerEndpoint(reply);
    } catch (error) {
      kind = errorKind(error);
    }
    expect(kind).toBe('agent-reply');
  });
});

describe('loopback', () => {
  test.each(['127.0.0.1', '127.8.9.10', '::1', '[::1]', 'localhost', 'LOCALHOST'])(
    '%s is this machine',
    (host) => {
      expect(loopbackEndpoint(host, 1)).toBeDefined();
    },
  );
  test.each(['0.0.0.0', '128.0.0.1', '::', '::ffff:127.0.0.1', 'localhost.example', '127.1', ''])(
    '%s is not, or not for sure',
    (host) => {
      expect(loopbackEndpoint(host, 1)).toBeUndefined();
    },
  );
  test('a URL is one only with https and nothing besides host, port and path', () => {
    expect(loopbackUrl('https://localhost/')).toEqual({
      address: '127.0.0.1',
      port: 443,
      serverName: 'localhost',
    });
    expect(loopbackUrl('https://[::1]:6889/base')).toEqual({
      address: '::1',
      port: 6889,
      serverName: undefined,
    });
    for (const bad of [
      'http://127.0.0.1',
      'https://a:b@127.0.0.1',
      'https://127.0.0.1/?q',
      'https://127.0.0.1/#f',
      '',
    ]) {
      expect(loopbackUrl(bad)).toBeUndefined();
    }
  });
});

test('a client id is its template, filled', () => {
  const parts = { jobId: 'a-job', jobName: 'Nightly $& job', pid: 42 };
  expect(clientId('job_{jobId}_{pid}', parts)).toBe('job_a-job_42');
  expect(clientId('{jobName}', parts)).toBe('Nightly $& job');
});
