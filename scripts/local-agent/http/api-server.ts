/**
 * The agent's HTTPS API and the plain HTTP port that only redirects to it, both on the loopback address (KEPM
 * documentation, "Local endpoints"). It enforces the tiers; the routes implement the calls. The status codes of a
 * refusal are not documented: 401 for an unknown caller, 403 for one of the wrong tier.
 */
import { type IncomingMessage, type ServerResponse, createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { describeError } from '../../../src/host/exit/task-error.ts';
import type { Audit } from '../audit.ts';
import { listenOnLoopback } from '../loopback-server.ts';
import type { KeyPair } from '../tls/certificate.ts';
import { type Trust, distrustDetails, explainDistrust } from '../trust/trust.ts';
import { type Reply, type Route, findRoute, problem } from './router.ts';

/** Largest body: no job document has a megabyte. */
const MAX_BODY = 1024 * 1024;

export interface ApiServerOptions {
  /** 0 for any free port. */
  readonly httpsPort: number;
  readonly httpPort: number;
  readonly certificate: KeyPair;
  /** The administrator's client certificate, PEM. */
  readonly adminCertificate: string;
  readonly trust: Trust;
  readonly audit: Audit;
  readonly routes: readonly Route[];
  /** Answers in place of the routes when it returns true. */
  readonly intercept: (request: IncomingMessage, response: ServerResponse) => boolean;
}

/** Why a call is refused, and what is known about the caller. */
interface Refusal {
  readonly status: 401 | 403;
  readonly reason: string;
  readonly pid?: number;
  readonly jobId?: string;
}

export class ApiServer {
  readonly #options: ApiServerOptions;
  readonly #https;
  readonly #http;
  readonly #connections = new Set<Socket>();
  #httpsPort = 0;
  #httpPort = 0;

  private constructor(options: ApiServerOptions) {
    const { adminCertificate, certificate } = options;
    this.#options = options;
    this.#https = createHttpsServer(
      {
        cert: certificate.certificate,
        key: certificate.key,
        ca: adminCertificate,
        requestCert: true,
        rejectUnauthorized: false,
      },
      (request, response) => void this.#answer(request, response),
    );
    this.#http = createHttpServer((request, response) => {
      // 307 keeps the method, as ASP.NET's HTTPS redirection does.
      const location = `https://127.0.0.1:${this.httpsPort}${request.url ?? '/'}`;
      response.writeHead(307, { location, connection: 'close' }).end();
    });
    for (const server of [this.#https, this.#http]) {
      server.on('connection', (socket: Socket) => {
        this.#connections.add(socket);
        socket.once('close', () => this.#connections.delete(socket));
      });
    }
  }

  static async start(options: ApiServerOptions): Promise<ApiServer> {
    const server = new ApiServer(options);
    server.#httpsPort = await listenOnLoopback(server.#https, options.httpsPort);
    server.#httpPort = await listenOnLoopback(server.#http, options.httpPort);
    return server;
  }

  get httpsPort(): number {
    return this.#httpsPort;
  }

  get httpPort(): number {
    return this.#httpPort;
  }

  /** Sets the certificate for new connections. */
  renew({ certificate, key }: KeyPair): void {
    const { adminCertificate } = this.#options;
    this.#https.setSecureContext({ cert: certificate, key, ca: adminCertificate });
  }

  async stop(): Promise<void> {
    const closed = [this.#https, this.#http].map(
      (server) => new Promise<void>((resolve) => void server.close(() => resolve())),
    );
    for (const connection of this.#connections) connection.destroy();
    await Promise.all(closed);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      if (this.#options.intercept(request, response)) return;
      const body = await readBody(request);
      send(
        response,
        body === undefined ? problem(413, 'the body is too large') : await this.#dispatch(request, body),
      );
    } catch (error) {
      if (response.headersSent) response.destroy();
      else send(response, problem(500, describeError(error)));
    }
  }

  async #dispatch(request: IncomingMessage, text: string): Promise<Reply> {
    const { method = 'GET', url = '/' } = request;
    const path = new URL(url, 'https://127.0.0.1').pathname;
    const found = findRoute(this.#options.routes, method, path);
    if (found.route === undefined) return problem(found.status, `no such call: ${method} ${path}`);
    const refusal = this.#refusal(found.route, request.socket);
    if (refusal !== undefined) {
      const { status, reason, ...details } = refusal;
      this.#options.audit.add('call-refused', reason, { ...details, call: `${method} ${path}` });
      return problem(status, reason);
    }
    const body = parse(text);
    return body === notJson
      ? problem(400, 'the body is not JSON')
      : await found.route.handle({ parameters: found.parameters, body });
  }

  /** Why this caller may not make this call. An administrator may do what a started process may. */
  #refusal({ tier }: Route, socket: Socket): Refusal | undefined {
    if (tier === 'public' || (socket instanceof TLSSocket && socket.authorized)) return undefined;
    const peer = this.#options.trust.peerOf(socket);
    if (peer === undefined) {
      const distrust = this.#options.trust.distrustOf(socket);
      const reason = `the caller ${explainDistrust(distrust)}; it has no client certificate either`;
      return { status: distrust.cause === 'unsigned' ? 403 : 401, reason, ...distrustDetails(distrust) };
    }
    return tier === 'admin' ? { status: 403, reason: 'the call needs a client certificate' } : undefined;
  }
}

/** The body as text; undefined when it is too large. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= MAX_BODY) chunks.push(chunk);
  }
  return size > MAX_BODY ? undefined : Buffer.concat(chunks).toString('utf8');
}

const notJson = Symbol('not JSON');

function parse(text: string): unknown {
  if (text.trim() === '') return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return notJson;
  }
}

function send(response: ServerResponse, { status, body }: Reply): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body));
}
