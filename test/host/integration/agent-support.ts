/** Agents for tests: each in a temporary root of its own, all of them ended and removed by `cleanUpAgents`. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type IClientOptions, type MqttClient, connectAsync } from 'mqtt';
import {
  type AgentOptions,
  type JobLayout,
  type JobRun,
  type LocalAgent,
  fileHash,
  layOutJob,
  startAgent,
} from '../../../scripts/local-agent/index.ts';

export { nodeScript } from '../../../scripts/local-agent/job-script.ts';

const agents: LocalAgent[] = [];
const clients: MqttClient[] = [];
const folders: string[] = [];

/** A new empty folder. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'agent-'));
  folders.push(folder);
  return folder;
}

/** An agent with these jobs. */
export async function agentWith(
  jobs: readonly JobLayout[],
  options: Partial<AgentOptions> = {},
): Promise<LocalAgent> {
  const root = options.root ?? newFolder();
  for (const job of jobs) layOutJob(root, job);
  const agent = await startAgent({ root, ...options });
  agents.push(agent);
  return agent;
}

export async function cleanUpAgents(): Promise<void> {
  for (const client of clients.splice(0)) client.end(true);
  for (const agent of agents.splice(0)) await agent.stop();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/** What the first task of a run told, line by line. */
export function told(run: JobRun): unknown[] {
  const [task] = run.tasks;
  if (task === undefined || task.stderr !== '')
    throw new Error(`the task said: ${task?.stderr ?? 'nothing'}`);
  return task.stdout
    .split('\n')
    .filter(Boolean)
    .map((line): unknown => JSON.parse(line));
}

let hash: string | undefined;

/** Lets the process that runs the tests in, as an executable that is trusted whoever starts it. */
export function trustingThisProcess(): Pick<AgentOptions, 'allowedExecutables'> {
  hash ??= fileHash(process.execPath);
  return { allowedExecutables: [hash] };
}

export interface Answer {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly text: string;
  /** The parsed body; undefined when it is not JSON. */
  readonly body: unknown;
}

export interface CallOptions {
  readonly method?: string;
  readonly body?: unknown;
  /** Present the administrator's client certificate. */
  readonly asAdmin?: boolean;
  /** Milliseconds. */
  readonly timeout?: number;
}

/** Calls the API from this process, with the certificate verified against the exported authority. */
export function call(
  agent: Pick<LocalAgent, 'apiBase' | 'certificates'>,
  path: string,
  { method = 'GET', body, asAdmin = false, timeout = 5000 }: CallOptions = {},
): Promise<Answer> {
  const { ca, adminCertificate, adminKey } = agent.certificates;
  const credentials = asAdmin ? { cert: readFileSync(adminCertificate), key: readFileSync(adminKey) } : {};
  return new Promise((done, fail) => {
    const signal = AbortSignal.timeout(timeout);
    const options = { agent: false, ca: readFileSync(ca), method, signal, ...credentials } as const;
    const pending = request(`${agent.apiBase}${path}`, options, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('error', fail);
      response.on('end', () =>
        done({ status: response.statusCode, headers: response.headers, text, body: parse(text) }),
      );
    });
    pending.on('error', fail);
    pending.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Connects to the broker from this process, with the certificate verified; ended by `cleanUpAgents`. */
export async function connectTo(agent: LocalAgent, options: IClientOptions = {}): Promise<MqttClient> {
  const client = await connectAsync({
    protocol: 'mqtts',
    host: '127.0.0.1',
    port: agent.brokerPort,
    ca: readFileSync(agent.certificates.ca),
    reconnectPeriod: 0,
    connectTimeout: 5000,
    ...options,
  });
  clients.push(client);
  return client;
}

/** Looks again and again until it holds; at most half a minute, since a busy machine is no fault. */
export async function eventually(
  holds: () => boolean | Promise<boolean>,
  what = 'what is waited for',
): Promise<void> {
  const end = Date.now() + 30_000;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`${what} did not come`);
    await new Promise((resolve) => {
      setTimeout(resolve, 10);
    });
  }
}
