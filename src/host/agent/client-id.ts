/**
 * The MQTT client id. The agent derives the job from the format of the id (KEPM documentation, "MQTT topic permissions"), which is
 * not public; therefore, the id is a template.
 */
import { randomUUID } from 'node:crypto';
import { TaskError } from '../exit/task-error.ts';

/** What the tokens of a template stand for. */
export interface ClientIdParts {
  readonly jobId: string;
  /** Default: the job's id. */
  readonly jobName?: string | undefined;
  readonly taskId?: string | undefined;
  readonly pid: number;
  /** The executable's name. */
  readonly program: string;
  /** Name of the machine. */
  readonly host: string;
  /** Default: a new one. */
  readonly uuid?: string;
  /** Milliseconds since 1970; in the id, `20300517T220000Z` (ISO 8601, basic format): only letters and digits. */
  readonly time: number;
}

/** The longest text in MQTT, bytes of UTF-8 (MQTT 3.1.1 and 5, section 1.5). */
const MAX_BYTES = 65_535;

/**
 * Fills a template, of which the configuration has refused unknown tokens. The result is never shortened: MQTT 3.1.1 brokers must
 * accept only 23 characters, but the agent's must accept its own format.
 * @throws TaskError `config` for an empty id, which a broker refuses or replaces, and for one that is too long
 */
export function clientId(template: string, parts: ClientIdParts): string {
  const time = new Date(parts.time).toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const { jobId, jobName, taskId = '', pid, uuid = randomUUID() } = parts;
  const values: Readonly<Record<string, string>> = {
    ...parts,
    jobName: jobName || jobId,
    taskId,
    pid: String(pid),
    uuid,
    time,
  };
  const id = template.replaceAll(/\{(\w+)\}/g, (token, name: string) => values[name] ?? token);
  const bytes = Buffer.byteLength(id);
  if (bytes === 0)
    throw new TaskError('config', '--client-id-template produces an empty client id; use other placeholders');
  if (bytes > MAX_BYTES) {
    throw new TaskError(
      'config',
      `--client-id-template produces a client id of ${bytes} bytes; MQTT allows ${MAX_BYTES}`,
    );
  }
  return id;
}
