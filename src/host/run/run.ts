/**
 * The entry of the host: arguments and environment to configuration, and a run of it. Exits nothing and reads no environment:
 * `main.ts` does.
 */
import type * as z from 'zod';
import type { Environment } from '../config/index.ts';
import { ExitTable, hostExitCode } from '../exit/exit-table.ts';
import type { Task } from '../task/task.ts';
import { Run, shownError } from './phases.ts';
import type { Surroundings } from '../task/surroundings.ts';

/** What a run is given besides its arguments. */
export interface RunDependencies<Schema extends z.ZodObject> extends Surroundings {
  /** Loads the task; not called when all that is asked for is the version. */
  readonly loadTask: () => Promise<Task<Schema>>;
}

/** Runs the task once. Whatever goes wrong ends in one line on standard error and in the exit code. */
export async function run<Schema extends z.ZodObject>(
  argv: readonly string[],
  env: Environment,
  dependencies: RunDependencies<Schema>,
): Promise<number> {
  const { version, platform, stdout, stderr, signal } = dependencies;
  if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) {
    // Before anything is loaded: package managers and agents ask this often.
    stdout.write(`${version}\n`);
    return hostExitCode('ok');
  }
  const task = await dependencies.loadTask();
  const exits = new ExitTable(task.exitCodes);
  try {
    const { callOf } = await import('../commands/index.ts');
    const call = await callOf(argv, task);
    if (call.command !== undefined) return await call.command(call.argv, { ...dependencies, task, env });
    const { loadConfig } = await import('../config/index.ts');
    const loaded = await loadConfig(call.argv, env, task, version, platform, signal, {
      isByWord: call.isByWord,
    });
    if ('text' in loaded) {
      stdout.write(loaded.text);
      return hostExitCode('ok');
    }
    return await new Run(task, loaded.config, dependencies, env).execute();
  } catch (error) {
    stderr.write(`${task.name}: ${shownError(task, error)}\n`);
    return exits.codeOf(exits.exitFor(error));
  }
}
