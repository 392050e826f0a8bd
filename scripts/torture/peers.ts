/**
 * A hostile listener at the agent's or its broker's address: another user's process, or one with arbitrary
 * answers. Loopback only.
 */
import type { TLSSocket } from 'node:tls';
import { underAgent } from './agent.ts';
import {
  type Ended,
  OTHER_ID,
  type Row,
  type Trial,
  firstControl,
  howEnded,
  launch,
  sleep,
} from './harness.ts';
import { type Credentials, makeCredentials, settingsServer, tlsServer } from './hostile-server.ts';
import { fakeLine } from './tokens.ts';

/** The agent is absent, sends nonsense, or refuses; the scan itself has been done. */
const AGENT_FAILED: ReadonlySet<number | null> = new Set([69, 76, 77]);

async function run(trial: Trial, apiBase: string, state: string, wall = 30): Promise<Ended> {
  const { args, env } = underAgent(apiBase);
  return await trial.scan(
    [...args, '--log-level=Debug', '--state-dir', trial.makeState(state), trial.path('home')],
    { env, wall },
  );
}

/** Starts peer.py as another user. @returns its port, and how many of the scanner's bytes it has received */
async function otherUsersPeer(
  trial: Trial,
  { certificateFile, keyFile }: Credentials,
  brokerPort: number,
): Promise<{ port: number; got: () => number }> {
  const argv = ['python3', `${import.meta.dirname}/peer.py`, certificateFile, keyFile, `${brokerPort}`];
  const { pid, output, ended } = await launch(argv, trial.folder, { uid: OTHER_ID, wall: 120 });
  trial.cleanUp(async () => {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has already ended.
    }
    await ended;
  });
  for (let wait = 0; wait < 200 && !output.stdout.includes('port'); wait += 1) await sleep(25);
  const port = Number(/port (\d+)/.exec(output.stdout)?.[1]);
  if (!(port > 0)) throw new Error(`peer.py: ${output.stderr}`);
  return {
    port,
    got: () => [...output.stdout.matchAll(/got (\d+)/g)].reduce((sum, [, bytes]) => sum + Number(bytes), 0),
  };
}

function http(socket: TLSSocket, head: string, body = ''): void {
  socket.write(`HTTP/1.1 ${head}\r\n\r\n${body}`);
}

/** Writes the same bytes until the other side has closed. */
function endless(socket: TLSSocket, piece: Buffer | string, pause = 0): void {
  const next = () => {
    if (socket.destroyed) return;
    if (socket.write(piece)) setTimeout(next, pause);
    else socket.once('drain', () => setTimeout(next, pause));
  };
  next();
}

const JSON_HEAD = '200 OK\r\ncontent-type: application/json';
const MEGABYTE = Buffer.alloc(1e6, 'x');

/** Possible answers of Plugin Settings. */
const REPLIES: Readonly<Record<string, (socket: TLSSocket) => void>> = {
  'an endless body': (socket) => {
    http(socket, `${JSON_HEAD}\r\ntransfer-encoding: chunked`);
    endless(socket, Buffer.concat([Buffer.from('f4240\r\n'), MEGABYTE, Buffer.from('\r\n')]));
  },
  'a body of 10 GB': (socket) => {
    http(socket, `${JSON_HEAD}\r\ncontent-length: 10000000000`);
    endless(socket, MEGABYTE);
  },
  'endless headers': (socket) => {
    socket.write('HTTP/1.1 200 OK\r\n');
    endless(socket, 'x-a: '.padEnd(1000, 'a').concat('\r\n'));
  },
  'one header without an end': (socket) => {
    socket.write('HTTP/1.1 200 OK\r\nx-a: ');
    endless(socket, MEGABYTE);
  },
  'one byte a second': (socket) => {
    http(socket, `${JSON_HEAD}\r\ncontent-length: 1000`);
    endless(socket, ' ', 1000);
  },
  'only the handshake': () => undefined,
  'endless 100 Continue': (socket) => endless(socket, 'HTTP/1.1 100 Continue\r\n\r\n'),
  'deep JSON': (socket) => {
    const body = '['.repeat(900_000);
    http(socket, `${JSON_HEAD}\r\ncontent-length: ${body.length}`, body);
  },
  'deep objects': (socket) => {
    const body = `${'{"broker":'.repeat(60_000)}1${'}'.repeat(60_000)}`;
    http(socket, `${JSON_HEAD}\r\ncontent-length: ${body.length}`, body);
  },
  'many keys': (socket) => {
    const body = `{${Array.from({ length: 60_000 }, (_, n) => `"k${n}":${n}`).join()}}`;
    http(socket, `${JSON_HEAD}\r\ncontent-length: ${body.length}`, body);
  },
  'a broker elsewhere': (socket) => reply(socket, { 'broker.host': '198.51.100.7', 'broker.port': 8883 }),
  'a broker by name': (socket) => reply(socket, { 'broker.host': 'broker.example.com', 'broker.port': 8883 }),
  'a broker at port 0': (socket) => reply(socket, { 'broker.host': '127.0.0.1', 'broker.port': 0 }),
  'a broker at port 1e9': (socket) => reply(socket, { 'broker.host': '127.0.0.1', 'broker.port': 1e9 }),
  'control characters': (socket) =>
    reply(socket, { 'broker.host': '\u001b[2J\u009b31m\u007f', 'broker.port': '\u0085' }),
  'a redirect elsewhere': (socket) =>
    http(socket, '302 Found\r\nlocation: https://198.51.100.7/\r\ncontent-length: 0'),
  'a prototype': (socket) => {
    const body =
      '{"__proto__":{"broker.host":"127.0.0.1","broker.port":1},"constructor":{"prototype":{"x":1}}}';
    http(socket, `${JSON_HEAD}\r\ncontent-length: ${body.length}`, body);
  },
  'a compressed bomb': (socket) => {
    const { gzipSync } = process.getBuiltinModule('node:zlib');
    const body = gzipSync(Buffer.alloc(200e6));
    socket.write(`HTTP/1.1 ${JSON_HEAD}\r\ncontent-encoding: gzip\r\ncontent-length: ${body.length}\r\n\r\n`);
    socket.write(body);
  },
  'an early end': (socket) => {
    http(socket, `${JSON_HEAD}\r\ncontent-length: 1000`, '{');
    socket.destroy();
  },
  noise: (socket) => socket.end(Buffer.alloc(100_000, Buffer.from([0, 255, 13, 10, 27]))),
};

function reply(socket: TLSSocket, settings: unknown): void {
  const body = JSON.stringify(settings);
  http(socket, `${JSON_HEAD}\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close`, body);
}

const CONNACK = Buffer.from([0x20, 2, 0, 0]);

/** Possible packets of a broker after CONNECT. */
const PACKETS: Readonly<Record<string, (socket: TLSSocket) => void>> = {
  'a packet of 256 MB': (socket) => {
    socket.write(CONNACK);
    socket.write(Buffer.from([0x30, 0xff, 0xff, 0xff, 0x7f]));
    endless(socket, MEGABYTE);
  },
  'a CONNACK of 256 MB': (socket) => {
    socket.write(Buffer.from([0x20, 0xff, 0xff, 0xff, 0x7f]));
    endless(socket, MEGABYTE);
  },
  'endless publishes': (socket) => {
    socket.write(CONNACK);
    endless(
      socket,
      Buffer.concat(Array.from({ length: 1000 }, () => Buffer.from([0x30, 5, 0, 1, 0x61, 0x62, 0x63]))),
    );
  },
  'endless PUBACKs': (socket) => {
    socket.write(CONNACK);
    let id = 0;
    const more = () => {
      if (socket.destroyed) return;
      const packets = Array.from(
        { length: 1000 },
        () => ((id = (id % 65_535) + 1), [0x40, 2, id >> 8, id & 255]),
      ).flat();
      if (socket.write(Buffer.from(packets))) setTimeout(more, 0);
      else socket.once('drain', more);
    };
    more();
  },
  'QoS 2 publishes that need answers': (socket) => {
    socket.write(CONNACK);
    endless(
      socket,
      Buffer.concat(
        Array.from({ length: 1000 }, (_, n) =>
          Buffer.from([0x34, 7, 0, 1, 0x61, (n + 1) >> 8, (n + 1) & 255, 0x62, 0x63]),
        ),
      ),
    );
  },
  'a length without an end': (socket) => {
    socket.write(CONNACK);
    endless(socket, Buffer.alloc(100_000, 0xff));
  },
  'one byte a second': (socket) => {
    socket.write(CONNACK.subarray(0, 1));
    endless(socket, Buffer.from([2]), 1000);
  },
  'an unknown packet': (socket) => socket.write(Buffer.concat([CONNACK, Buffer.from([0xf0, 0, 0x00, 0])])),
  'CONNACK again and again': (socket) => endless(socket, CONNACK),
  'an end after CONNACK, again and again': (socket) => socket.end(CONNACK),
  'HTTP instead': (socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'),
  nothing: () => undefined,
};

function hostileRow(
  name: string,
  modes: readonly string[],
  shortModes: readonly string[],
  serve: (trial: Trial, credentials: Credentials, mode: string) => Promise<string>,
): Row {
  return {
    name: `peers/${name}`,
    isShort: true,
    run: async (trial) => {
      trial.write('home/x.ini', fakeLine('peer'));
      const credentials = await makeCredentials(trial);
      let slowest = 0;
      let largest = 0;
      for (const mode of trial.isShort ? shortModes : modes) {
        const apiBase = await serve(trial, credentials, mode);
        const ended = await run(trial, apiBase, `s-${mode.replaceAll(' ', '-')}`);
        trial.check(
          ended.limit === null && AGENT_FAILED.has(ended.code),
          `${mode}: ${howEnded(ended)} after ${ended.wallSeconds.toFixed(1)} s`,
        );
        trial.check(ended.peakMb <= 200, `${mode}: ${Math.round(ended.peakMb)} MB`);
        // At most two attempts: settings, connection, acknowledgements, each limited by --agent-timeout=2s.
        trial.check(ended.wallSeconds <= 12, `${mode}: ended after ${ended.wallSeconds.toFixed(1)} s`);
        trial.check(
          firstControl(ended.stderr) === undefined,
          `${mode}: control characters on standard error`,
        );
        slowest = Math.max(slowest, ended.wallSeconds);
        largest = Math.max(largest, ended.peakMb);
      }
      trial.measure(`at most ${slowest.toFixed(1)} s, ${Math.round(largest)} MB`);
    },
  };
}

export const peers: readonly Row[] = [
  {
    name: 'peers/another user in the place of the agent',
    as: 'both',
    isShort: true,
    skip: () => (process.getuid?.() === 0 ? undefined : 'needs root, to be two users'),
    run: async (trial) => {
      trial.write('home/x.ini', fakeLine('peer'));
      const credentials = await makeCredentials(trial);
      const stranger = await otherUsersPeer(trial, credentials, 0);
      const ended = await run(trial, `https://127.0.0.1:${stranger.port}`, 'state');
      trial.check(AGENT_FAILED.has(ended.code), howEnded(ended));
      trial.check(stranger.got() === 0, `it got ${stranger.got()} bytes`);
      trial.check(ended.stderr !== '', 'standard error says nothing');
    },
  },
  {
    name: 'peers/another user in the place of the broker',
    as: 'both',
    isShort: true,
    skip: () => (process.getuid?.() === 0 ? undefined : 'needs root, to be two users'),
    run: async (trial) => {
      trial.write('home/x.ini', fakeLine('peer'));
      const credentials = await makeCredentials(trial);
      const stranger = await otherUsersPeer(trial, credentials, 0);
      const ended = await run(trial, await settingsServer(trial, credentials, stranger.port), 'state');
      trial.check(AGENT_FAILED.has(ended.code), howEnded(ended));
      trial.check(stranger.got() === 0, `it got ${stranger.got()} bytes`);
    },
  },
  {
    name: 'peers/another user that is allowed',
    as: 'root',
    run: async (trial) => {
      trial.write('home/x.ini', fakeLine('peer'));
      const credentials = await makeCredentials(trial);
      const known = await otherUsersPeer(trial, credentials, 0);
      const { args, env } = underAgent(`https://127.0.0.1:${known.port}`);
      await trial.scan(
        [...args, `--agent-user=${OTHER_ID}`, '--state-dir', trial.makeState(), trial.path('home')],
        { env },
      );
      trial.check(known.got() > 0, 'it got nothing although --agent-user names it');
    },
  },
  hostileRow(
    'settings replies',
    Object.keys(REPLIES),
    ['an endless body', 'one byte a second', 'deep JSON'],
    async (trial, credentials, mode) => {
      const port = await tlsServer(trial, credentials, (socket) => REPLIES[mode]?.(socket));
      return `https://127.0.0.1:${port}`;
    },
  ),
  hostileRow(
    'broker packets',
    Object.keys(PACKETS),
    ['a packet of 256 MB', 'a length without an end'],
    async (trial, credentials, mode) => {
      const port = await tlsServer(trial, credentials, (socket) => PACKETS[mode]?.(socket));
      return await settingsServer(trial, credentials, port);
    },
  ),
  {
    name: 'peers/only loopback is contacted',
    run: async (trial) => {
      trial.write('home/x.ini', fakeLine('peer'));
      for (const base of [
        'https://198.51.100.7',
        'https://example.com',
        'https://127.0.0.1@198.51.100.7',
        'https://127.0.0.1.example.com',
        'http://127.0.0.1:1',
        'https://[::ffff:198.51.100.7]',
        'https://0.0.0.0:1',
        'https://2130706433@1.1.1.1',
        'file:///etc/passwd',
      ]) {
        const ended = await run(trial, base, `s${base.replaceAll(/\W/g, '')}`, 10);
        trial.check([64, 69, 76, 78].includes(ended.code ?? -1), `${base}: ${howEnded(ended)}`);
      }
    },
  },
];
