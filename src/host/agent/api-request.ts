/**
 * One request to the agent's API, with everything that the reply shows: status, date, body. The connection is checked like every
 * other (`agent-socket.ts`); the reply's size is bounded; there is no redirect, no proxy and no retry.
 */
import type { X509Certificate } from 'node:crypto';
import { type IncomingMessage, request as startRequest } from 'node:http';
import type { TLSSocket } from 'node:tls';
import { TaskError, asError, codeOf, errorKind } from '../exit/task-error.ts';
import { type LoopbackEndpoint, loopbackUrl } from '../platform/index.ts';
import { type AgentSocketOptions, connectToPeer } from './agent-socket.ts';

/** Reading a reply stops at this size. */
const MAX_REPLY_BYTES = 1024 * 1024;

export type ApiRequest = Omit<AgentSocketOptions, 'endpoint'> & {
  /** An https URL of this machine, without a path. */
  readonly apiBase: string;
  /** Default `GET`. */
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** The text of a JSON document to send. */
  readonly json?: string;
};

export interface ApiReply {
  readonly status: number;
  /** The `Date` header, as it was sent. */
  readonly date: string | undefined;
  readonly body: string;
}

/**
 * Sends a request.
 * @param path starts with a slash
 * @throws TaskError `agent-unreachable`, `agent-refused` (the port belongs to another user) or `agent-reply` (no HTTP, too large)
 */
export async function requestApi(path: string, request: ApiRequest): Promise<ApiReply> {
  const endpoint = endpointOf(request.apiBase);
  try {
    const socket = await connectToPeer({ ...request, endpoint });
    try {
      return await exchange(socket, path, request);
    } finally {
      socket.destroy();
    }
  } catch (cause) {
    if (errorKind(cause) !== 'internal') throw cause;
    if (codeOf(cause).startsWith('HPE_')) {
      throw new TaskError('agent-reply', `the program at ${request.apiBase} does not speak HTTP`, { cause });
    }
    throw new TaskError('agent-unreachable', `the agent does not answer at ${request.apiBase}`, { cause });
  }
}

/**
 * The certificate that a port presents, whoever signed it. Nothing is sent to the port.
 * @throws the errors of `connectToPeer`
 */
export async function certificateAt(
  endpoint: LoopbackEndpoint,
  { peers, signal }: Pick<AgentSocketOptions, 'peers' | 'signal'>,
): Promise<X509Certificate | undefined> {
  const socket = await connectToPeer({ endpoint, authorities: undefined, peers, signal });
  try {
    return socket.getPeerX509Certificate();
  } finally {
    socket.destroy();
  }
}

/** True if a connection failed because the certificate was not accepted. */
export function isCertificateRefusal(error: unknown): boolean {
  if (!Error.isError(error)) return false;
  const code = codeOf(error);
  if (
    /^(?:CERT_|ERR_TLS_CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|INVALID_CA$|HOSTNAME_MISMATCH$)/.test(code)
  ) {
    return true;
  }
  return error.cause !== undefined && isCertificateRefusal(error.cause);
}

function endpointOf(apiBase: string): LoopbackEndpoint {
  const endpoint = loopbackUrl(apiBase);
  if (endpoint === undefined) throw new TaskError('config', `${apiBase} is no https URL of this machine`);
  return endpoint;
}

function exchange(
  socket: TLSSocket,
  path: string,
  { apiBase, signal, method = 'GET', json }: Pick<ApiRequest, 'apiBase' | 'signal' | 'method' | 'json'>,
): Promise<ApiReply> {
  return new Promise((resolve, reject) => {
    const headers = {
      host: new URL(apiBase).host,
      accept: 'application/json',
      connection: 'close',
      ...(json !== undefined && {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(json),
      }),
    };
    const options = { createConnection: () => socket, path, method, headers, signal };
    const request = startRequest(options, (response) => {
      bodyOf(response).then(
        (body) => resolve({ status: response.statusCode ?? 0, date: response.headers.date, body }),
        reject,
      );
    });
    request.on('error', (error) => reject(signal.aborted ? asError(signal.reason) : error));
    request.end(json);
  });
}

async function bodyOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_REPLY_BYTES) {
      throw new TaskError('agent-reply', `the agent's reply is larger than ${MAX_REPLY_BYTES} bytes`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
