/**
 * Hostile servers on loopback: a Plugin Settings API with arbitrary answers over TLS, a broker that sends arbitrary
 * bytes, and a slow proxy to a real broker. They are stopped at the end of the row.
 */
import { readFileSync } from 'node:fs';
import { type AddressInfo, type Server, type Socket, connect, createServer } from 'node:net';
import { type TLSSocket, createServer as createTlsServer } from 'node:tls';
import { type Trial, launch } from './harness.ts';

export interface Credentials {
  readonly certificateFile: string;
  readonly keyFile: string;
  readonly cert: string;
  readonly key: string;
}

/** A certificate for 127.0.0.1 that nobody signed; loopback is not verified without --ca-file. */
export async function makeCredentials(trial: Trial): Promise<Credentials> {
  const certificateFile = trial.path('tls.crt');
  const keyFile = trial.path('tls.key');
  const made = await (
    await launch(
      [
        'openssl',
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:prime256v1',
        '-nodes',
        '-days',
        '2',
        '-subj',
        '/CN=127.0.0.1',
        '-addext',
        'subjectAltName=IP:127.0.0.1',
        '-out',
        certificateFile,
        '-keyout',
        keyFile,
      ],
      trial.folder,
    )
  ).ended;
  if (made.code !== 0) throw new Error(`openssl: ${made.stderr}`);
  await (
    await launch(['chmod', '644', keyFile], trial.folder)
  ).ended;
  return {
    certificateFile,
    keyFile,
    cert: readFileSync(certificateFile, 'utf8'),
    key: readFileSync(keyFile, 'utf8'),
  };
}

async function listening(trial: Trial, server: Server, sockets: Set<Socket>): Promise<number> {
  await new Promise<void>((done) => {
    server.listen(0, '127.0.0.1', done);
  });
  trial.cleanUp(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a TCP server that listens has such an address
  return (server.address() as AddressInfo).port;
}

/** Listens with TLS and lets `answer` deal with each connection and its first bytes. @returns the port */
export async function tlsServer(
  trial: Trial,
  { cert, key }: Credentials,
  answer: (socket: TLSSocket, first: Buffer) => void,
): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createTlsServer({ cert, key }, (socket) => {
    socket.on('error', () => socket.destroy());
    socket.once('data', (first: Buffer) => answer(socket, first));
  });
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => sockets.delete(socket));
  });
  return await listening(trial, server, sockets);
}

/** Answers every request for settings with this broker's port. @returns the API's base URL */
export async function settingsServer(
  trial: Trial,
  credentials: Credentials,
  brokerPort: number,
): Promise<string> {
  const port = await tlsServer(trial, credentials, (socket) => {
    const body = JSON.stringify({ 'broker.host': '127.0.0.1', 'broker.port': brokerPort });
    socket.end(
      `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`,
    );
  });
  return `https://127.0.0.1:${port}`;
}

/** Forwards bytes in both directions, each piece after this many milliseconds. @returns the port */
export async function slowProxy(trial: Trial, target: () => number, delay: () => number): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect({ host: '127.0.0.1', port: target() });
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on('error', () => to.destroy());
      from.once('close', () => {
        sockets.delete(from);
        to.destroy();
      });
      from.on('data', (piece: Buffer) => {
        from.pause();
        setTimeout(() => {
          to.write(piece);
          from.resume();
        }, delay());
      });
      from.once('end', () => setTimeout(() => to.end(), delay()));
    }
  });
  return await listening(trial, server, sockets);
}
