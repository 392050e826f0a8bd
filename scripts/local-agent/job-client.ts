/**
 * A client of the agent for the jobs of `job-script.ts`: calls the API and connects to the broker. It runs in the processes that
 * the agent starts.
 */
import { get } from 'node:https';
import { type IClientOptions, type MqttClient, connectAsync } from 'mqtt';
import * as z from 'zod';

export interface ApiAnswer {
  readonly status: number | undefined;
  readonly body: unknown;
}

const apiBase =
  process.argv.find((argument) => argument.startsWith('--keeper-api-base='))?.split('=')[1] ?? '';

/** Calls the API, by default the one in the arguments, with this process as the caller. */
export function api(path: string, base = apiBase): Promise<ApiAnswer> {
  return new Promise((resolve, reject) => {
    const request = get(`${base}${path}`, { rejectUnauthorized: false, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode, body: JSON.parse(text) }));
    });
    request.on('error', reject);
  });
}

/** Connects to the broker, by default to the one that the settings name and under the id of this job. */
export async function connect(options: IClientOptions = {}): Promise<MqttClient> {
  return await connectAsync({
    protocol: 'mqtts',
    host: '127.0.0.1',
    port: options.port ?? (await brokerPort()),
    rejectUnauthorized: false,
    reconnectPeriod: 0,
    clientId: `job_${process.env['KEEPER_JOB_ID']}_${process.pid}`,
    ...options,
  });
}

async function brokerPort(): Promise<number> {
  const { body } = await api('/api/PluginSettings/KeeperPrivilegeManager/broker.port');
  return z.object({ value: z.number() }).parse(body).value;
}

/** A log record in the documented format, as far as it is known. */
export function record(message: string, level = 'Warning'): string {
  return JSON.stringify({ level, message, source: 'probe', timestamp: new Date().toISOString() });
}

/** One line on standard output, for the test to read. */
export function tell(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}
