/**
 * Removes what `deploy` has installed: the job documents that start this program, its folder with the executable and, if that is wanted,
 * its state. Nothing is removed while a run is in progress. Whatever is already gone is not an error.
 */
import { join } from 'node:path';
import { readFlags } from '../../config/index.ts';
import { hostExitCode } from '../../exit/exit-table.ts';
import { printable } from '../../log/index.ts';
import { defaultStateDirectory, inputReader } from '../../platform/index.ts';
import type { Command, CommandContext } from '../../task/command.ts';
import { agentPlace } from './agent-place.ts';
import { type InstalledJob, installedJobs } from './installed-jobs.ts';
import { JobsApi } from './jobs-api.ts';
import { UninstallFlags, uninstallHelp } from './options.ts';
import { placesOf } from './places.ts';
import { holdRuns } from './runs-in-progress.ts';
import { namesIn, openBelow, remove } from './safe-folder.ts';
import { removeFolder, requireOnlyFiles, stateFolders } from './state-folders.ts';

/** Removes the program, and its state with `--with-state`. */
export const uninstall: Command = async (argv, context) => {
  const { task, version, stdout } = context;
  const program = {
    name: `${task.name} uninstall`,
    description: "Removes the program and its job from this machine's agent.",
    ...uninstallHelp,
  };
  const read = readFlags(argv, UninstallFlags, program, version);
  if ('text' in read) {
    stdout.write(read.text);
    return hostExitCode('ok');
  }
  const { options: flags } = read;
  const { platform, signal } = context;
  const { elevated, os } = platform;
  const { root } = await agentPlace(platform, flags, signal);
  const readInput = inputReader({ elevated, allowUntrusted: flags.allowUntrustedFiles, signal });
  const say = (line: string) => stdout.write(`${printable(line)}\n`);
  const api = await JobsApi.open({
    flags,
    root,
    os,
    readInput,
    signal,
    say,
  });
  const { jobs, others } = installedJobs(root, task.name, elevated);
  for (const name of others) say(`kept: ${join(root, 'Jobs', name)}, which also has tasks of other programs`);
  const { used, others: unused } = await stateFolders(
    stateDirectories(jobs, flags.stateDir, context),
    platform,
    signal,
  );
  if (flags.withState) {
    for (const directory of used) requireOnlyFiles(directory);
    for (const directory of unused) say(`kept: ${directory}, which contains no state`);
  }
  const places = placesOf(task.name, os);
  const release = await holdRuns({
    platform,
    directories: used,
    executable: join(root, ...places.bin, places.executable),
  });
  const removed: string[] = [];
  try {
    for (const job of jobs) removed.push(await removeJob(root, job, elevated, api));
    removed.push(...removeProgram(root, places.bin, elevated));
  } finally {
    release();
  }
  for (const directory of flags.withState ? used : []) {
    removeFolder(directory);
    removed.push(directory);
  }
  for (const path of removed) say(`removed: ${path}`);
  if (removed.length === 0) say(`nothing to remove: ${task.name} is not installed in ${root}`);
  if (jobs.length > 0 && api === undefined) {
    say("the agent's API was not used (no --client-cert): the agent may list the job until it restarts");
  }
  return hostExitCode('ok');
};

/** The folders in which runs may have kept state. */
function stateDirectories(
  jobs: readonly InstalledJob[],
  named: string | undefined,
  { platform, task }: CommandContext,
): string[] {
  if (named !== undefined) return [named];
  const usual = defaultStateDirectory(platform, `kepm-${task.name}`);
  return [...new Set([...jobs.flatMap(({ stateDirectories: directories }) => directories), usual])];
}

async function removeJob(
  root: string,
  { id, name }: InstalledJob,
  elevated: boolean,
  api: JobsApi | undefined,
): Promise<string> {
  await api?.delete(id);
  const jobs = openBelow(root, ['Jobs'], { elevated, create: false });
  try {
    if (jobs !== undefined) remove(jobs, name);
  } finally {
    jobs?.close();
  }
  return join(root, 'Jobs', name);
}

/** The folder of the executable, with the previous version. */
function removeProgram(root: string, bin: readonly string[], elevated: boolean): string[] {
  const folder = openBelow(root, bin, { elevated, create: false });
  if (folder === undefined) return [];
  const { path } = folder;
  try {
    // On Windows, this program itself may be in it.
    const isEmpty = namesIn(folder)
      .map((name) => remove(folder, name))
      .every(Boolean);
    if (!isEmpty) return [`${path}, except for this program itself; remove it after it has ended`];
  } finally {
    folder.close();
  }
  const parent = openBelow(root, bin.slice(0, -1), { elevated, create: false });
  try {
    if (parent !== undefined) remove(parent, bin.at(-1) ?? '');
  } finally {
    parent?.close();
  }
  return [path];
}
