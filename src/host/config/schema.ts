/**
 * The options that every task has: the agent link, records, reports, limits. Flags, environment variables, keys of the
 * configuration file, `--help` and the README's table are all derived from this schema and the task's own.
 *
 * Besides `description`, whose first sentence `-h` shows, a key's `meta` may say: `placeholder` (the value's name in `--help`), `group` (its
 * heading there), `brief` (shown by `-h`), `letter` (the letter of its short form), `positional`, `environment` (a variable's full name
 * instead of the usual one), `separator` (of a list in a variable, instead of the one of `PATH`) and `only` (the sources that may set it).
 */
import * as z from 'zod';
import { levels } from '../log/index.ts';
import { colourChoices } from '../log/colour.ts';
import { type LoopbackEndpoint, loopbackHostPort } from '../platform/index.ts';
import { LONGEST_PATH, boundedText } from '../task/text-schemas.ts';
import { optionGroups } from '../task/option-groups.ts';
import { listOfFormats } from '../task/report-format.ts';
import type { Task } from '../task/task.ts';
import { confirmationOptions } from './confirmation-options.ts';
import { duration } from './duration.ts';
import { Payload } from './payload-template.ts';

/** Characters of KEEPER_JOB_ID and KEEPER_JOB_NAME. */
const MAX_JOB_TEXT = 256;

/** Reports of one run. */
const MAX_REPORTS = 20;

/** A text without characters that would break a line. */
function oneLine(most: number, what: string): z.ZodString {
  return boundedText(most).regex(/^[^\p{C}\p{Zl}\p{Zp}]*$/u, `expected ${what} without control characters`);
}

const clientIdTokens = ['jobId', 'jobName', 'taskId', 'pid', 'program', 'host', 'uuid', 'time'];

/** The options that every task has, except those that `hostOptions` removes. */
export const CoreOptions = z.object({
  dryRun: z.boolean().default(false).meta({
    description: 'Run by hand, without agent or state. The result is shown on the terminal',
    group: optionGroups.run,
    brief: true,
  }),
  standalone: z.boolean().default(false).meta({
    description:
      'Run without an agent, but with state. Use it with cron, systemd or an MDM; records are written as JSON lines to standard output',
    group: optionGroups.run,
    brief: true,
  }),
  jitter: duration('24h').optional().meta({
    description:
      'Wait a random time before the start, at most this long. This keeps many machines from starting at the same moment',
    placeholder: 'time',
    group: optionGroups.limits,
  }),
  config: boundedText(LONGEST_PATH).optional().meta({
    description: 'Read options from this JSON file. Without this option, no file is read',
    placeholder: 'file',
    group: optionGroups.run,
    brief: true,
  }),
  allowUntrustedFiles: z
    .boolean()
    .default(false)
    .meta({
      description:
        'Accept input files that other users could change. By default, a run as root or SYSTEM refuses them',
      group: optionGroups.run,
      only: ['flag', 'environment'],
    }),
  report: z
    .array(boundedText(LONGEST_PATH))
    // `refine` instead of `max`, for the reason in `text-schemas.ts`.
    .refine(({ length }) => length <= MAX_REPORTS, `expected at most ${MAX_REPORTS} reports`)
    .default([])
    .meta({
      description: 'Write a report to this file',
      placeholder: 'file',
      group: optionGroups.output,
      brief: true,
      separator: ',',
    }),
  maxDuration: duration('168h').prefault('110m').meta({
    description: 'Stop the work after this time. The result is then partial',
    placeholder: 'time',
    group: optionGroups.limits,
  }),
  priority: z
    .enum(['low', 'normal'])
    .default('low')
    .meta({ description: 'CPU priority of the work', group: optionGroups.limits }),
  logLevel: z
    .enum(levels)
    .default('Information')
    .meta({ description: 'Omit records below this level', placeholder: 'level', group: optionGroups.output }),
  quiet: z
    .boolean()
    .default(false)
    .meta({
      description: 'Show only errors in a dry run. The exit code tells the result',
      group: optionGroups.output,
      letter: 'q',
      brief: true,
      only: ['flag', 'environment'],
    }),
  verbose: z
    .boolean()
    .default(false)
    .meta({
      description: 'Show the records of a dry run, too. --log-level selects which',
      group: optionGroups.output,
      letter: 'v',
      brief: true,
      only: ['flag', 'environment'],
    }),
  color: z.enum(colourChoices).default('auto').meta({
    description:
      'When to use colours. "auto" means on a terminal, and respects NO_COLOR, FORCE_COLOR and TERM=dumb',
    group: optionGroups.output,
  }),
  noColor: z
    .boolean()
    .default(false)
    .meta({ description: 'The same as --color=never', group: optionGroups.output }),
  stateDir: boundedText(LONGEST_PATH).optional().meta({
    description: "Keep state in this folder. By default, it is in the system's usual place",
    placeholder: 'folder',
    group: optionGroups.run,
  }),
  // Not refused here: a run whose agent has not filled in the address looks for it elsewhere.
  keeperApiBase: z
    .string()
    .regex(/^[^]{0,2000}$/, 'expected at most 2,000 characters')
    .optional()
    .meta({
      description:
        "Address of the agent's API. The agent passes it to its jobs; if it cannot be used, the port is read from appsettings.json",
      placeholder: 'url',
      group: optionGroups.agent,
    }),
  agentRoot: boundedText(LONGEST_PATH).optional().meta({
    description:
      'Root folder of the agent, which contains Jobs and appsettings.json. By default, the usual places are tried',
    placeholder: 'folder',
    group: optionGroups.agent,
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
      description: "Address of the agent's MQTT broker. By default, it is requested from the agent's API",
      placeholder: 'host:port',
      group: optionGroups.agent,
    }),
  settingsRequest: z.enum(['all', 'each']).default('all').meta({
    description:
      "Request the agent's settings all at once, or one by one. If the selected way fails, the other is tried",
    group: optionGroups.agent,
  }),
  caFile: boundedText(LONGEST_PATH).optional().meta({
    description:
      "Verify the agent's certificate against the CA certificates in this file (PEM). By default, it is not verified, because the agent is on the same machine",
    placeholder: 'file',
    group: optionGroups.agent,
  }),
  tlsServerName: boundedText(253)
    .regex(/^[\w.:-]+$/, 'expected a host name or an address')
    .optional()
    .meta({
      description:
        "Name that the agent's certificate must have, with --ca-file. By default, localhost, 127.0.0.1 or the address of the agent",
      placeholder: 'name',
      group: optionGroups.agent,
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
        'User that the agent runs as (Linux only). By default, root or the current user; "any" accepts every user',
      placeholder: 'name',
      group: optionGroups.agent,
    }),
  clientIdTemplate: oneLine(500, 'a template')
    .refine((template) => unknownTokens(template, clientIdTokens).length === 0, {
      error: `unknown token; the known ones are ${shown(clientIdTokens)}`,
    })
    .default('job_{jobId}_{pid}')
    .meta({
      description: `Template of the MQTT client id. It may contain ${shown(clientIdTokens)}`,
      placeholder: 'text',
      group: optionGroups.agent,
    }),
  mqttVersion: z
    .literal(['auto', '3.1.1', '5'])
    .default('auto')
    .meta({ description: 'MQTT version. "auto" tries 5 first, then 3.1.1', group: optionGroups.agent }),
  mqttUser: oneLine(1000, 'a name').optional().meta({
    description: 'User name for the broker. By default, none is sent',
    placeholder: 'name',
    group: optionGroups.agent,
  }),
  mqttPasswordFile: boundedText(LONGEST_PATH).optional().meta({
    description:
      'Read the password for the broker from this file. It has one line, and only the user of the run may read it',
    placeholder: 'file',
    group: optionGroups.agent,
  }),
  eventTopic: boundedText(1000)
    .regex(/^[^+#\0]+$/, 'expected a topic without wildcards')
    .optional()
    .meta({
      description: 'Also publish the outcome of the run on this topic',
      placeholder: 'topic',
      group: optionGroups.delivery,
    }),
  agentTimeout: duration('1h').prefault('10s').meta({
    description:
      'Wait for the agent at most this long. This applies to each request, to the connection and to the last acknowledgements',
    placeholder: 'time',
    group: optionGroups.agent,
  }),
  payload: Payload.prefault({}).meta({
    description: 'Form of the records: field names, level values and constant fields',
    only: ['file'],
  }),
  taskId: oneLine(MAX_JOB_TEXT, 'an id').optional().meta({
    description: "Id of the job's task, for {taskId} in --client-id-template. By default, KEEPER_TASK_ID",
    placeholder: 'id',
    group: optionGroups.agent,
    environment: 'KEEPER_TASK_ID',
  }),
  jobId: oneLine(MAX_JOB_TEXT, 'an id')
    .optional()
    .meta({
      description: 'Id of the job, set by the agent',
      placeholder: 'id',
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
      placeholder: 'name',
      environment: 'KEEPER_JOB_NAME',
      only: ['environment'],
    }),
  ...confirmationOptions,
});
export type CoreOptions = z.output<typeof CoreOptions>;

/** The host's options for a task: `--report` exists only if the task has formats for it. */
export function hostOptions({ reportFormats = {} }: Pick<Task, 'reportFormats'>): z.ZodObject {
  const { report, ...others } = CoreOptions.shape;
  const [first] = Object.keys(reportFormats);
  if (first === undefined) return z.object(others);
  const description = `Write a report to this file. Its extension selects the format, or a prefix such as ${first}:FILE; ${first}:- is standard output. Formats: ${listOfFormats(reportFormats)}`;
  return CoreOptions.extend({ report: report.meta({ ...report.meta(), description }) });
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
