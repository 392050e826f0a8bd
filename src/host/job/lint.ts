/**
 * Finds mistakes in a job document before it is deployed: those that make an agent ignore the job, refuse it, or run it without its log
 * records. Each problem is one line that names the key and the remedy. Only the document is checked; the agent's own validation
 * checks whether the executable exists.
 */
import { knownAgentRoots } from '../installation/index.ts';
import type { Os } from '../platform/index.ts';
import { splitArguments } from './arguments.ts';
import { lintTask } from './lint-task.ts';
import { JobDocument } from './schema.ts';

export interface LintOptions {
  /** Name of the document's file, without folders. */
  readonly fileName: string;
  /** The operating system of the binary. */
  readonly os: Os;
  /** The agent's root, if it is known; otherwise, every known root for `os` is accepted. */
  readonly agentRoot?: string;
}

/** The problems of a job document. While its shape is wrong, only the shape is checked. */
export function lintJob(document: unknown, options: LintOptions): string[] {
  const parsed = JobDocument.safeParse(document, { error: typeProblem });
  if (!parsed.success) {
    return parsed.error.issues.map(({ path, message }) => `${keyOf(path)}: ${message}`);
  }
  const job = parsed.data;
  const { os, agentRoot } = options;
  const roots = agentRoot === undefined ? knownAgentRoots[os] : [agentRoot];
  const parameters = job.parameters.map(({ name }) => name);
  return [
    ...identity(job, options.fileName),
    ...operatingSystem(job, os),
    ...triggers(job),
    ...topics(job),
    ...job.tasks.flatMap((task, index) => lintTask(task, { key: `tasks[${index}]`, os, roots, parameters })),
  ];
}

/** The message for a missing value or one of the wrong type; undefined leaves it to zod. */
function typeProblem(issue: { code?: string; expected?: unknown; input?: unknown }): string | undefined {
  if (issue.code !== 'invalid_type' || typeof issue.expected !== 'string') return undefined;
  return `${issue.input === undefined ? 'missing' : 'of the wrong type'}; write one of type ${issue.expected}`;
}

/** `tasks[0].command`. */
function keyOf(path: readonly PropertyKey[]): string {
  const parts = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`));
  return parts.join('').replace(/^\./, '') || 'document';
}

function identity({ id }: JobDocument, fileName: string): string[] {
  if (fileName === `${id}.json`) return [];
  return [`id: "${id}" differs from the file name ${fileName}; name the file ${id}.json or change the id`];
}

function operatingSystem({ osFilter }: JobDocument, os: Os): string[] {
  const names = ['windows', 'linux', 'macOS'] as const;
  if (osFilter && names.every((name) => osFilter[name] === (name === os))) return [];
  return [`osFilter: set ${os} to true and the others to false, since the binary runs on ${os} only`];
}

/** The description of a job that nothing but an administrator starts. */
const ON_DEMAND = 'SCENARIO: On demand';

/** With an interval shorter than the timeouts, a hanging run and the next one overlap. */
function triggers({ schedule, events, tasks, description = '' }: JobDocument): string[] {
  if (schedule === undefined) {
    if (events.length > 0 || description.startsWith(ON_DEMAND)) return [];
    return [
      `schedule: nothing starts this job; add a schedule or the event {"eventType":"Startup"}, or start the description with "${ON_DEMAND}"`,
    ];
  }
  const { cronExpression, intervalMinutes } = schedule;
  if (cronExpression !== undefined) {
    const fields = cronExpression.trim().split(/\s+/).length;
    return fields === 5
      ? []
      : [`schedule.cronExpression: has ${fields} fields; write five (minute hour day month weekday)`];
  }
  if (intervalMinutes === undefined) return [];
  const timeouts = tasks.reduce((sum, { timeoutSeconds = 0 }) => sum + timeoutSeconds, 0);
  if (intervalMinutes * 60 >= timeouts) return [];
  const least = Math.ceil(timeouts / 60);
  return [
    `schedule.intervalMinutes: shorter than timeoutSeconds (${timeouts} in all); write ${least} or more, or a shorter timeout`,
  ];
}

/** The broker silently drops publications on undeclared topics. */
function topics(job: JobDocument): string[] {
  const key = 'mqttTopics.allowedPublications';
  const declared = job.mqttTopics?.allowedPublications ?? [];
  const subscriptions = job.mqttTopics?.allowedSubscriptions ?? [];
  const flags = job.tasks.flatMap((task) => topicsIn(task.arguments));
  const used = new Set(['KeeperLogger', ...(job.eventTopic === undefined ? [] : [job.eventTopic]), ...flags]);
  const wildcards = [...declared, ...subscriptions].filter((topic) => /[#+]/.test(topic));
  return [
    ...[...used]
      .filter((topic) => !declared.includes(topic))
      .map(
        (topic) =>
          `${key}: add "${topic}", in exactly this spelling; publications on other topics are dropped silently`,
      ),
    ...wildcards.map(
      (topic) => `mqttTopics: "${topic}" has a wildcard, which is not documented for jobs; list each topic`,
    ),
    ...job.tasks.flatMap((task, index) =>
      'mqttTopics' in task
        ? [`tasks[${index}].mqttTopics: has no effect in a task; move it to the document's root`]
        : [],
    ),
  ];
}

/** Flags whose value is a topic that the run publishes on. */
const topicFlags = new Set(['--event-topic', '--probe-topic']);

/** The topics that flags name, in both notations of a flag's value. */
function topicsIn(text: string): string[] {
  const args = splitArguments(text);
  return args.flatMap((arg, index) => {
    const [flag = '', ...value] = arg.split('=');
    if (!topicFlags.has(flag)) return [];
    if (value.length > 0) return [value.join('=')];
    const next = args[index + 1];
    return next === undefined ? [] : [next];
  });
}
