/**
 * The agent's Jobs API for administrators (KEPM documentation, "HTTP reference guide", "Jobs run guide"). The contents of replies are not
 * documented: they are read leniently, nothing is expected of them, and a call that the agent does not know is not an error.
 */
import { createSecureContext } from 'node:tls';
import * as z from 'zod';
import {
  type ApiReply,
  type ApiRequest,
  type ClientCertificate,
  SETTINGS_PATH,
  findSettings,
  jsonOf,
  peerCheck,
  readAuthorities,
  requestApi,
} from '../../agent/index.ts';
import { TaskError } from '../../exit/task-error.ts';
import { readHttpsPort } from '../../installation/index.ts';
import { type Os, type ReadInput, loopbackUrl } from '../../platform/index.ts';
import type { AgentFlags } from './options.ts';

const MAX_PEM_BYTES = 256 * 1024;
/** Statuses of a server that does not have the call, or not with this method. */
const unknownCall = new Set([404, 405, 501]);

const Validation = z.looseObject({
  valid: z.boolean().optional(),
  problems: z.array(z.unknown()).optional(),
});

export interface JobsApiOptions {
  readonly flags: AgentFlags;
  /** The agent's root. */
  readonly root: string;
  readonly os: Os;
  readonly readInput: ReadInput;
  readonly signal: AbortSignal;
  /** Prints a line, if the owner of the agent's port cannot be checked. */
  readonly say: (line: string) => void;
}

export class JobsApi {
  readonly #request: Omit<ApiRequest, 'signal'>;
  readonly #timeout: number;
  readonly #signal: AbortSignal;

  private constructor(request: Omit<ApiRequest, 'signal'>, timeout: number, signal: AbortSignal) {
    this.#request = request;
    this.#timeout = timeout;
    this.#signal = signal;
  }

  /**
   * Undefined without a client certificate, which every call of this API needs.
   * @throws TaskError `usage` or `config` for flags and files that cannot be used
   */
  static async open(options: JobsApiOptions): Promise<JobsApi | undefined> {
    const { flags, os, readInput, signal, say } = options;
    requireLoopback(flags.agent);
    const clientCertificate = await clientCertificateOf(flags, readInput);
    if (clientCertificate === undefined) return undefined;
    const { caFile, tlsServerName, agentUser, agentTimeout } = flags;
    const request = {
      apiBase: apiBaseOf(options),
      authorities: caFile === undefined ? undefined : await readAuthorities(caFile, readInput, tlsServerName),
      peers: peerCheck({
        os,
        agentUser,
        onUnreadable: (reason) => say(`the owner of the agent's port was not checked: ${reason}`),
      }),
      clientCertificate,
    };
    return new JobsApi(request, agentTimeout, signal);
  }

  /** @returns false if the agent has no such call. @throws TaskError `agent-reply` with the problems of the document */
  async validate(document: string): Promise<boolean> {
    const reply = await this.#send('POST', '/api/Jobs/validate', document);
    if (unknownCall.has(reply.status)) return false;
    const { valid, problems = [] } = Validation.catch({}).parse(jsonOf(reply));
    if (valid === false || reply.status === 400 || reply.status === 422) {
      const text = problems.filter((problem) => typeof problem === 'string').join('; ');
      throw new TaskError('agent-reply', `the agent rejected the job document: ${text || shortBody(reply)}`);
    }
    requireSuccess(reply, 'POST /api/Jobs/validate');
    return true;
  }

  /** Updates the job, or creates it. @returns false if the agent has no such calls */
  async put(id: string, document: string): Promise<boolean> {
    const path = `/api/Jobs/${encodeURIComponent(id)}`;
    const updated = await this.#send('PUT', path, document);
    if (!unknownCall.has(updated.status)) {
      requireSuccess(updated, `PUT ${path}`);
      return true;
    }
    const created = await this.#send('POST', '/api/Jobs', document);
    if (unknownCall.has(created.status)) return false;
    requireSuccess(created, 'POST /api/Jobs');
    return true;
  }

  /** Starts the job. @returns the reply; undefined if the agent has no such call */
  async run(id: string): Promise<unknown> {
    const path = `/api/Jobs/${encodeURIComponent(id)}/run`;
    const reply = await this.#send('POST', path);
    if (unknownCall.has(reply.status)) return undefined;
    requireSuccess(reply, `POST ${path}`);
    return jsonOf(reply) ?? {};
  }

  /** What the agent says about a job; undefined if it says nothing. */
  async describe(id: string): Promise<unknown> {
    const reply = await this.#send('GET', `/api/Jobs/${encodeURIComponent(id)}`);
    return reply.status === 200 ? jsonOf(reply) : undefined;
  }

  /** The setting `log.file.path`; undefined if the agent does not tell it to this caller. */
  async logPath(): Promise<string | undefined> {
    try {
      const reply = await this.#send('GET', SETTINGS_PATH);
      const { logPath } = findSettings(reply.status === 200 ? jsonOf(reply) : undefined);
      return logPath.length === 1 ? logPath[0] : undefined;
    } catch {
      return undefined;
    }
  }

  /** Removes a job. @returns false if the agent does not know it, or has no such call */
  async delete(id: string): Promise<boolean> {
    const path = `/api/Jobs/${encodeURIComponent(id)}`;
    const reply = await this.#send('DELETE', path);
    if (unknownCall.has(reply.status)) return false;
    requireSuccess(reply, `DELETE ${path}`);
    return true;
  }

  async #send(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, json?: string): Promise<ApiReply> {
    const signal = AbortSignal.any([this.#signal, AbortSignal.timeout(this.#timeout)]);
    const reply = await requestApi(path, {
      ...this.#request,
      method,
      signal,
      ...(json !== undefined && { json }),
    });
    if (reply.status !== 401 && reply.status !== 403) return reply;
    throw new TaskError(
      'agent-refused',
      `the agent answered ${method} ${path} with HTTP ${reply.status}; use the client certificate of an administrator ` +
        'of the agent, and run this command as root or administrator',
    );
  }
}

/** Certificate and key, which belong together. */
async function clientCertificateOf(
  { clientCert, clientKey }: AgentFlags,
  readInput: ReadInput,
): Promise<ClientCertificate | undefined> {
  if (clientCert === undefined && clientKey === undefined) return undefined;
  if (clientCert === undefined || clientKey === undefined) {
    throw new TaskError('usage', '--client-cert and --client-key belong together; give both');
  }
  const maxBytes = MAX_PEM_BYTES;
  const cert = (await readInput(clientCert, { what: '--client-cert', maxBytes })).toString('latin1');
  const key = (await readInput(clientKey, { what: '--client-key', maxBytes, isPrivate: true })).toString(
    'latin1',
  );
  try {
    createSecureContext({ cert, key });
  } catch {
    // OpenSSL's message is not for people.
    throw new TaskError(
      'config',
      `--client-cert ${clientCert} and --client-key ${clientKey} are not a PEM certificate and its key without a passphrase`,
    );
  }
  return { cert, key };
}

/** @throws TaskError `usage` for an address of another machine, even if the agent is not asked */
function requireLoopback(agent: string | undefined): void {
  if (agent === undefined || loopbackUrl(agent) !== undefined) return;
  throw new TaskError(
    'usage',
    '--agent: expected an https URL of this machine, such as https://127.0.0.1:6889',
  );
}

function apiBaseOf({ flags, root }: JobsApiOptions): string {
  const { agent } = flags;
  if (agent !== undefined) return agent;
  const port = readHttpsPort(root);
  if (port !== undefined) return `https://127.0.0.1:${port}`;
  throw new TaskError(
    'config',
    `the agent's port cannot be read from appsettings.json in ${root}; give its address with --agent`,
  );
}

function requireSuccess(reply: ApiReply, call: string): void {
  if (reply.status < 300) return;
  throw new TaskError(
    'agent-reply',
    `the agent answered ${call} with HTTP ${reply.status} ${shortBody(reply)}`.trim(),
  );
}

/** The beginning of a reply, for an error. */
function shortBody({ body }: ApiReply): string {
  return body.slice(0, 300);
}
