/**
 * Path variables that the agent resolves when a job runs (KEPM documentation, "Path variables"). Their case matters, except on Windows.
 * The documentation mentions others without naming them.
 */
import { executablePathOf, pathsOf } from '../installation/index.ts';
import type { Os } from '../platform/index.ts';
import type { JobTask } from './schema.ts';

const pathVariables = new Set(['approot', 'pluginroot', 'jobroot', 'programdata', 'userprofile']);

/** True for the name of a path variable, in a spelling that the agent resolves on this system. */
export function isPathVariable(name: string, os: Os): boolean {
  return pathVariables.has(os === 'windows' ? name.toLowerCase() : name);
}

/**
 * The problem of a task's `executablePath`, the most specific one. It may be absent: the agent then looks for `command` below its root.
 * @param roots possible roots of the agent
 */
export function executablePathProblem(task: JobTask, os: Os, roots: readonly string[]): string | undefined {
  const path = task.executablePath;
  if (path === undefined) return undefined;
  const [, variable, rest = ''] = /^\{([^{}]*)\}(.*)$/s.exec(path) ?? [];
  if (variable !== undefined && !isPathVariable(variable, os)) {
    return `starts with {${variable}}, which is no path variable; write {approot}`;
  }
  const { isAbsolute, join } = pathsOf(os);
  const remedy = 'leave executablePath out, or correct it';
  if (os === 'windows' ? path.includes('/') : path.includes('\\')) {
    return `has the separator of another system; ${remedy}`;
  }
  if (variable === undefined && !(os === 'windows' ? /^[a-z]:/i.test(path) : isAbsolute(path))) {
    return `is not absolute; ${remedy}`;
  }
  if (path.toLowerCase().endsWith('.exe') !== (os === 'windows')) {
    return `must ${os === 'windows' ? '' : 'not '}end with .exe on ${os}; ${remedy}`;
  }
  const isThere = roots.some((root) => {
    const places: Readonly<Record<string, string>> = { approot: root, jobroot: join(root, 'Jobs') };
    if (variable === undefined) return path === executablePathOf(os, root, task.command);
    const place = places[variable.toLowerCase()];
    // Where the other variables lead is not known here.
    return place === undefined || join(place, rest) === executablePathOf(os, root, task.command);
  });
  if (isThere) return undefined;
  return `is not where the agent keeps the executable of the command "${task.command}"; ${remedy}`;
}
