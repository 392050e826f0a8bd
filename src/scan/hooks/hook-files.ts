/** Writes and removes hooks. What somebody else has written is never changed. */
import { mkdir, rm, rmdir } from 'node:fs/promises';
import { TaskError, systemReason } from '../../host/exit/task-error.ts';
import type { TaskCommandContext } from '../../host/task/task-command.ts';
import {
  type HookOptions,
  type HookType,
  commandOf,
  forwardedHooks,
  forwardingScript,
  hookScript,
  hookTypes,
  isOurs,
  sharedHookScript,
} from './hook-scripts.ts';
import type { HooksFolder } from './hooks-folder.ts';

type Files = Pick<TaskCommandContext<unknown>, 'platform' | 'readInput' | 'writeOutput'>;

/** Larger than any hook that was written by hand. */
const MAX_HOOK_BYTES = 1024 * 1024;

/**
 * Installs hooks, or replaces those that this program has installed before.
 * @returns their paths
 * @throws TaskError `config`, before anything is written, if there is a hook of somebody else, `cannot-write`
 */
export async function installHooks(
  types: readonly HookType[],
  folder: HooksFolder,
  options: HookOptions,
  files: Files,
): Promise<readonly string[]> {
  const { platform } = files;
  const pathOf = (name: string) => platform.path.join(folder.path, name);
  for (const type of types) {
    if ((await stateOf(pathOf(type), files)) === 'foreign') throw foreignHook(pathOf(type), type, options);
  }
  try {
    await mkdir(folder.path, { recursive: true });
  } catch (error) {
    throw new TaskError('cannot-write', `the folder ${folder.path} cannot be made: ${systemReason(error)}`);
  }
  const file = { what: 'the hook', option: 'core.hooksPath', isProgram: true };
  const script = folder.isShared ? sharedHookScript : hookScript;
  for (const type of types) await files.writeOutput(pathOf(type), script(type, options), file);
  if (folder.announce === undefined) return types.map(pathOf);
  for (const name of [...forwardedHooks, ...hookTypes]) {
    const isFree = (await stateOf(pathOf(name), files)) === 'none';
    if (isFree) await files.writeOutput(pathOf(name), forwardingScript, file);
  }
  await folder.announce();
  return types.map(pathOf);
}

/**
 * Removes hooks that this program has installed.
 * @returns the paths of what was removed, and of hooks of somebody else
 * @throws TaskError `cannot-write`
 */
export async function uninstallHooks(
  types: readonly HookType[],
  folder: HooksFolder,
  files: Files,
): Promise<{ readonly removed: readonly string[]; readonly foreign: readonly string[] }> {
  const removed: string[] = [];
  const foreign: string[] = [];
  const pathOf = (name: string) => files.platform.path.join(folder.path, name);
  for (const type of types) {
    const state = await stateOf(pathOf(type), files);
    if (state === 'foreign') foreign.push(pathOf(type));
    if (state !== 'scan') continue;
    removed.push(pathOf(type));
    // The repository's own hook must still run.
    if (folder.retract === undefined) await remove(pathOf(type));
    else
      await files.writeOutput(pathOf(type), forwardingScript, {
        what: 'the hook',
        option: 'core.hooksPath',
        isProgram: true,
      });
  }
  if (folder.retract !== undefined) await retire(folder, pathOf, files);
  return { removed, foreign };
}

/** Removes a shared folder, unless one of its hooks scans or somebody else has added one. */
async function retire(folder: HooksFolder, pathOf: (name: string) => string, files: Files): Promise<void> {
  const names = [...forwardedHooks, ...hookTypes];
  const states = await Promise.all(names.map(async (name) => await stateOf(pathOf(name), files)));
  if (states.some((state) => state === 'scan' || state === 'foreign')) return;
  await folder.retract?.();
  for (const name of names) await remove(pathOf(name));
  // Other files in it are not this program's.
  await rmdir(folder.path).catch(() => undefined);
}

async function stateOf(path: string, { readInput }: Files): Promise<'none' | 'scan' | 'forward' | 'foreign'> {
  const what = 'the hook';
  if (!(await readInput.isThere(path, { what }))) return 'none';
  const text = (await readInput(path, { what, maxBytes: MAX_HOOK_BYTES })).toString('utf8');
  if (!isOurs(text)) return 'foreign';
  return text === forwardingScript ? 'forward' : 'scan';
}

async function remove(path: string): Promise<void> {
  try {
    await rm(path, { force: true });
  } catch (error) {
    throw new TaskError('cannot-write', `the hook ${path} cannot be removed: ${systemReason(error)}`);
  }
}

function foreignHook(path: string, type: HookType, options: HookOptions): TaskError {
  const line = `${commandOf(type, options)} || exit`;
  const note = type === 'pre-commit' ? '' : ' (it reads the standard input of the hook)';
  return new TaskError(
    'config',
    `hook install: there is another hook, which stays as it is: ${path}; to scan as well, add this line to it: ${line}${note}`,
  );
}
