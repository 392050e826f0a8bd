/**
 * Values for the tokens of task arguments, taken from JSON: an event's payload, a trigger's body, a task's output. Only an
 * object's own scalars are taken; KEPM's rules are not documented.
 */
import type { JobTask } from '../../../src/host/job/schema.ts';

/**
 * `MergeStdoutJsonIntoContext`: a task's output, when it is one JSON object, gives values to later tasks (KEPM
 * documentation, "Jobs and applications").
 */
export function stdoutContext(task: JobTask, stdout: string): [string, string][] {
  if (task['MergeStdoutJsonIntoContext'] !== true) return [];
  try {
    return contextOf(JSON.parse(stdout));
  } catch {
    return [];
  }
}

/** The scalars of a JSON object, by name; nothing for any other value. */
export function contextOf(value: unknown): [string, string][] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  return Object.entries(value).flatMap(([name, item]): [string, string][] => {
    const text = scalarText(item);
    return text === undefined ? [] : [[name, text]];
  });
}

/** A JSON scalar as text; undefined for anything else. */
export function scalarText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}
