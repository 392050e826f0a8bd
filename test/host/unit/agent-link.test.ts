import { describe, expect, test } from '@jest/globals';
import { agentSettingsIn } from '../../../src/host/agent/agent-settings.ts';
import { clientId } from '../../../src/host/agent/client-id.ts';
import { findSettings } from '../../../src/host/agent/settings-search.ts';
import { describeError, errorKind } from '../../../src/host/exit/task-error.ts';
import { loopbackEndpoint, loopbackHostPort, loopbackUrl } from '../../../src/host/platform/index.ts';

/** The kind and the message of what an action throws. */
function failure(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    return `${errorKind(error)}: ${describeError(error)}`;
  }
  return 'no failure';
}

describe('settings in a Plugin Settings reply', () => {
  const broker = { address: '127.0.0.1', port: 8675, serverName: undefined };
  const flat = { 'broker.host': '127.0.0.1', 'broker.port': 8675, 'system.logging.level': 'Warning' };
  const list = [
    { key: 'broker.host', value: '127.0.0.1' },
    { key: 'broker.port', value: '8675' },
    { key: 'other', value: { a: 1 } },
  ];
  const nested = { broker: { host: '127.0.0.1', port: 8675 } };

  test.each<readonly [unknown]>([
    [flat],
    [{ ...flat, 'broker.port': '8675' }],
    [nested],
    [{ 'broker.host': { value: '127.0.0.1', source: 'default' }, 'broker.port': { value: '8675' } }],
    [{ settings: flat }],
    [{ value: { broker: { host: '127.0.0.1', port: '8675' } } }],
    [{ data: flat }],
    [{ pluginName: 'KeeperPrivilegeManager', settings: list }],
    [list],
    [list.map(({ key, value }) => ({ name: key, value }))],
    [list.map(({ key, value }) => ({ settingName: key, value }))],
    // Any case, any separator, any wrapper.
    [{ 'Broker.Host': '127.0.0.1', 'Broker.Port': 8675 }],
    [{ 'broker:host': '127.0.0.1', 'broker:port': '8675' }],
    [{ BrokerHost: '127.0.0.1', brokerPort: 8675 }],
    [{ Broker: { Host: '127.0.0.1', Port: '8675' } }],
    [{ Result: { Data: [{ Settings: nested }] } }],
    [{ data: { settings: { settings: flat } } }],
    [{ Settings: list.map(({ key, value }) => ({ SettingName: key, SettingValue: value })) }],
    [{ items: [{ Key: 'Broker', Value: { Host: '127.0.0.1', Port: 8675 } }] }],
    [
      {
        Broker: [
          { name: 'Host', effectiveValue: '127.0.0.1' },
          { name: 'Port', effectiveValue: 8675 },
        ],
      },
    ],
    // The value that is in force, not the one that it replaces.
    [list.map(({ key, value }) => ({ key, value: '192.0.2.1', effectiveValue: value, defaultValue: 'x' }))],
    [list.map(({ key, value }) => ({ key, value, effectiveValue: null }))],
    // The same value twice.
    [{ ...flat, ...nested, 'Broker.Port': '8675' }],
    // Settings of something else.
    [{ ...flat, 'remote.broker.host': '192.0.2.1', 'broker.port.retries': 3, brokers: { host: 'x' } }],
  ])('are found in %j', (reply) => {
    expect(agentSettingsIn(findSettings(reply))).toMatchObject({ broker });
  });

  test.each<readonly [unknown, RegExp]>([
    [null, /no usable broker\.host/],
    ['broker.host', /no usable broker\.host/],
    [[], /no usable broker\.host/],
    [{}, /no usable broker\.host/],
    [{ 'broker.host': '127.0.0.1' }, /no usable broker\.port; set --broker=HOST:PORT/],
    [{ ...flat, 'broker.port': 0 }, /no usable broker\.port/],
    [{ ...flat, 'broker.port': 65_536 }, /no usable broker\.port/],
    [{ ...flat, 'broker.port': '86 75' }, /no usable broker\.port/],
    [{ ...flat, 'broker.port': 8675.5 }, /no usable broker\.port/],
    [{ ...flat, 'broker.host': '192.0.2.1' }, /not on this machine/],
    [{ ...flat, 'broker.host': 'broker.example' }, /not on this machine/],
    [{ ...flat, 'broker.host': '127.0.0.1.example' }, /not on this machine/],
    [{ ...flat, 'broker.host': '' }, /not on this machine/],
    [{ ...flat, broker: { host: '127.0.0.2' } }, /2 different values of broker\.host/],
    [[flat, { Broker: { Port: 1 } }], /2 different values of broker\.port/],
    [{ host: '127.0.0.1', port: 8675 }, /no usable broker\.host/],
    // Found by fuzzing: a length that cannot be made a number.
    [{ ...flat, 'broker.host': { length: { toString: 1, valueOf: 1 } } }, /no usable broker\.host/],
    [{ broker: { host: { value: { length: { toString: 1 } } }, port: 1 } }, /no usable broker\.host/],
    [JSON.parse(`${'{"data":'.repeat(20)}1${'}'.repeat(20)}`), /too large or nested too deeply/],
    [Array.from({ length: 20_000 }, () => flat), /too large or nested too deeply/],
  ])('are refused in %#', (reply, said) => {
    const error = failure(() => agentSettingsIn(findSettings(reply)));
    expect(error).toMatch(/^agent-reply: /);
    expect(error).toMatch(said);
  });

  test('are those of the log too, where the reply has them', () => {
    const reply = { settings: { ...flat, Log: { File: { Path: '{approot}/Log' } } } };
    expect(agentSettingsIn(findSettings(reply))).toEqual({
      broker,
      logPath: '{approot}/Log',
      minimumLevel: 'Warning',
    });
    expect(agentSettingsIn(findSettings([flat, { 'system.logging.level': 'Debug' }])).minimumLevel).toBe(
      undefined,
    );
  });

  test.each<readonly [unknown]>([
    ['127.0.0.1'],
    [{ value: '127.0.0.1' }],
    [{ data: '127.0.0.1' }],
    [{ name: 'host', value: '127.0.0.1', plugin: 'KeeperPrivilegeManager' }],
    [{ plugin: 'KeeperPrivilegeManager', 'broker.host': '127.0.0.1' }],
    [{ Data: { SettingValue: '127.0.0.1', Source: 'default' } }],
  ])('need no name if one was asked for: %j', (reply) => {
    expect(findSettings(reply, 'host').host).toEqual(['127.0.0.1']);
    expect(findSettings(reply, 'port').host).toHaveLength(
      Object.hasOwn(Object(reply), 'broker.host') ? 1 : 0,
    );
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

test.each([
  ['127.0.0.1:8675', { address: '127.0.0.1', port: 8675, serverName: undefined }],
  ['[::1]:1', { address: '::1', port: 1, serverName: undefined }],
  ['localhost:65535', { address: '127.0.0.1', port: 65_535, serverName: 'localhost' }],
  ['::1:8675', undefined],
  ['127.0.0.1', undefined],
  ['127.0.0.1:0', undefined],
  ['127.0.0.1:65536', undefined],
  ['192.0.2.1:8675', undefined],
  ['broker.example:8675', undefined],
  ['127.0.0.1:8675/x', undefined],
  ['https://127.0.0.1:8675', undefined],
])('HOST:PORT in %s', (text, endpoint) => {
  expect(loopbackHostPort(text)).toEqual(endpoint);
});

describe('a client id', () => {
  const parts = {
    jobId: 'a-job',
    jobName: 'Nightly $& job',
    taskId: '',
    pid: 42,
    program: 'my-tool',
    host: 'machine',
    uuid: '0b9f',
    time: Date.UTC(2030, 4, 17, 22, 0, 0, 123),
  };

  test('is its template, filled', () => {
    expect(clientId('job_{jobId}_{pid}', parts)).toBe('job_a-job_42');
    expect(clientId('{jobName}', parts)).toBe('Nightly $& job');
    expect(clientId('{program}/{taskId}/{host}/{uuid}/{time}', parts)).toBe(
      'my-tool//machine/0b9f/20300517T220000Z',
    );
    expect(clientId('{taskId}', { ...parts, taskId: '{jobId}' })).toBe('{jobId}');
  });

  test('is never empty, and as long as MQTT allows, without being cut', () => {
    expect(failure(() => clientId('{taskId}', parts))).toMatch(
      /^config: --client-id-template produces an empty/,
    );
    expect(clientId('{host}', { ...parts, host: 'h'.repeat(65_535) })).toHaveLength(65_535);
    expect(failure(() => clientId('{host}', { ...parts, host: 'é'.repeat(32_768) }))).toMatch(
      /^config: --client-id-template produces a client id of 65536 bytes/,
    );
  });
});
