/**
 * The client of the agent's API. Each connection is checked (`agent-socket.ts`), and the reply's size is bounded; no proxy is used,
 * and no redirect is followed.
 */
import { Agent, type AgentOptions } from 'node:https';
import type { Duplex } from 'node:stream';
import got from 'got';
import { TaskError, asError, codeOf, errorKind } from '../exit/task-error.ts';
import { hostPort, loopbackUrl } from '../platform/index.ts';
import { parseJson } from '../platform/untrusted-json.ts';
import { type AgentSocketOptions, connectToPeer } from './agent-socket.ts';

/** Reading a reply stops at this size. */
const MAX_REPLY_BYTES = 1024 * 1024;

/** How a request is repeated after a connection that failed, and after these statuses. Waits are in milliseconds. */
const retryPolicy = { statusCodes: [500, 502, 503, 504], backoffLimit: 500, maxRetryAfter: 500 };

export type ApiRequest = Omit<AgentSocketOptions, 'endpoint'> & {
  /** An https URL of this machine. */
  readonly apiBase: string;
  /** Default `GET`. */
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** The text of a JSON document to send. */
  readonly json?: string;
  /** How often a `GET` request that failed is repeated. Default 0. */
  readonly retries?: number;
};

export interface ApiReply {
  readonly status: number;
  /** The `Date` header, as it was sent. */
  readonly date: string | undefined;
  readonly body: string;
}

/** The JSON document in a reply; undefined if it is not JSON. */
export function jsonOf({ body }: ApiReply): unknown {
  try {
    return parseJson(body);
  } catch {
    return undefined;
  }
}

/**
 * Sends a request and returns the reply, whatever its status.
 * @param path starts with a slash and is appended to the base
 * @throws TaskError `config` (the base), `agent-unreachable`, `agent-refused` (the port belongs to another user) or `agent-reply` (not HTTP,
 *   too large)
 */
export async function requestApi(path: string, request: ApiRequest): Promise<ApiReply> {
  const endpoint = loopbackUrl(request.apiBase);
  if (endpoint === undefined) {
    throw new TaskError('config', "the address of the agent's API is not an https URL of this machine");
  }
  const base = new URL(request.apiBase);
  base.host = hostPort(endpoint);
  const connections = new CheckedAgent({ ...request, endpoint });
  try {
    return await send(new URL(`${base.href.replace(/\/+$/, '')}${path}`), connections, request);
  } finally {
    connections.destroy();
  }
}

async function send(url: URL, connections: Agent, request: ApiRequest): Promise<ApiReply> {
  const { method = 'GET', json, retries = 0, signal } = request;
  const tooLarge = new AbortController();
  try {
    const pending = got(url, {
      method,
      agent: { https: connections },
      decompress: false,
      followRedirect: false,
      headers: {
        accept: 'application/json',
        ...(json !== undefined && { 'content-type': 'application/json' }),
      },
      ...(json !== undefined && { body: json }),
      retry: { ...retryPolicy, limit: retries, methods: ['GET'] },
      signal: AbortSignal.any([signal, tooLarge.signal]),
      throwHttpErrors: false,
    });
    void pending.on('downloadProgress', ({ transferred }) => {
      if (transferred > MAX_REPLY_BYTES) tooLarge.abort();
    });
    const { statusCode, headers, body } = await pending;
    return { status: statusCode, date: headers.date, body };
  } catch (error) {
    if (tooLarge.signal.aborted) {
      throw new TaskError('agent-reply', `the agent's reply is larger than ${MAX_REPLY_BYTES} bytes`);
    }
    throw failureOf(signal.aborted ? signal.reason : error, url);
  }
}

/** The error for a request without a reply. `got` wraps the errors of `connectToPeer`. */
function failureOf(cause: unknown, { origin }: URL): unknown {
  for (let error = cause; Error.isError(error); error = error.cause) {
    if (errorKind(error) !== 'internal') return error;
  }
  return codeOf(cause).startsWith('HPE_')
    ? new TaskError('agent-reply', `the program at ${origin} does not speak HTTP; check the port`, { cause })
    : new TaskError('agent-unreachable', `the agent is not responding at ${origin}`, { cause });
}

/** Connects directly to the agent, with the checks of `connectToPeer`; proxy variables are ignored. */
class CheckedAgent extends Agent {
  readonly #socket: AgentSocketOptions;

  constructor(socket: AgentSocketOptions) {
    super({ keepAlive: false });
    this.#socket = socket;
  }

  override createConnection(
    _options: AgentOptions,
    callback: (error: Error | null, socket?: Duplex) => void,
  ): undefined {
    void this.#connect(callback);
  }

  async #connect(callback: (error: Error | null, socket?: Duplex) => void): Promise<void> {
    let socket: Duplex;
    try {
      socket = await connectToPeer(this.#socket);
    } catch (error) {
      callback(asError(error));
      return;
    }
    callback(null, socket);
  }
}
