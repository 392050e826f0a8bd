/**
 * The agent's Jobs API for administrators (KEPM documentation, "HTTP reference guide", "Jobs run guide"). The contents of replies are
 * not documented: they are read leniently, and a status of 400 or above is an error.
 */
import { readFileSync } from 'node:fs';
import got from 'got';
import * as z from 'zod';
import { loopbackUrl } from '../../src/host/platform/index.ts';

const Validation = z.looseObject({ valid: z.boolean().optional(), problems: z.array(z.string()).optional() });
const Job = z.looseObject({ lastRun: z.unknown() });

export interface Credentials {
  /** `https://127.0.0.1:6889`. */
  readonly agent: string;
  /** Paths of PEM files. Without `authorities`, the loopback address is trusted. */
  readonly certificate: string;
  readonly key: string;
  readonly authorities?: string | undefined;
}

export class AgentApi {
  readonly #request;

  /** @throws Error when the URL is not of this machine, or a file cannot be read */
  constructor({ agent, certificate, key, authorities }: Credentials) {
    if (loopbackUrl(agent) === undefined) throw new Error(`--agent ${agent}: no https URL of this machine`);
    this.#request = got.extend({
      prefixUrl: agent,
      followRedirect: false,
      throwHttpErrors: false,
      retry: { limit: 0 },
      timeout: { request: 30_000 },
      https: {
        certificate: readFileSync(certificate),
        key: readFileSync(key),
        rejectUnauthorized: authorities !== undefined,
        ...(authorities !== undefined && { certificateAuthority: readFileSync(authorities) }),
      },
    });
  }

  /** @throws Error, which lists the problems */
  async validate(document: string): Promise<void> {
    const body = await this.#call('POST', 'api/Jobs/validate', document);
    const { valid, problems = [] } = Validation.catch({}).parse(body);
    if (valid === false) throw new Error(`the agent refuses the job document: ${problems.join('; ')}`);
  }

  /** Updates the job, or creates it. */
  async put(id: string, document: string): Promise<void> {
    const { statusCode } = await this.#send('PUT', `api/Jobs/${id}`, document);
    if (statusCode === 404) await this.#call('POST', 'api/Jobs', document);
    else if (statusCode >= 300) throw new Error(`PUT api/Jobs/${id}: the agent answers ${statusCode}`);
  }

  async run(id: string): Promise<void> {
    await this.#call('POST', `api/Jobs/${id}/run`);
  }

  /** The result of the job's last run; undefined if the agent does not provide it. */
  async lastRun(id: string): Promise<unknown> {
    const { statusCode, body } = await this.#send('GET', `api/Jobs/${id}`);
    return statusCode === 200 ? Job.safeParse(parseJson(body)).data?.lastRun : undefined;
  }

  async #call(method: 'GET' | 'POST', path: string, document?: string): Promise<unknown> {
    const { statusCode, body } = await this.#send(method, path, document);
    if (statusCode >= 300) throw new Error(`${method} ${path}: the agent answers ${statusCode} ${body}`);
    return parseJson(body);
  }

  async #send(method: 'GET' | 'POST' | 'PUT', path: string, document?: string) {
    const headers = { 'content-type': 'application/json' };
    return await this.#request(path, { method, ...(document !== undefined && { body: document, headers }) });
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
