/** The part of the lint that checks one task: executable, arguments, timeout. */
import type { Os } from '../platform/index.ts';
import { splitArguments } from './arguments.ts';
import { pathsOf } from '../installation/index.ts';
import { executablePathProblem, isPathVariable } from './path-variables.ts';
import type { JobTask } from './schema.ts';

export interface TaskPlace {
  /** The task's place in the document: `tasks[0]`. */
  readonly key: string;
  readonly os: Os;
  /** Possible roots of the agent, the most likely one first. */
  readonly roots: readonly string[];
  /** Names of the job's parameters, which arguments may use as tokens. */
  readonly parameters: readonly string[];
}

const API_BASE = '--keeper-api-base={KeeperApiBaseUrl}';

export function lintTask(task: JobTask, place: TaskPlace): string[] {
  const problems = [
    executionType(task),
    command(task, place),
    executablePath(task, place),
    apiBase(task),
    ...unknownTokens(task, place),
    timeout(task),
  ];
  return problems.filter((problem) => problem !== undefined).map((problem) => `${place.key}.${problem}`);
}

/** The other types run in a user's session, where the agent requires a certificate or an allow-list entry. */
function executionType({ ExecutionType }: JobTask): string | undefined {
  if (ExecutionType === 'Service') return undefined;
  return `ExecutionType: "${ExecutionType}" runs in a user's session, which sees that user's files only; write "Service"`;
}

function command({ command }: JobTask, { os }: TaskPlace): string | undefined {
  const extension = pathsOf(os).extname(command);
  return extension === ''
    ? undefined
    : `command: leave out "${extension}"; the agent adds what the system needs`;
}

function executablePath(task: JobTask, { os, roots }: TaskPlace): string | undefined {
  const problem = executablePathProblem(task, os, roots);
  return problem === undefined ? undefined : `executablePath: "${task.executablePath}" ${problem}`;
}

function apiBase(task: JobTask): string | undefined {
  if (splitArguments(task.arguments).includes(API_BASE)) return undefined;
  return `arguments: add ${API_BASE}; the port of the agent differs between machines`;
}

/** The agent's treatment of unknown tokens is not documented: a template such as that of the client id may arrive changed. */
function unknownTokens(task: JobTask, { os, parameters }: TaskPlace): string[] {
  const known = new Set(['KeeperApiBaseUrl', ...parameters]);
  const tokens = Array.from(task.arguments.matchAll(/\{([A-Za-z][\w.-]*)\}/g), ([, name = '']) => name);
  return [...new Set(tokens)]
    .filter((name) => !known.has(name) && !isPathVariable(name, os))
    .map(
      (name) =>
        `arguments: {${name}} is not a known token; correct it, declare it in parameters, or set the option in a --config file`,
    );
}

function timeout({ timeoutSeconds }: JobTask): string | undefined {
  if (timeoutSeconds !== undefined) return undefined;
  return 'timeoutSeconds: write one; the default is not documented and a run that hangs may never end';
}
