/** Who owns the process on the agent's ports: real listeners of other users, and tables as Linux prints them. */
import { type ChildProcess, fork } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type Server, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import { peerCheck } from '../../../src/host/agent/peer-check.ts';
import { errorKind } from '../../../src/host/exit/task-error.ts';
import { listenerOwners, peerOwner } from '../../../src/host/platform/index.ts';
import { listenOnLoopback } from '../../../scripts/local-agent/loopback-server.ts';
import { Authority } from '../../../scripts/local-agent/tls/authority.ts';
import { attempt, cleanUpHostile, tlsServer } from '../../../scripts/local-agent/hostile-agent.ts';
import { describeWith, linux, rootUser } from '../../tool.ts';

const folder = mkdtempSync(join(tmpdir(), 'peers-'));
chmodSync(folder, 0o755);
const children: ChildProcess[] = [];
afterEach(() => {
  cleanUpHostile();
  for (const child of children.splice(0)) child.kill('SIGKILL');
});
afterAll(() => rmSync(folder, { recursive: true }));

const STRANGER = 54_321;

/** Answers on a socket that it is sent or on one of its own, and tells how many bytes it has been sent within TLS. */
const stranger = `
import { createServer } from 'node:tls';
process.once('message', ({ cert, key }, handle) => {
  const server = createServer({ cert, key }, (socket) => {
    socket.on('error', () => {});
    socket.once('data', (data) => {
      process.send({ read: data.length });
      socket.end('HTTP/1.1 404 Not Found\\r\\nContent-Length: 0\\r\\n\\r\\n');
    });
  });
  server.on('connection', () => process.send({ accepted: true }));
  if (handle) {
    handle.on('connection', (socket) => server.emit('connection', socket));
    process.send({ port: 0 });
  } else server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
});
`;

/** A process of another user. `said` grows. */
async function startStranger(handle?: Server) {
  const script = join(folder, 'stranger.mjs');
  writeFileSync(script, stranger, { mode: 0o644 });
  const child = fork(script, { uid: STRANGER, gid: STRANGER, cwd: '/', execArgv: [] });
  children.push(child);
  const said: Readonly<Record<string, unknown>>[] = [];
  const { certificate, key } = await (await Authority.create('stranger')).server();
  const port = await new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.once('exit', (code) => reject(new Error(`it ended with ${code}`)));
    child.on('message', (message: Readonly<Record<string, unknown>>) => {
      if (typeof message['port'] === 'number') resolve(message['port']);
      else said.push(message);
    });
    child.send({ cert: certificate, key }, handle);
  });
  return { port, said };
}

// Only root can start a process of another user. Without that, the tables below are what is tested.
describeWith(linux, rootUser)('a listener of another user', () => {
  test('is not connected to; the error names the user and the remedy', async () => {
    const { port, said } = await startStranger();
    const { kind, line } = await attempt(port);
    expect({ kind, line }).toEqual({
      kind: 'agent-refused',
      line: expect.stringMatching(
        new RegExp(
          `listens on 127\\.0\\.0\\.1:${port} belongs to uid ${STRANGER},.*--agent-user=${STRANGER}$`,
        ),
      ),
    });
    expect(said).toEqual([]);
  });

  test.each([String(STRANGER), 'any'])('is used with --agent-user=%s', async (agentUser) => {
    const { port, said } = await startStranger();
    expect((await attempt(port, { agentUser })).line).toMatch(/HTTP 404/);
    expect(said).toContainEqual({ accepted: true });
  });

  test('that root has opened for it gets a handshake and not a byte more', async () => {
    const server = createServer();
    const port = await listenOnLoopback(server, 0);
    const { said } = await startStranger(server);
    server.close();
    const { kind, line } = await attempt(port);
    expect({ kind, line }).toMatchObject({
      kind: 'agent-refused',
      line: expect.stringContaining(`answers on 127.0.0.1:${port} belongs to uid ${STRANGER}`),
    });
    expect(said).toEqual([{ accepted: true }]);
  });
});

test('a listener of the same user is used', async () => {
  const port = await tlsServer((socket) => socket.end('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n'));
  expect((await attempt(port)).line).toMatch(/HTTP 404/);
});

/** Tables with these rows: local, remote, state, uid, inode. */
function tables(tcp: readonly string[], tcp6: readonly string[] | undefined = []): string {
  const place = mkdtempSync(join(folder, 'net-'));
  const show = (rows: readonly string[]) =>
    [
      '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
      ...rows.map((row, index) => {
        const [local, remote, state, uid, inode] = row.split(' ');
        return `   ${index}: ${local} ${remote} ${state} 00000000:00000000 00:00000000 00000000  ${uid}        0 ${inode} 1 0000000000000000 100 0 0 10 0`;
      }),
      '',
    ].join('\n');
  writeFileSync(join(place, 'tcp'), show(tcp));
  if (tcp6 !== undefined) writeFileSync(join(place, 'tcp6'), show(tcp6));
  return place;
}

describe('the socket tables', () => {
  const any = '00000000:0000';
  const any6 = `${'0'.repeat(32)}:0000`;
  const loopback6 = `${'0'.repeat(24)}01000000`;
  const mapped = '0000000000000000FFFF00000100007F';
  const at = { address: '127.0.0.1', port: 8675 };

  test('give the listener that a connection reaches: on the address, else on all', () => {
    const exact = `0100007F:21E3 ${any} 0A 7 11`;
    const wild = `00000000:21E3 ${any} 0A 8 12`;
    const wild6 = `${'0'.repeat(32)}:21E3 ${any6} 0A 9 13`;
    expect(listenerOwners(at, tables([wild, exact], [wild6]))).toEqual([7]);
    expect(listenerOwners(at, tables([wild], [wild6]))).toEqual([8]);
    expect(listenerOwners(at, tables([], [wild6]))).toEqual([9]);
    expect(listenerOwners(at, tables([], [`${mapped}:21E3 ${any6} 0A 6 13`, wild6]))).toEqual([6]);
    expect(
      listenerOwners(at, tables([`0100007F:21E4 ${any} 0A 7 11`, `0200007F:21E3 ${any} 0A 7 11`])),
    ).toEqual([]);
    expect(listenerOwners({ address: '::1', port: 8675 }, tables([exact], [wild6]))).toEqual([9]);
    expect(
      listenerOwners({ address: '::1', port: 8675 }, tables([], [`${loopback6}:21E3 ${any6} 0A 5 1`, wild6])),
    ).toEqual([5]);
    // A kernel without IPv6.
    expect(listenerOwners(at, tables([wild], undefined))).toEqual([8]);
  });

  test('give the process at the other end, once it has accepted', () => {
    const own = { address: '127.0.0.1', port: 40_000 };
    const ours = '0100007F:9C40 0100007F:21E3 01 3 77';
    expect(peerOwner(own, at, tables([ours, '0100007F:21E3 0100007F:9C40 01 4 78']))).toBe(4);
    expect(peerOwner(own, at, tables([ours, '0100007F:21E3 0100007F:9C40 01 0 0']))).toBeUndefined();
    expect(peerOwner(own, at, tables([ours], [`${mapped}:21E3 ${mapped}:9C40 01 4 78`]))).toBe(4);
    expect(peerOwner(own, at, tables([ours]))).toBeUndefined();
  });

  const endpoint = { ...at, serverName: undefined };
  const kindOf = (check: () => void) => {
    try {
      check();
    } catch (error) {
      return `${errorKind(error)}: ${Error.isError(error) ? error.message : ''}`;
    }
    return 'accepted';
  };

  test('that cannot be read turn the check off, and one warning says so', () => {
    const reasons: string[] = [];
    const missing = join(folder, 'missing');
    const onUnreadable = (reason: string) => void reasons.push(reason);
    const check = peerCheck({ os: 'linux', agentUser: undefined, onUnreadable, tables: missing });
    check.listener(endpoint);
    check.listener(endpoint);
    expect(reasons).toEqual([expect.stringContaining(join(missing, 'tcp'))]);
  });

  test('a user from outside the user namespace is refused by name, and can be allowed', () => {
    const place = tables([`0100007F:21E3 ${any} 0A 65534 11`]);
    const with_ = (agentUser?: string) =>
      peerCheck({ os: 'linux', agentUser, onUnreadable: () => undefined, tables: place });
    expect(kindOf(() => with_().listener(endpoint))).toMatch(
      /^agent-refused: .*65534 \(nobody, or a user from outside/,
    );
    expect(kindOf(() => with_('65534').listener(endpoint))).toBe('accepted');
  });

  test('a name is looked up in the passwd file', () => {
    const passwd = join(folder, 'passwd');
    writeFileSync(passwd, 'root:x:0:0::/root:/bin/sh\nkeeper:x:4242:1::/:/bin/false\n');
    const place = tables([`0100007F:21E3 ${any} 0A 4242 11`]);
    const with_ = (agentUser: string) =>
      peerCheck({ os: 'linux', agentUser, onUnreadable: () => undefined, tables: place, passwd });
    expect(kindOf(() => with_('keeper').listener(endpoint))).toBe('accepted');
    expect(kindOf(() => with_('root').listener(endpoint))).toMatch(/^agent-refused/);
    expect(kindOf(() => with_('keepr'))).toMatch(
      /^config: --agent-user: .*has no user "keepr"; give the uid/,
    );
  });

  test('are not asked on other systems, nor with "any"', () => {
    const place = tables([`0100007F:21E3 ${any} 0A 4242 11`]);
    const onUnreadable = () => undefined;
    for (const os of ['windows', 'macOS'] as const) {
      peerCheck({ os, agentUser: undefined, onUnreadable, tables: place }).listener(endpoint);
    }
    expect(
      kindOf(() =>
        peerCheck({ os: 'linux', agentUser: 'any', onUnreadable, tables: place }).listener(endpoint),
      ),
    ).toBe('accepted');
  });
});
