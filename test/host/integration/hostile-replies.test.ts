/** Whatever answers on the agent's ports: each attempt ends in time, with the right kind of error and one clear line. */
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { Socket } from 'node:net';
import {
  attempt,
  authorityFile,
  cleanUpHostile,
  flood,
  rawServer,
  settingsApi,
  tlsServer,
} from '../../../scripts/local-agent/hostile-agent.ts';

afterEach(cleanUpHostile);

const TIMEOUT = 800;
const ok = (body: string | Buffer, headers = '') =>
  Buffer.concat([
    Buffer.from(`HTTP/1.1 200 OK\r\nContent-Length: ${Buffer.byteLength(body)}\r\n${headers}\r\n`),
    Buffer.from(body),
  ]);
const settings = '{"broker.host":"127.0.0.1","broker.port":1}';
const drip = (socket: Socket, start: string, piece: string) => {
  socket.write(start);
  const timer = setInterval(() => socket.write(piece), 20);
  socket.once('close', () => clearInterval(timer));
};

/** One line that a terminal shows as it is, of bearable length. */
function expectClear(line: string): void {
  expect(line).toMatch(/^[\x20-\x7e]{10,600}$/);
}

describe('replies of the settings API', () => {
  const replies: readonly [string, string, (socket: Socket) => void][] = [
    [
      'endless, with a length of 1 TB',
      'agent-reply',
      (socket) => {
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1099511627776\r\n\r\n');
        flood(socket, Buffer.alloc(65_536, '['));
      },
    ],
    [
      'endless, in chunks',
      'agent-reply',
      (socket) => {
        socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n');
        flood(socket, Buffer.from(`1000\r\n${' '.repeat(4096)}\r\n`));
      },
    ],
    [
      'an endless line of chunk extensions',
      'agent-reply',
      (socket) => {
        socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;');
        flood(socket, Buffer.alloc(65_536, 'a'));
      },
    ],
    [
      'endless headers',
      'agent-reply',
      (socket) => {
        socket.write('HTTP/1.1 200 OK\r\n');
        flood(socket, Buffer.from('X-Header: value\r\n'.repeat(1000)));
      },
    ],
    [
      'one endless header',
      'agent-reply',
      (socket) => {
        socket.write('HTTP/1.1 200 OK\r\nX-Header: ');
        flood(socket, Buffer.alloc(65_536, 'a'));
      },
    ],
    [
      'interim replies without end',
      'agent-unreachable',
      (socket) => drip(socket, '', 'HTTP/1.1 103 Early Hints\r\n\r\n'),
    ],
    ['drip-fed headers', 'agent-unreachable', (socket) => drip(socket, 'HTTP/1.1 200 OK\r\n', 'a')],
    [
      'a drip-fed body',
      'agent-unreachable',
      (socket) => drip(socket, 'HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n', ' '),
    ],
    ['cut in the middle', 'agent-unreachable', (socket) => socket.end(ok(settings).subarray(0, -5))],
    ['nothing at all', 'agent-unreachable', (socket) => socket.end()],
    ['a million levels of JSON', 'agent-reply', (socket) => socket.end(ok('['.repeat(1_000_000)))],
    [
      'balanced levels of JSON',
      'agent-reply',
      (socket) => socket.end(ok(`{"settings":${'['.repeat(400_000)}${']'.repeat(400_000)}}`)),
    ],
    [
      'levels of objects',
      'agent-reply',
      (socket) => socket.end(ok(`${'{"data":'.repeat(90_000)}1${'}'.repeat(90_000)}`)),
    ],
    ['not HTTP', 'agent-reply', (socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n')],
    [
      'a status line with control characters',
      'agent-reply',
      (socket) => socket.end('HTTP/1.1 404 \x1b[2J\x9b\u202e\r\n\r\n'),
    ],
    ['a status beyond 999', 'agent-reply', (socket) => socket.end('HTTP/1.1 99999 OK\r\n\r\n')],
    [
      'two different lengths',
      'agent-reply',
      (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}'),
    ],
    [
      'compressed',
      'agent-reply',
      (socket) => socket.end(ok(gzipSync(settings), 'Content-Encoding: gzip\r\n')),
    ],
    [
      'in UTF-16',
      'agent-reply',
      (socket) =>
        socket.end(
          ok(Buffer.from(settings, 'utf16le'), 'Content-Type: application/json; charset=utf-16\r\n'),
        ),
    ],
    [
      'a redirect off this machine',
      'agent-reply',
      (socket) =>
        socket.end('HTTP/1.1 302 Found\r\nLocation: https://192.0.2.1/\r\nContent-Length: 0\r\n\r\n'),
    ],
    [
      'a host that is not this machine',
      'agent-reply',
      (socket) => socket.end(ok('{"broker.host":"192.0.2.1","broker.port":1}')),
    ],
    [
      'an upgrade',
      'agent-unreachable',
      (socket) => socket.end('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n'),
    ],
    [
      'an unauthorised status',
      'agent-refused',
      (socket) => socket.end('HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n'),
    ],
  ];
  test.each(replies)('%s: %s', async (_, kind, reply) => {
    const port = await tlsServer((socket) => socket.once('data', () => reply(socket)));
    const { line, milliseconds, ...outcome } = await attempt(port, { timeout: TIMEOUT });
    expect({ kind: outcome.kind, line }).toMatchObject({ kind });
    expectClear(line);
    expect(milliseconds).toBeLessThan(TIMEOUT + 700);
  });
});

describe('TLS of the settings API', () => {
  const chain = 3000;
  const servers: readonly [string, () => Promise<number>][] = [
    ['plain HTTP', () => rawServer((socket) => socket.end(ok(settings)))],
    ['a peer that says nothing', () => rawServer(() => undefined)],
    ['a peer that closes at once', () => rawServer((socket) => socket.destroy())],
    ['random bytes without end', () => rawServer((socket) => flood(socket, Buffer.alloc(65_536, 0x16)))],
    ['half a handshake', () => rawServer((socket) => drip(socket, '\x16\x03\x03\x40\x00', '\x02'))],
    [
      'TLS 1.0 and 1.1 only',
      () =>
        tlsServer((socket) => socket.end(ok(settings)), {
          minVersion: 'TLSv1',
          maxVersion: 'TLSv1.1',
          ciphers: 'DEFAULT@SECLEVEL=0',
        }),
    ],
    [
      'a client certificate wanted',
      () => tlsServer((socket) => socket.end(ok(settings)), { requestCert: true, rejectUnauthorized: true }),
    ],
  ];
  test.each(servers)('%s', async (_, server) => {
    const { kind, line, milliseconds } = await attempt(await server(), { timeout: TIMEOUT });
    expect({ kind, line }).toMatchObject({ kind: 'agent-unreachable' });
    expectClear(line);
    expect(milliseconds).toBeLessThan(TIMEOUT + 700);
  });

  test('a chain of thousands of certificates', async () => {
    const { Authority } = await import('../../../scripts/local-agent/tls/authority.ts');
    const other = await Authority.create('bomb');
    const { certificate, key } = await other.server();
    const port = await tlsServer((socket) => socket.end(ok(settings)), {
      cert: certificate + other.certificate.repeat(chain),
      key,
    });
    const { kind, line } = await attempt(port, { timeout: 5000 });
    expect({ kind, line }).toMatchObject({ kind: 'agent-unreachable' });
    expectClear(line);
  });

  test.each(['expired', 'other-host'] as const)('%s, with --ca-file', async (fault) => {
    const port = await tlsServer((socket) => socket.end(ok(settings)), { fault });
    const { kind, line } = await attempt(port, { caFile: authorityFile(), timeout: TIMEOUT });
    expect({ kind, line }).toMatchObject({ kind: 'agent-unreachable' });
    expectClear(line);
  });

  test('renegotiation in the middle of a reply', async () => {
    const port = await tlsServer(
      (socket) => {
        socket.once('data', () => {
          socket.write('HTTP/1.1 200 OK\r\nContent-Length: 10000\r\n\r\n');
          socket.renegotiate({ rejectUnauthorized: false }, () => undefined);
        });
      },
      { maxVersion: 'TLSv1.2' },
    );
    const { kind, milliseconds } = await attempt(port, { timeout: TIMEOUT });
    expect(kind).toBe('agent-unreachable');
    expect(milliseconds).toBeLessThan(TIMEOUT + 700);
  });
});

const packet = (...bytes: number[]) => Buffer.from(bytes);
const connack = { '3.1.1': packet(0x20, 2, 0, 0), '5': packet(0x20, 3, 0, 0, 0) };
const versions = ['3.1.1', '5'] as const;

describe.each(versions)('a broker of MQTT %s', (mqttVersion) => {
  const hello = connack[mqttVersion];
  /** Connects to a broker that sends this at CONNECT. */
  const meet = async (onConnect: (socket: Socket) => void, timeout = TIMEOUT) => {
    const broker = await tlsServer((socket) => socket.once('data', () => onConnect(socket)));
    return await attempt(await settingsApi(broker), { mqttVersion, timeout });
  };

  const openings: readonly [string, string, (socket: Socket) => void][] = [
    [
      'a packet of 256 MB',
      'agent-reply',
      (socket) => {
        socket.write(packet(0x20, 0xff, 0xff, 0xff, 0x7f));
        flood(socket, Buffer.alloc(65_536));
      },
    ],
    [
      'a malformed length',
      'agent-reply',
      (socket) => socket.write(packet(0x20, 0xff, 0xff, 0xff, 0xff, 0x01)),
    ],
    ['endless zeros', 'agent-reply', (socket) => flood(socket, Buffer.alloc(65_536))],
    ['HTTP', 'agent-reply', (socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')],
    ['PUBACK before CONNACK', 'agent-reply', (socket) => socket.write(packet(0x40, 2, 0, 1))],
    ['a PUBLISH of 250 MB', 'agent-reply', (socket) => socket.write(packet(0x30, 0xff, 0xff, 0xff, 0x77))],
    [
      'not authorised',
      'agent-refused',
      (socket) => socket.write(mqttVersion === '5' ? packet(0x20, 3, 0, 0x87, 0) : packet(0x20, 2, 0, 5)),
    ],
    [
      'another version',
      'agent-reply',
      (socket) => socket.write(mqttVersion === '5' ? packet(0x20, 3, 0, 0x84, 0) : packet(0x20, 2, 0, 1)),
    ],
    [
      'an unknown code',
      'agent-unreachable',
      (socket) => socket.write(mqttVersion === '5' ? packet(0x20, 3, 0, 0xfe, 0) : packet(0x20, 2, 0, 77)),
    ],
    ['half a CONNACK', 'agent-unreachable', (socket) => socket.write(packet(0x20, 2, 0))],
    ['nothing', 'agent-unreachable', () => undefined],
  ];
  test.each(openings)('that opens with %s: %s', async (_, kind, opening) => {
    const { line, milliseconds, ...outcome } = await meet(opening);
    expect({ kind: outcome.kind, line }).toMatchObject({ kind });
    expectClear(line);
    expect(milliseconds).toBeLessThan(TIMEOUT + 700);
  });

  const later: readonly [string, Buffer][] = [
    ['a second CONNACK', hello],
    ['a PUBLISH', packet(0x30, 5, 0, 1, 0x61, 0x62, 0x63)],
    ['a SUBACK', packet(0x90, 3, 0, 1, 0)],
    ['an AUTH', packet(0xf0, 0)],
    ['a large PUBACK', packet(0x40, 0xff, 0xff, 0xff, 0x7f)],
    ['acknowledgements without end', packet(0x40, 2, 0x7f, 0xff)],
    ['answers to no ping, without end', packet(0xd0, 0)],
  ];
  test('that sends what no publisher gets: the connection is broken for good', async () => {
    const outcomes = await Promise.all(
      later.map(async ([name, bytes]) => {
        let connections = 0;
        const { connection } = await meet((socket) => {
          connections += 1;
          socket.write(hello);
          setTimeout(() => flood(socket, bytes), 50);
        }, 5000);
        const reason = await connection?.broken;
        await new Promise((resolve) => {
          setTimeout(resolve, 1300);
        });
        return [name, connections, reason?.kind, reason?.message.includes('does not follow MQTT')];
      }),
    );
    expect(outcomes).toEqual(later.map(([name]) => [name, 1, 'agent-reply', true]));
  });

  test('that acknowledges twice and what was never sent: each publication counts once', async () => {
    const { connection } = await meet((socket) => {
      socket.write(hello);
      socket.on('data', (data: Buffer) => {
        if (data[0] !== 0x32) return;
        const topic = data.readUInt16BE(2);
        const id = data.subarray(4 + topic, 6 + topic);
        const ack = Buffer.concat([packet(0x40, 2), id]);
        socket.write(Buffer.concat([ack, ack, packet(0x40, 2, 0x12, 0x34), ack]));
      });
    });
    for (let n = 0; n < 20; n += 1) await connection?.publish('t', `${n}`);
    expect(connection).toBeDefined();
  });
});

test('a CONNACK of MQTT 5 may have properties, as many as fit', async () => {
  const property = Buffer.concat([packet(0x26, 0, 1, 0x61, 0, 1, 0x62)]);
  const properties = Buffer.concat(Array.from({ length: 9000 }, () => property));
  const length = (n: number) => packet((n & 0x7f) | 0x80, ((n >> 7) & 0x7f) | 0x80, n >> 14);
  const body = Buffer.concat([packet(0, 0), length(properties.length), properties]);
  const broker = await tlsServer((socket) =>
    socket.once('data', () => socket.write(Buffer.concat([packet(0x20), length(body.length), body]))),
  );
  expect(await attempt(await settingsApi(broker), { mqttVersion: '5' })).toMatchObject({ kind: 'connected' });
});
