/**
 * The options that every task has: the agent link, records, reports, limits. Flags, environment variables, keys of the
 * configuration file, `--help` and the README's table are all derived from this schema and the task's own.
 *
 * Besides `description`, a key's `meta` may say: `placeholder` (the value's name in `--help`), `positional`,
 * `environment` (a variable's full name instead of the usual one) and `only` (the sources that may set it).
 */
import * as z from 'zod';
import { levels } from '../log/index.ts';
import { colourChoices } from '../log/colour.ts';
import { type LoopbackEndpoint, loopbackHostPort } from '../platform/index.ts';
import { LONGEST_PATH, boundedText } from '../task/text-schemas.ts';
import type { Task } from '../task/task.ts';
import { confirmationOptions } from './confirmation-options.ts';
import { duration } from './duration.ts';
import { Payload } from './payload-template.ts';

/** Characters of KEEPER_JOB_ID and KEEPER_JOB_NAME. */
const MAX_JOB_TEXT = 256;

/** A text without characters that would break a line. */
function oneLine(most: number, what: string): z.ZodString {
  return boundedText(most).regex(/^[^\p{C}\p{Zl}\p{Zp}]*$/u, `expected ${what} without control characters`);
}

const clientIdTokens = ['jobId', 'jobName', 'taskId', 'pid', 'program', 'host', 'uuid', 'time'];

/** The options that every task has, except those that `hostOptions` removes. */
export const CoreOptions = z.object({
  dryRun: z.boolean().default(false).meta({
    description: 'Run without the agent and without state, and show the result',
  }),
  standalone: z.boolean().default(false).meta({
    description:
      'Run without the agent, but with state: for cron, systemd or an MDM. Records are lines of JSON on standard output',
  }),
  jitter: duration('24h').optional().meta({
    description:
      'Wait a random time, at most this, before the start, so that many machines do not start at once',
    placeholder: 'TIME',
  }),
  config: boundedText(LONGEST_PATH).optional().meta({
    description: 'Read options from this JSON file; it is never searched for',
    placeholder: 'FILE',
  }),
  allowUntrustedFiles: z
    .boolean()
    .default(false)
    .meta({
      description:
        'Read the files that options name even if other users could change them; by default, a run as root or SYSTEM refuses such files',
      only: ['flag', 'environment'],
    }),
  report: boundedText(LONGEST_PATH).optional().meta({ description: 'Write a report', placeholder: 'FILE' }),
  maxDuration: duration('168h').prefault('110m').meta({
    description: 'Stop the work at this time after the start; the run is partial then',
    placeholder: 'TIME',
  }),
  priority: z.enum(['low', 'normal']).default('low').meta({
    description: 'CPU priority of the work',
  }),
  logLevel: z.enum(levels).default('Information').meta({
    description: 'Lowest level of the records to log',
  }),
  quiet: z
    .boolean()
    .default(false)
    .meta({
      description: 'Show nothing but errors; the exit code says the rest (with --dry-run)',
      only: ['flag', 'environment'],
    }),
  verbose: z
    .boolean()
    .default(false)
    .meta({
      description: 'Show the records of the run as well, from --log-level up (with --dry-run)',
      only: ['flag', 'environment'],
    }),
  color: z.enum(colourChoices).default('auto').meta({
    description:
      'When to use colours; "auto" means on a terminal, and obeys NO_COLOR, FORCE_COLOR and TERM=dumb',
  }),
  noColor: z.boolean().default(false).meta({ description: 'The same as --color=never' }),
  stateDir: boundedText(LONGEST_PATH).optional().meta({
    description: "Folder for state; by default, the system's usual place",
    placeholder: 'DIR',
  }),
  // Not refused here: a run whose agent has not filled in the address looks for it elsewhere.
  keeperApiBase: z
    .string()
    .regex(/^[^]{0,2000}$/, 'expected at most 2,000 characters')
    .optional()
    .meta({
      description:
        "Address of the agent's API, which the agent passes to its jobs; if it is unusable, the port is read from appsettings.json",
      placeholder: 'URL',
    }),
  agentRoot: boundedText(LONGEST_PATH).optional().meta({
    description:
      "The agent's root, the folder with Jobs and appsettings.json; by default, the usual places are tried",
    placeholder: 'DIR',
  }),
  broker: z
    .string()
    .transform((text) => loopbackHostPort(text))
    .pipe(
      z.custom<LoopbackEndpoint>(
        (endpoint) => endpoint !== undefined,
        'expected HOST:PORT of this machine, such as 127.0.0.1:8675 or [::1]:8675',
      ),
    )
    .optional()
    .meta({
      description: "Address of the agent's broker; by default, it is requested from the agent's API",
      placeholder: 'HOST:PORT',
    }),
  settingsRequest: z.enum(['all', 'each']).default('all').meta({
    description: 'Request the settings from the API all at once, or each of them; "all" falls back to "each"',
  }),
  caFile: boundedText(LONGEST_PATH).optional().meta({
    description:
      'Trust only these certificate authorities (PEM) for the agent; without it, loopback is not verified',
    placeholder: 'FILE',
  }),
  tlsServerName: boundedText(253)
    .regex(/^[\w.:-]+$/, 'expected a host name or an address')
    .optional()
    .meta({
      description:
        "Name that the agent's certificate must have, with --ca-file; by default localhost, 127.0.0.1 or the address",
      placeholder: 'NAME',
    }),
  agentUser: z
    .string()
    .regex(
      /^(?:\d{1,10}|[A-Za-z_][\w.-]{0,255}\$?)$/,
      'expected a user name of at most 257 characters, a uid or "any"',
    )
    .optional()
    .meta({
      description:
        'User that the agent runs as, if neither root nor the current user, or "any"; checked on Linux only',
      placeholder: 'NAME',
    }),
  clientIdTemplate: oneLine(500, 'a template')
    .refine((template) => unknownTokens(template, clientIdTokens).length === 0, {
      error: `unknown token; the known ones are ${shown(clientIdTokens)}`,
    })
    .default('job_{jobId}_{pid}')
    .meta({
      description: `Template of the MQTT client id, with ${shown(clientIdTokens)}`,
      placeholder: 'TEXT',
    }),
  mqttVersion: z.literal(['auto', '3.1.1', '5']).default('auto').meta({
    description: 'MQTT version; "auto" tries 5 first and falls back to 3.1.1',
  }),
  mqttUser: oneLine(1000, 'a name').optional().meta({
    description: 'User name for the broker; by default none is sent',
    placeholder: 'NAME',
  }),
  mqttPasswordFile: boundedText(LONGEST_PATH).optional().meta({
    description: 'Password for the broker: a file of one line that only the user of the run may read',
    placeholder: 'FILE',
  }),
  eventTopic: boundedText(1000)
    .regex(/^[^+#\0]+$/, 'expected a topic without wildcards')
    .optional()
    .meta({ description: "Publish the run's outcome on this topic as well", placeholder: 'TOPIC' }),
  agentTimeout: duration('1h').prefault('10s').meta({
    description: 'Longest wait for the agent: for each request, the connection, the last acknowledgements',
    placeholder: 'TIME',
  }),
  payload: Payload.prefault({}).meta({
    description: 'Form of the records: names of fields, values of levels, constant fields',
    only: ['file'],
  }),
  taskId: oneLine(MAX_JOB_TEXT, 'an id').optional().meta({
    description:
      "Id of the job's task, for {taskId} in --client-id-template; by default, KEEPER_TASK_ID, or empty",
    placeholder: 'ID',
    environment: 'KEEPER_TASK_ID',
  }),
  jobId: oneLine(MAX_JOB_TEXT, 'an id')
    .optional()
    .meta({
      description: 'Id of the job, set by the agent',
      environment: 'KEEPER_JOB_ID',
      only: ['environment'],
    }),
  jobName: z
    .string()
    // The name is for people: characters that would break a line or a client id are removed, and the rest is shortened.
    .transform((name) => name.replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, '').slice(0, MAX_JOB_TEXT))
    .optional()
    .meta({
      description: 'Name of the job, set by the agent',
      environment: 'KEEPER_JOB_NAME',
      only: ['environment'],
    }),
  ...confirmationOptions,
});
export type CoreOptions = z.output<typeof CoreOptions>;

/** The host's options for a task: `--report` exists only if the task has formats for it. */
export function hostOptions({ reportFormats = {} }: Pick<Task, 'reportFormats'>): z.ZodObject {
  const formats = Object.entries(reportFormats).map(([extension, format]) => `${format} (${extension})`);
  if (formats.length === 0) return CoreOptions.omit({ report: true });
  const report = CoreOptions.shape.report.meta({
    description: `Write a report: ${formats.join(' or ')}`,
    placeholder: 'FILE',
  });
  return CoreOptions.extend({ report });
}

/** The `{tokens}` of a template that are none of `known`. */
function unknownTokens(template: string, known: readonly string[]): string[] {
  return [...template.matchAll(/\{([^{}]*)\}/g)]
    .map((match) => match[1] ?? '')
    .filter((name) => !known.includes(name));
}

/** Tokens as a list for people. */
function shown(tokens: readonly string[]): string {
  return tokens.map((name) => `{${name}}`).join(' ');
}
