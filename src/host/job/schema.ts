/**
 * The shape of the agent's job document `Jobs/{id}.json`, as far as it is known (KEPM documentation, "Jobs definition and format").
 * Unknown keys are kept, because the documented format has more keys.
 */
import * as z from 'zod';
import { someText } from '../task/text-schemas.ts';

/** The operating systems that run the job. The meaning of an absent key is not documented, so all three are required. */
const OsFilter = z.strictObject({ windows: z.boolean(), linux: z.boolean(), macOS: z.boolean() });

/** Topics are compared literally, and none is implied: `KeeperLogger` must be listed too. */
const MqttTopics = z.strictObject({
  allowedPublications: z.array(z.string()).default([]),
  allowedSubscriptions: z.array(z.string()).default([]),
});

/** Modes of a schedule. The forms of the last two are not documented: any value is accepted. */
const scheduleModes = ['intervalMinutes', 'cronExpression', 'runAt', 'calendar'] as const;

/** Exactly one mode per job. */
const Schedule = z
  .looseObject({
    intervalMinutes: z.number().positive().optional(),
    cronExpression: someText().optional(),
  })
  .refine(
    (schedule) => scheduleModes.filter((mode) => schedule[mode] !== undefined).length === 1,
    `exactly one of ${scheduleModes.join(', ')}`,
  );

const executionTypes = ['Service', 'User', 'UserDesktop', 'UserElevated'] as const;

/** The documentation also spells `ExecutionType` as `executionType`; both are accepted, and the first is kept. */
const JobTask = z.preprocess(
  foldExecutionType,
  z.looseObject({
    id: someText(),
    name: z.string().optional(),
    ExecutionType: z.enum(executionTypes).default('Service'),
    /** A name without path or extension: `Jobs/bin/{command}/{command}[.exe]`, then `PATH`. */
    command: z.string().regex(/^[^\\/]+$/, 'a name without a path'),
    /** Absolute; takes precedence over `command`. */
    executablePath: z.string().optional(),
    /** One string with `{Variable}` tokens. */
    arguments: z.string().default(''),
    /** The task is killed after it. */
    timeoutSeconds: z.number().positive().optional(),
    continueOnFailure: z.boolean().default(false),
    scriptType: z.string().optional(),
  }),
);

function foldExecutionType(task: unknown): unknown {
  if (typeof task !== 'object' || task === null || Array.isArray(task)) return task;
  return Object.fromEntries(
    Object.entries(task).map(([key, value]) => [
      key.toLowerCase() === 'executiontype' ? 'ExecutionType' : key,
      value as unknown,
    ]),
  );
}

/** An event is an object; the format page mentions names, so a bare name is accepted too. */
const JobEvent = z.union([
  z.looseObject({ eventType: someText() }),
  someText().transform((eventType) => ({ eventType })),
]);

export const JobDocument = z.looseObject({
  /** The file's name without `.json`. No underscores, because the agent splits client ids at them. */
  id: z.string().regex(/^[A-Za-z0-9-]+$/, 'letters, digits and hyphens; underscores split client ids'),
  name: someText(),
  description: z.string().optional(),
  enabled: z.boolean(),
  /** 1 to 10; higher comes first. */
  priority: z.int().min(1).max(10).optional(),
  schedule: Schedule.optional(),
  events: z.array(JobEvent).default([]),
  /** Default `Jobs/{id}/events`; must be in `allowedPublications` too. */
  eventTopic: z.string().optional(),
  mqttTopics: MqttTopics.optional(),
  parameters: z.array(z.looseObject({ name: someText() })).default([]),
  tasks: z.array(JobTask).refine((tasks) => tasks.length > 0, 'expected at least one task'),
  alternateJobId: z.string().nullable().optional(),
  osFilter: OsFilter.optional(),
});
export type JobDocument = z.output<typeof JobDocument>;
export type JobTask = JobDocument['tasks'][number];
