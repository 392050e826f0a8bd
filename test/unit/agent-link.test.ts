import { describe, expect, test } from '@jest/globals';
import { brokerEndpoint } from '../../src/agent/broker-settings.ts';
import { clientId } from '../../src/agent/client-id.ts';
import { MAX_PAYLOAD_BYTES, logPayload } from '../../src/agent/log-payload.ts';
import { RecordQueue } from '../../src/agent/record-queue.ts';
import { errorKind } from '../../src/errors.ts';
import type { Level, LogRecord } from '../../src/log/index.ts';
import { loopbackEndpoint, loopbackUrl } from '../../src/platform/index.ts';

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
  const parts = { jobId: 'secrets-scan', jobName: 'Nightly $& scan', pid: 42 };
  expect(clientId('job_{jobId}_{pid}', parts)).toBe('job_secrets-scan_42');
  expect(clientId('{jobName}', parts)).toBe('Nightly $& scan');
});

function record(level: Level, message: string, fields: LogRecord['fields'] = {}): LogRecord {
  return { id: 'an-id', timestamp: '2026-01-02T03:04:05.006Z', level, event: 'an.event', message, fields };
}

describe('log payload', () => {
  const names = { level: 'level', message: 'message', source: 'source', timestamp: 'timestamp' };
  const options = { names, source: 'secrets-scan', context: { run: 'r', job: 'j', host: 'h' } };

  test('has the four main fields under their configured names, and the rest besides', () => {
    expect(JSON.parse(logPayload(record('Warning', 'Said', { n: 1 }), options))).toEqual({
      level: 'Warning',
      message: 'Said',
      source: 'secrets-scan',
      timestamp: '2026-01-02T03:04:05.006Z',
      event: 'an.event',
      id: 'an-id',
      run: 'r',
      job: 'j',
      host: 'h',
      data: { n: 1 },
    });
    const renamed = { ...options, names: { ...names, level: 'Severity' } };
    expect(JSON.parse(logPayload(record('Error', 'x'), renamed))).toMatchObject({ Severity: 'Error' });
  });

  test.each(['x', 'é', '\u0001', '😀', '"'])(
    'stays within its bound for long messages of %j',
    (character) => {
      const long = record('Warning', character.repeat(20_000), { path: character.repeat(20_000) });
      const payload = logPayload(long, options);
      expect(Buffer.byteLength(payload)).toBeLessThanOrEqual(MAX_PAYLOAD_BYTES);
      expect(JSON.parse(payload)).toMatchObject({ truncated: true, id: 'an-id', event: 'an.event' });
    },
  );
});

describe('record queue', () => {
  const item = (level: Level, n: number) => ({
    topic: 't',
    payload: '0123456789',
    record: record(level, String(n)),
  });
  const drain = (queue: RecordQueue) => {
    const said = [];
    for (let next = queue.take(); next; next = queue.take()) said.push(Number(next.record?.message));
    return said;
  };

  test('gives back what it was given, in order', () => {
    const queue = new RecordQueue();
    const numbers = Array.from({ length: 5000 }, (_, n) => n);
    for (const n of numbers.slice(0, 3000)) queue.add(item('Warning', n));
    const first = Array.from({ length: 2500 }, () => Number(queue.take()?.record?.message));
    for (const n of numbers.slice(3000)) queue.add(item('Warning', n));
    expect([...first, ...drain(queue)]).toEqual(numbers);
    expect(queue.size).toBe(0);
  });

  test('makes room from what matters least, and counts', () => {
    const queue = new RecordQueue(40);
    queue.add(item('Warning', 1));
    queue.add(item('Information', 2));
    queue.add(item('Error', 3));
    queue.add(item('Debug', 4));
    queue.add(item('Warning', 5));
    queue.add(item('Warning', 6));
    queue.add(item('Warning', 7));
    expect(queue.dropped).toBe(3);
    expect(drain(queue)).toEqual([3, 5, 6, 7]);
  });
});
