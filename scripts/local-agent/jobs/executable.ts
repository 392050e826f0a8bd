/**
 * Finds a task's executable: `executablePath` if set, otherwise `Jobs/bin/{command}/{command}[.exe]`, otherwise `PATH` (KEPM
 * documentation, "Custom job guide").
 */
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import type { JobTask } from '../../../src/host/job/schema.ts';
import { substitute } from './argument-line.ts';

export interface ExecutableSearch {
  readonly root: string;
  /** The agent's own `PATH`. */
  readonly path: string;
  readonly variables: ReadonlyMap<string, string>;
}

/** An executable, or the paths that were tried. */
export type ExecutableFound =
  { readonly path: string } | { readonly path: undefined; readonly tried: readonly string[] };

const suffix = process.platform === 'win32' ? '.exe' : '';

export function findExecutable(task: JobTask, { root, path, variables }: ExecutableSearch): ExecutableFound {
  const candidates =
    task.executablePath === undefined
      ? [
          join(root, 'Jobs', 'bin', task.command, task.command + suffix),
          ...onPath(path, task.command + suffix),
        ]
      : [absolute(root, substitute(task.executablePath, variables).text)];
  const found = candidates.find(isExecutable);
  return found === undefined ? { path: undefined, tried: candidates } : { path: found };
}

function absolute(root: string, path: string): string {
  return isAbsolute(path) ? path : join(root, path);
}

function onPath(path: string, name: string): string[] {
  return path
    .split(delimiter)
    .filter((folder) => isAbsolute(folder))
    .map((folder) => join(folder, name));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
