/**
 * The agent's MQTT broker: TLS on the loopback address, a session per client, aedes as the routing core. Owns the listening socket and the
 * connections; the policy decides what a client may do.
 */
import type { Socket } from 'node:net';
import { type Server, type TLSSocket, createServer } from 'node:tls';
import { Aedes } from 'aedes';
import { listenOnLoopback } from '../loopback-server.ts';
import type { KeyPair } from '../tls/certificate.ts';
import type { ProcessRegistry } from '../trust/process-registry.ts';
import type { Admission, ClientOrigin } from './admission.ts';
import { ClientTable } from './client-table.ts';
import { serve } from './session.ts';
import type { SessionPolicy } from './session-policy.ts';

/** Milliseconds for which data that a process sent before its end may still arrive. */
const AFTERLIFE = 2000;

export interface BrokerOptions {
  /** 0 for any free port; kept across restarts. */
  readonly port: number;
  readonly certificate: KeyPair;
  readonly admission: Admission;
  readonly policy: SessionPolicy;
}

export class Broker {
  readonly #sessions: Pick<BrokerOptions, 'admission' | 'policy'>;
  readonly #core: Aedes;
  readonly #clients = new ClientTable();
  readonly #connections = new Set<Socket>();
  #server: Server;
  #certificate: KeyPair;
  #port: number;
  #opening: Promise<void> | undefined;

  private constructor({ port, certificate, admission, policy }: BrokerOptions, core: Aedes) {
    this.#port = port;
    this.#sessions = { admission, policy };
    this.#core = core;
    this.#certificate = certificate;
    this.#server = this.#newServer();
  }

  static async start(options: BrokerOptions): Promise<Broker> {
    const core = await Aedes.createBroker({ queueLimit: 10_000 });
    const broker = new Broker(options, core);
    await broker.listen();
    return broker;
  }

  get port(): number {
    return this.#port;
  }

  /** Accepts connections, on the same port as before. */
  async listen(): Promise<void> {
    // Closing takes effect at once, listening does not: each call waits for the previous one.
    const before = Promise.resolve(this.#opening).catch(() => undefined);
    this.#opening = before.then(() => (this.#server.listening ? undefined : this.#open()));
    await this.#opening;
  }

  async #open(): Promise<void> {
    this.#server = this.#newServer();
    this.#port = await listenOnLoopback(this.#server, this.#port);
  }

  /** Refuses new connections; existing ones are not affected. */
  refuse(): void {
    this.#server.close();
  }

  /** Sets the certificate for new connections. */
  renew(certificate: KeyPair): void {
    this.#certificate = certificate;
    this.#server.setSecureContext({ cert: certificate.certificate, key: certificate.key });
  }

  /** Closes all connections and ends the core with everything it stored. */
  async stop(): Promise<void> {
    this.refuse();
    for (const connection of this.#connections) connection.destroy();
    await new Promise<void>((resolve) => {
      this.#core.close(() => resolve());
    });
  }

  #newServer(): Server {
    const { certificate, key } = this.#certificate;
    const server = createServer({ cert: certificate, key, handshakeTimeout: 10_000 });
    server.on('connection', (socket: Socket) => {
      this.#connections.add(socket);
      socket.once('close', () => this.#connections.delete(socket));
    });
    server.on('tlsClientError', (_, socket) => socket.destroy());
    server.on('secureConnection', (socket) => {
      serve({ socket, core: this.#core, clients: this.#clients, ...this.#sessions });
    });
    return server;
  }
}

/**
 * Closes a client's connection some time after its process has ended: by then, only a process that inherited it can hold it.
 */
export function cutWithProcess(registry: ProcessRegistry, socket: TLSSocket, { peer }: ClientOrigin): void {
  if (peer.kind !== 'started') return;
  const forget = registry.onRemoved((entry) => {
    if (entry !== peer.process) return;
    const timer = setTimeout(() => socket.destroy(), AFTERLIFE);
    timer.unref();
    socket.once('close', () => clearTimeout(timer));
  });
  socket.once('close', forget);
}
