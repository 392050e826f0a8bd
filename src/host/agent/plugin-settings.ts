/**
 * The part of the Plugin Settings API that a job reads: `GET {base}/api/PluginSettings/KeeperPrivilegeManager` (KEPM
 * documentation, "Job and plugin settings keys"). A bounded request with few retries, no proxy, no redirect.
 */
import { Agent, type AgentOptions } from 'node:https';
import type { Duplex } from 'node:stream';
import got from 'got';
import { TaskError, asError, codeOf } from '../exit/task-error.ts';
import { hostPort, loopbackUrl } from '../platform/index.ts';
import { type AgentSocketOptions, connectToPeer } from './agent-socket.ts';
import type { PeerCheck } from './peer-check.ts';
import { settingsRefused } from './refusals.ts';
import type { Authorities } from './tls-policy.ts';

/** The agent-wide settings' name. */
const AGENT = 'KeeperPrivilegeManager';

/** A reply has about forty keys; reading stops at this size. */
const MAX_REPLY_BYTES = 1024 * 1024;

export interface SettingsApi {
  /** An https URL of this machine. */
  readonly apiBase: string;
  readonly authorities: Authorities | undefined;
  readonly peers: PeerCheck;
  /** The executable's name, for errors. */
  readonly program: string;
  /** Milliseconds for each attempt, and for all requests together. */
  readonly timeout: number;
  readonly signal: AbortSignal;
}

/**
 * Requests one setting by its name, or all of them. Resolves to the parsed reply; undefined for HTTP 404.
 * @throws TaskError `agent-unreachable`, `agent-refused` (401, 403) or `agent-reply` (a redirect, a reply that is not JSON)
 */
export type GetSetting = (name?: string) => Promise<unknown>;

/** Gives the action access to the agent-wide settings. */
export async function withSettingsApi<Result>(
  { apiBase, authorities, peers, program, timeout, ...options }: SettingsApi,
  action: (get: GetSetting) => Promise<Result>,
): Promise<Result> {
  const endpoint = loopbackUrl(apiBase);
  if (endpoint === undefined) throw new TaskError('config', 'the API base is no https URL of this machine');
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(timeout)]);
  const connections = new CheckedAgent({ endpoint, authorities, peers, signal });
  const base = new URL(apiBase);
  base.host = hostPort(endpoint);
  const settings = `${base.href.replace(/\/+$/, '')}/api/PluginSettings/${AGENT}`;
  try {
    return await action(async (name) => {
      const url = new URL(name === undefined ? settings : `${settings}/${encodeURIComponent(name)}`);
      const { status, body } = await get(url, connections, { timeout, signal });
      if (status === 404) return undefined;
      refuseStatus(status, url, program);
      return parseJson(body);
    });
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
  { timeout, signal }: Pick<SettingsApi, 'timeout' | 'signal'>,
): Promise<{ readonly status: number; readonly body: string }> {
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
    return { status: statusCode, body };
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

/** The error for HTTP 404 where the settings should be. */
export function settingsNotFound(apiBase: string): TaskError {
  const { origin } = new URL(apiBase);
  return new TaskError(
    'agent-reply',
    `the agent at ${origin} answered the Plugin Settings request with HTTP 404`,
  );
}

/** The status codes are not documented; these are their conventional meanings. */
function refuseStatus(status: number, { origin }: URL, program: string): void {
  if (status === 200) return;
  if (status === 401 || status === 403) throw settingsRefused(origin, status, program);
  throw new TaskError(
    status >= 500 ? 'agent-unreachable' : 'agent-reply',
    `the agent at ${origin} answered the Plugin Settings request with HTTP ${status}`,
  );
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    // The parser's message quotes the reply, which may contain anything.
    throw new TaskError('agent-reply', 'the Plugin Settings reply is not JSON');
  }
}
