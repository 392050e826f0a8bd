/** Hostile servers on the agent's ports, and the agent link's attempt to use them. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type Server, type Socket, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TLSSocket, type TlsOptions, createServer as createTlsServer } from 'node:tls';
import { type AgentOptions, connectToAgent } from '../../src/host/agent/index.ts';
import { inputReader } from '../../src/host/platform/index.ts';
import { describeError, errorKind } from '../../src/host/exit/task-error.ts';
import type { LogEvent } from '../../src/host/log/index.ts';
import { listenOnLoopback } from './loopback-server.ts';
import { Authority, type CertificateFault } from './tls/authority.ts';

const authority = await Authority.create('hostile');
const cleanups: (() => void)[] = [];
/** What ends a server, by its port. */
const closing = new Map<number, () => void>();

/** Ends every server and removes every file of this test. */
export function cleanUpHostile(): void {
  for (const cleanup of cleanups.splice(0)) cleanup();
}

/** The authority of the servers, as a file. */
export function authorityFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'hostile-'));
  cleanups.push(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'ca.pem');
  writeFileSync(file, authority.certificate);
  return file;
}

async function listen(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  const close = () => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  cleanups.push(close);
  const port = await listenOnLoopback(server, 0);
  closing.set(port, close);
  return port;
}

/** Ends one server: new connections to its port are refused. */
export function closeServer(port: number): void {
  closing.get(port)?.();
  closing.delete(port);
}

/** A server below TLS. Returns its port. */
export function rawServer(onSocket: (socket: Socket) => void): Promise<number> {
  return listen(createServer(onSocket));
}

/** A server that speaks TLS and then writes what `onSocket` does. Returns its port. */
export async function tlsServer(
  onSocket: (socket: TLSSocket) => void,
  { fault, ...options }: TlsOptions & { readonly fault?: CertificateFault } = {},
): Promise<number> {
  const { certificate, key } = await authority.server(fault);
  const server = createTlsServer({ cert: certificate, key, ...options }, (socket) => {
    socket.on('error', () => undefined);
    onSocket(socket);
  });
  server.on('tlsClientError', () => undefined);
  return await listen(server);
}

/** A valid API that names this broker. */
export function settingsApi(brokerPort: number): Promise<number> {
  return tlsServer((socket) => {
    socket.once('data', () => {
      const body = JSON.stringify({ 'broker.host': '127.0.0.1', 'broker.port': brokerPort });
      socket.end(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`);
    });
  });
}

export interface AttemptOptions {
  readonly mqttVersion?: '3.1.1' | '5';
  readonly timeout?: number;
  readonly caFile?: string;
  readonly agentUser?: string;
  /** Further options of the link. */
  readonly link?: Partial<AgentOptions>;
}

/** The result of connecting: the error's kind and its line, and the connection if there is one. */
export async function attempt(apiPort: number, options: AttemptOptions = {}) {
  const began = performance.now();
  const events: string[] = [];
  const common = {
    keeperApiBase: `https://127.0.0.1:${apiPort}`,
    caFile: options.caFile,
    agentUser: options.agentUser,
    os: 'linux',
    clientIdTemplate: 'job_{jobId}',
    mqttVersion: options.mqttVersion ?? '3.1.1',
    agentTimeout: options.timeout ?? 1500,
    readInput: inputReader({ elevated: false, allowUntrusted: false }),
    jobId: 'hostile',
    jobName: 'hostile',
    pid: 1,
    program: 'hostile',
    host: 'hostile',
    log: ({ id }: LogEvent) => void events.push(id),
    signal: new AbortController().signal,
    ...options.link,
  } as const;
  try {
    const { connection } = await connectToAgent(common);
    cleanups.push(() => void connection.close({ acknowledged: false, timeout: 100 }));
    return { kind: 'connected', line: '', connection, events, milliseconds: performance.now() - began };
  } catch (error) {
    const line = describeError(error);
    return {
      kind: errorKind(error),
      line,
      connection: undefined,
      events,
      milliseconds: performance.now() - began,
    };
  }
}

/** Writes the same bytes as fast as the other end takes them, until the connection ends. */
export function flood(socket: Socket, bytes: Buffer): void {
  const write = () => {
    while (!socket.destroyed && socket.write(bytes));
    if (!socket.destroyed) socket.once('drain', write);
  };
  write();
}
