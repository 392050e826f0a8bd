/**
 * The part of the Plugin Settings API that a job reads: `GET {base}/api/PluginSettings/KeeperPrivilegeManager` (KEPM
 * documentation, "Job and plugin settings keys"). A bounded request with few retries, no proxy, no redirect.
 */
import { Agent, type AgentOptions } from 'node:https';
import type { Duplex } from 'node:stream';
import got from 'got';
import { TaskError, asError, codeOf } from '../exit/task-error.ts';
import { type LoopbackEndpoint, loopbackUrl } from '../platform/index.ts';
import { type AgentSocketOptions, connectToPeer } from './agent-socket.ts';
import { brokerEndpoint } from './broker-settings.ts';
import type { PeerCheck } from './peer-check.ts';

/** The agent-wide settings' name. */
const AGENT = 'KeeperPrivilegeManager';

/** A reply has about forty keys; reading stops at this size. */
const MAX_REPLY_BYTES = 1024 * 1024;

export interface PluginSettingsRequest {
  readonly apiBase: string;
  readonly authorities: string | undefined;
  readonly peers: PeerCheck;
  /** Milliseconds for each attempt, and for all of them. */
  readonly timeout: number;
  readonly signal: AbortSignal;
}

/**
 * Asks the agent for the address of its broker.
 * @throws TaskError `agent-unreachable`, `agent-refused` (401, 403) or `agent-reply` (404, a redirect, an invalid reply).
 */
export async function readBrokerEndpoint(request: PluginSettingsRequest): Promise<LoopbackEndpoint> {
  const endpoint = loopbackUrl(request.apiBase);
  if (endpoint === undefined)
    throw new TaskError('config', `${request.apiBase} is no https URL of this machine`);
  const url = new URL(`${request.apiBase.replace(/\/+$/, '')}/api/PluginSettings/${AGENT}`);
  url.hostname = endpoint.address.includes(':') ? `[${endpoint.address}]` : endpoint.address;
  const signal = AbortSignal.any([request.signal, AbortSignal.timeout(request.timeout)]);
  const { authorities, peers } = request;
  const connections = new CheckedAgent({ endpoint, authorities, peers, signal });
  try {
    return brokerEndpoint(parseJson(await get(url, connections, { timeout: request.timeout, signal })));
  } finally {
    connections.destroy();
  }
}

/** Connects directly to the agent; proxy variables are ignored. */
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

async function get(
  url: URL,
  connections: Agent,
  { timeout, signal }: Pick<PluginSettingsRequest, 'timeout' | 'signal'>,
): Promise<string> {
  const tooLarge = new AbortController();
  try {
    const pending = got(url, {
      agent: { https: connections },
      decompress: false,
      followRedirect: false,
      headers: { accept: 'application/json' },
      retry: {
        limit: 2,
        methods: ['GET'],
        statusCodes: [500, 502, 503, 504],
        backoffLimit: 500,
        maxRetryAfter: 500,
      },
      signal: AbortSignal.any([signal, tooLarge.signal]),
      throwHttpErrors: false,
      timeout: { request: timeout },
    });
    void pending.on('downloadProgress', ({ transferred }) => {
      if (transferred > MAX_REPLY_BYTES) tooLarge.abort();
    });
    const { statusCode, body } = await pending;
    refuseStatus(statusCode, url);
    return body;
  } catch (cause) {
    const known = taskErrorIn(cause);
    if (known !== undefined) throw known;
    if (tooLarge.signal.aborted) {
      throw new TaskError('agent-reply', `the Plugin Settings reply is larger than ${MAX_REPLY_BYTES} bytes`);
    }
    if (codeOf(cause).startsWith('HPE_')) {
      throw new TaskError(
        'agent-reply',
        `the program at ${url.origin} does not speak HTTP; check --keeper-api-base`,
        { cause },
      );
    }
    throw new TaskError('agent-unreachable', `the agent does not answer at ${url.origin}`, { cause });
  }
}

/** The TaskError that `got` has wrapped, if any. */
function taskErrorIn(error: unknown): TaskError | undefined {
  if (error instanceof TaskError) return error;
  return Error.isError(error) && error.cause !== undefined ? taskErrorIn(error.cause) : undefined;
}

/** The status codes are not documented; these are their conventional meanings. */
function refuseStatus(status: number, { origin }: URL): void {
  if (status === 200) return;
  const said = `the agent at ${origin} answered the Plugin Settings request with HTTP ${status}`;
  if (status === 401 || status === 403) {
    throw new TaskError('agent-refused', `${said}: it trusts only processes that it started`);
  }
  throw new TaskError(status >= 500 ? 'agent-unreachable' : 'agent-reply', said);
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    // The parser's message quotes the reply, which may contain anything.
    throw new TaskError('agent-reply', 'the Plugin Settings reply is not JSON');
  }
}
