/** The part of the lint that checks one task: executable, arguments, timeout. */
import type { Os } from '../platform/index.ts';
import { splitArguments } from './arguments.ts';
import { executablePathOf, pathsOf } from '../installation/index.ts';
import type { JobTask } from './schema.ts';

export interface TaskPlace {
  /** The task's place in the document: `tasks[0]`. */
  readonly key: string;
  readonly os: Os;
  readonly agentRoot: string;
  /** Names of the job's parameters, which arguments may use as tokens. */
  readonly parameters: readonly string[];
}

const API_BASE = '--keeper-api-base={KeeperApiBaseUrl}';
/** Tokens that the documentation names, besides a job's parameters. The complete list is not known. */
const knownTokens = ['KeeperApiBaseUrl', 'approot', 'pluginroot'];

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

/** It may be absent: the agent then looks for `command` below its root. Reports the most specific problem only. */
function executablePath(task: JobTask, { os, agentRoot }: TaskPlace): string | undefined {
  if (task.executablePath === undefined) return undefined;
  const path = task.executablePath.replace(/^\{approot\}/, () => agentRoot);
  const key = `executablePath: "${task.executablePath}"`;
  const expected = executablePathOf(os, agentRoot, task.command);
  const remedy = `write ${JSON.stringify(expected)}`;
  if (path === expected) return undefined;
  if (os === 'windows' ? path.includes('/') : path.includes('\\')) {
    return `${key} has the separator of another system; ${remedy}`;
  }
  const isAbsolute = os === 'windows' ? /^[a-z]:\\/i.test(path) : path.startsWith('/');
  if (!isAbsolute) return `${key} is not absolute; ${remedy}`;
  if (path.toLowerCase().endsWith('.exe') !== (os === 'windows')) {
    return `${key} must ${os === 'windows' ? '' : 'not '}end with .exe on ${os}; ${remedy}`;
  }
  return `${key} is not where the agent keeps the binary of the command "${task.command}"; ${remedy}`;
}

function apiBase(task: JobTask): string | undefined {
  if (splitArguments(task.arguments).includes(API_BASE)) return undefined;
  return `arguments: add ${API_BASE}; the port of the agent differs between machines`;
}

/** The agent's treatment of unknown tokens is not documented. */
function unknownTokens(task: JobTask, { parameters }: TaskPlace): string[] {
  const known = new Set([...knownTokens, ...parameters]);
  const tokens = Array.from(task.arguments.matchAll(/\{([A-Za-z][\w.-]*)\}/g), ([, name = '']) => name);
  return [...new Set(tokens)]
    .filter((name) => !known.has(name))
    .map((name) => `arguments: {${name}} is not a known token; correct it, or declare it in parameters`);
}

function timeout({ timeoutSeconds }: JobTask): string | undefined {
  if (timeoutSeconds !== undefined) return undefined;
  return 'timeoutSeconds: write one; the default is not documented and a run that hangs may never end';
}
