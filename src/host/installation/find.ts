/** Finds the agent's root on this machine. Looks at a few fixed places only, and never walks a folder. */
import { statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { type Os, requireAnswer, withoutLinks } from '../platform/index.ts';
import { documentedRoots, seenRoots } from './layout.ts';
import { servicePrograms } from './service.ts';

export interface Installation {
  /** Absolute path of the agent's root: the folder with `Jobs` and `appsettings.json`. */
  readonly root: string;
  /** How it was found, for people: `--agent-root`, `above this executable`, `documented place`, `known place`, `the service's path`. */
  readonly foundBy: string;
}

export interface FindOptions {
  readonly os: Os;
  /** The root that an administrator names. No other place is tried then, and `Jobs` is enough. */
  readonly configured?: string | undefined;
  /** By default, that of this process. */
  readonly executable?: string;
}

/** The file that, beside `Jobs`, marks an agent's root. */
const APP_SETTINGS = 'appsettings.json';
/** The agent's program is in its root or at most this many folders below it. */
const MAX_DEPTH = 2;

/**
 * Waits for the file system of the root that an administrator names. To be called before anything below it is accessed.
 * @param signal ends the wait when it aborts
 * @throws TaskError `config` when it does not answer
 */
export async function requireRootAnswers(path: string | undefined, signal: AbortSignal): Promise<void> {
  if (path === undefined) return;
  await requireAnswer({
    path,
    what: '--agent-root',
    kind: 'config',
    remedy: 'give a root on a local file system with --agent-root',
    signal,
  });
}

/** Finds the root: the configured one, or the first of the other places that has `Jobs` and `appsettings.json`. */
export function findInstallation({
  os,
  configured,
  executable = process.execPath,
}: FindOptions): Installation | undefined {
  if (configured !== undefined) {
    const root = resolve(configured);
    return isFolder(join(root, 'Jobs')) ? { root, foundBy: '--agent-root' } : undefined;
  }
  return placesOf(os, executable).find(({ root }) => isRoot(root));
}

/** Every place that `findInstallation` tries, in order, for messages. */
export function agentRoots(os: Os, executable = process.execPath): readonly string[] {
  return [...new Set(placesOf(os, executable).map(({ root }) => root))];
}

function placesOf(os: Os, executable: string): readonly Installation[] {
  const places = (foundBy: string, roots: readonly string[]) => roots.map((root) => ({ root, foundBy }));
  return [
    ...places('above this executable', rootAbove(executable)),
    ...places('documented place', documentedRoots[os]),
    ...places('known place', seenRoots[os]),
    ...places("the service's path", servicePrograms(os).flatMap(foldersAbove)),
  ];
}

/** The root of `{root}/Jobs/bin/{command}/{executable}`. */
function rootAbove(executable: string): string[] {
  const bin = dirname(dirname(resolve(executable)));
  const jobs = dirname(bin);
  return basename(bin) === 'bin' && basename(jobs) === 'Jobs' ? [dirname(jobs)] : [];
}

function foldersAbove(program: string): string[] {
  const folders = [dirname(program)];
  for (let depth = 0; depth < MAX_DEPTH; depth += 1) folders.push(dirname(folders.at(-1) ?? '/'));
  return folders.filter((folder) => folder !== dirname(folder));
}

function isRoot(folder: string): boolean {
  return isFolder(join(folder, 'Jobs')) && statusOf(join(folder, APP_SETTINGS))?.isFile() === true;
}

function isFolder(path: string): boolean {
  return statusOf(path)?.isDirectory() === true;
}

/** Undefined too for a path that contains a link of another user. */
function statusOf(path: string) {
  try {
    return statSync(withoutLinks(path), { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
